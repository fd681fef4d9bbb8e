"""What renderers need beside the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.policy_result import RulePage


class RenderStyle(Struct, frozen=True):
    """How a report is shown.

    Attributes:
        color: whether to write ANSI colours; every meaning is in words too.
        width: cells of the terminal.
        unicode: False for pure ASCII around the text that comes from logs and paths.
        verbose: all evidence.
        rulebook: gives every rule, for formats that explain codes.
        command: what a reader types to make the report again.
        paths: what was scanned, as a shell reads it.
        link: gives the URI of a path that the report names; None where the terminal knows no links.
    """

    color: bool = False
    width: int = 100
    unicode: bool = True
    verbose: bool = False
    rulebook: Callable[[], Sequence[RulePage]] = tuple
    command: str = "logaudit scan"
    paths: str = "LOGS"
    link: Callable[[str], str] | None = None


PLAIN: Final = RenderStyle()
