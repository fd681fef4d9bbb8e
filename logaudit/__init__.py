"""logaudit: finds the trades a trading bot's ledger lost, and the lines that prove it.

From Python: ``logaudit.scan("logs", tz="+03:00")`` returns the report, its rows as data frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logaudit.api import Audit, scan

__all__ = ["Audit", "__version__", "scan"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Imports what reads and judges on first use: most commands need none of it."""
    if name in ("scan", "Audit"):
        from logaudit import api  # noqa: PLC0415 - said above

        return api.scan if name == "scan" else api.Audit
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
