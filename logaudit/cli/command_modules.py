"""Which module defines which commands: that of the called one is imported alone, for most of them serve no call."""

from importlib import import_module
from typing import Final

#: Modules named as the command, or the group of commands, that they define.
_NAMED: Final = frozenset(
    {
        "baseline",
        "bundle",
        "cache",
        "diff",
        "extract",
        "init",
        "learn",
        "positions",
        "report",
        "restore",
        "scan",
        "source",
        "verify",
        "watch",
    }
)
#: Modules of commands with other names.
_OTHERS: Final = frozenset({"about", "profile_ledger", "settings"})


def load(name: str = "") -> None:
    """Adds the commands of the module that is named so to the program; of all modules where there is none."""
    for module in [name] if name in _NAMED else sorted(_NAMED | _OTHERS):
        import_module(f"logaudit.cli.{module}")
