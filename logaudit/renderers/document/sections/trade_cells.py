"""Cells that tables of trades share, several values to a cell, so that a row fits a page; and shorter code paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.renderers.document.document import CodeSpan, Inline, TableColumn, TextSpan
from logaudit.renderers.document.translator import code, lines, words
from logaudit.renderers.document.view import View

#: A shorter beginning is not worth naming in the title.
_WORTH: Final = 12
_BOUNDARY: Final = lazy_pattern(r"[./\\]")


def traded(view: View, symbol: str, side: str | None, reason: str) -> Inline:
    """``BTC-USDT`` short, and below it why it was closed."""
    what = (*code(symbol), TextSpan(" "), *view.side(side))
    return lines(what, code(reason))


def prices(entry: str, leave: str) -> Inline:
    """The entry price, and below it the exit price; one dash where the log prints neither."""
    if not entry and not leave:
        return words("–")
    return lines(words(entry or "–"), words(f"→ {leave or '–'}"))


def common_beginning(paths: Iterable[str]) -> str:
    """What all code paths begin with, up to the end of a package; empty where that is little.

    The module and the function are never part of it: ``src.bot.futures.`` of ``src.bot.futures.manager:close:7``.
    """
    known = sorted({path for path in paths if path})
    if len(known) <= 1:
        return ""
    # Of sorted texts the first and the last differ earliest.
    first, last = known[0].partition(":")[0], known[-1].partition(":")[0]
    shared = 0
    for match in _BOUNDARY.finditer(first):
        if not last.startswith(first[: match.end()]):
            break
        shared = match.end()
    return first[:shared] if shared >= _WORTH else ""


def path_column(view: View, beginning: str) -> TableColumn:
    """The column of code paths, whose title says what all of them begin with."""
    (column,) = view.columns("emitter")
    return replace(column, title=f"{column.title}: {beginning}…") if beginning else column


def shortened(path: str, beginning: str) -> Inline:
    """A code path without what the title of its column says; a dash for none."""
    if not path:
        return words("–")
    return (CodeSpan(f"…{path.removeprefix(beginning)}" if beginning else path),)
