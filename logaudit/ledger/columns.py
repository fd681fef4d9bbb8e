"""Finds which column of a table means what, from its header: a profile's names first, then common ones."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct, field

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import parse_offset
from logaudit.ledger.column_names import COMMON_NAMES, TIME_AND_DATE
from logaudit.profiles.profile import LedgerSpec

DELIMITERS: Final = (",", ";", "\t")
_LONGEST_HEADER: Final = 8192
#: What columns of times are commonly called.
_TIMES: Final = (*COMMON_NAMES["closed"], *COMMON_NAMES["opened"])

#: Header keys of a price that may be an order's or a tick's as well as a closed trade's.
VAGUE_PRICES: Final = frozenset({"price", "filled_price", "fill_price", "avg_price", "average_price"})
#: Header keys under which ``buy`` and ``sell`` name the closing order, the reverse of the position.
CLOSING_SIDES: Final = frozenset({"closing_direction", "close_side", "closing_side", "exit_side"})

_CAMEL: Final = lazy_pattern(r"[A-Za-z][a-z0-9]+(?:[A-Z][a-z0-9]+)+", re.ASCII)
_CAMEL_BREAK: Final = lazy_pattern(r"(?<=[a-z0-9])(?=[A-Z])")
_ZONE: Final = lazy_pattern(
    r"(?:\b|_)(?P<name>utc|gmt)(?:\s*(?P<offset>[+\-\u2212][0-9]{1,2}(?::?[0-9]{2})?))?(?=\b|_)",
    re.IGNORECASE,
)
_UNIT: Final = lazy_pattern(
    r"\s*[(\[][^%)\]]*[)\]]\s*$|[\s_,]+(?:usdt|usdc|usd|busd|quote)\s*$", re.IGNORECASE
)


class Header(Struct, frozen=True):
    """A table's header, understood.

    Attributes:
        cells: the column names as written, stripped; nameless columns at the end are left out.
        delimiter: what separates the cells.
        columns: canonical name → index; ``closed`` is always there, ``symbol`` unless ``market`` is known.
        dates: index of the date column that completes a time column kept apart from it, by canonical name.
        offset: the UTC offset that the time column's name states, seconds east, else None.
        market: the symbol of all rows, where no column names it.
    """

    cells: tuple[str, ...]
    delimiter: str
    columns: dict[str, int]
    dates: dict[str, int] = field(default_factory=dict)
    offset: int | None = None
    market: str = ""

    def key(self, canonical: str) -> str:
        """The normalised name of a canonical column, empty when the table has none."""
        index = self.columns.get(canonical)
        return "" if index is None else key(self.cells[index])


@lru_cache(maxsize=1024)
def key(name: str) -> str:
    """A column name reduced for comparison: ``entryPrice`` → ``entry_price``, ``PnL %`` → ``pnl_pct``."""
    spelled = _spaced(name).replace("%", " pct ").casefold()
    return re.sub(r"[\W_]+", "_", spelled).strip("_")


def _spaced(name: str) -> str:
    """A name with the words of camel case apart."""
    plain = name.strip().replace("PnL", "Pnl")
    return _CAMEL_BREAK.sub("_", plain) if _CAMEL.fullmatch(plain) else plain


def split(text: str, delimiter: str) -> list[str] | None:
    """The cells of one line; None when it ends inside quotes or csv cannot read it."""
    if '"' not in text:
        return text.split(delimiter)
    cells, closed = split_lines([text], delimiter)
    return cells if closed else None


def split_lines(lines: Sequence[str], delimiter: str) -> tuple[list[str] | None, bool]:
    """The cells of one logical line that spans ``lines``, and whether every quote is closed at their end.

    The cells are None when csv cannot read them; across lines, text right after a closing quote is such a
    case: two stray quotes look like that.
    """
    # One more, empty, line is offered: a reader that asks for it is still inside quotes.
    reader = csv.reader((line + "\n" for line in (*lines, "")), delimiter=delimiter, strict=len(lines) > 1)
    try:
        return next(reader), reader.line_num == len(lines)
    except csv.Error:
        return None, True


def read_header(text: str, spec: LedgerSpec) -> Header | None:
    """The header a line is, or None when it names no time and symbol column under any delimiter."""
    if len(text) > _LONGEST_HEADER:
        return None
    delimiters = (spec.separator,) if spec.separator else DELIMITERS
    found = (_read(text, delimiter, spec) for delimiter in delimiters if delimiter in text)
    return max((h for h in found if h is not None), key=lambda h: len(h.columns), default=None)


def stated_offset(text: str) -> int | None:
    """The UTC offset a header cell or preamble states (``Time(UTC+8)`` → 28800, ``Date(UTC)`` → 0)."""
    match = _ZONE.search(text)
    return None if match is None else parse_offset(match["name"] + (match["offset"] or ""))


def _read(text: str, delimiter: str, spec: LedgerSpec) -> Header | None:
    return header_of(split(text, delimiter) or (), delimiter, spec)


def header_of(names: Iterable[str], delimiter: str, spec: LedgerSpec) -> Header | None:
    """The header that column names make; None when they name no time and symbol."""
    cells = [cell.strip() for cell in names]
    while cells and not cells[-1]:
        cells.pop()
    if not _names_time(cells, spec):
        return None
    columns = named_columns(cells, spec)
    market = "" if "symbol" in columns else _market(cells, columns, spec)
    if "closed" not in columns or not ("symbol" in columns or market):
        return None
    apart: dict[str, int] = {}
    for name in ("closed", "opened"):
        if name in columns and (kept := _kept_apart(cells, columns[name])) is not None:
            columns[name], apart[name] = kept
    return Header(tuple(cells), delimiter, columns, apart, stated_offset(cells[columns["closed"]]), market)


def _names_time(cells: Sequence[str], spec: LedgerSpec) -> bool:
    """Whether a name may be that of a time of a trade: asked first, as most lines that are no rows name none."""
    names = _time_keys((*spec.columns.get("closed", ()), *spec.columns.get("opened", ())))
    return any(way(cell) in names for cell in cells if cell for way in (key, _bare, _turned))


def _market(cells: Sequence[str], columns: Mapping[str, int], spec: LedgerSpec) -> str:
    """The symbol of all rows of a table without a column for it; a file's name tells it of whole trades only."""
    if spec.symbol or not {"entry_price", "exit_price"} <= columns.keys():
        return spec.symbol
    return "" if key(cells[columns["exit_price"]]) in VAGUE_PRICES else spec.named_symbol


def named_columns(cells: Sequence[str], spec: LedgerSpec) -> dict[str, int]:
    """Canonical name → index. A column serves one meaning, and the profile's names choose first."""
    exact, loose, turned = (_positions(cells, way) for way in (key, _bare, _turned))
    columns: dict[str, int] = {}
    for names in (spec.columns, COMMON_NAMES):
        for canonical, aliases in names.items():
            if canonical in columns:
                continue
            # A size in brackets or in quote currency is a notional, not the number of coins.
            tables = (exact,) if canonical == "size" else (exact, loose, turned)
            index = _first(_keys(aliases), tables, set(columns.values()))
            if index is not None:
                columns[canonical] = index
    if "closed" not in columns and "opened" in columns:
        columns["closed"] = columns["opened"]
    for begin, end in (("opened", "closed"), ("entry_price", "exit_price")):
        # Terminals give both ends of a position one name: the first of two is that of the beginning.
        if begin not in columns and end in columns:
            same = [i for i, cell in enumerate(cells) if key(cell) == key(cells[columns[end]])]
            columns |= zip((begin, end), same, strict=True) if len(same) == len((begin, end)) else ()
    return columns


def _positions(cells: Sequence[str], reduce: Callable[[str], str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if cell:
            found.setdefault(reduce(cell), index)
    return found


def _bare(name: str) -> str:
    """The key without a stated zone, unit or currency: ``Fee (USDT)`` → ``fee``, ``pnlUsdt`` → ``pnl``."""
    return key(_UNIT.sub("", _ZONE.sub("", _spaced(name))))


def _turned(name: str) -> str:
    """The key of a name of two words with the words exchanged: ``reason_exit`` → ``exit_reason``; else itself."""
    first, _, second = key(name).partition("_")
    return f"{second}_{first}" if second and "_" not in second else key(name)


def _keys(aliases: Iterable[str]) -> tuple[str, ...]:
    return _keys_of(tuple(aliases))


@lru_cache(maxsize=16)
def _time_keys(stated: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(key, (*stated, *_TIMES)))


@lru_cache(maxsize=256)
def _keys_of(aliases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(key, aliases))


def _first(wanted: Sequence[str], tables: Iterable[Mapping[str, int]], taken: set[int]) -> int | None:
    for table in tables:
        if table.keys().isdisjoint(wanted):
            continue
        for alias in wanted:
            index = table.get(alias)
            if index is not None and index not in taken:
                return index
    return None


def _kept_apart(cells: Sequence[str], column: int) -> tuple[int, int] | None:
    """The columns of the time and of the date where a table keeps them apart and ``column`` is either of them.

    ``time`` goes with ``date``, ``close_time`` with ``close_date``, ``Uhrzeit`` with ``Datum``.
    """
    name = _bare(cells[column])
    places = _positions(cells, _bare)
    for time, date in TIME_AND_DATE:
        for word, other in ((time, date), (date, time)):
            if name.startswith(word) or name.endswith(word):
                partner = places.get(name.replace(word, other), column)
                if partner != column:
                    return (column, partner) if word == time else (partner, column)
    return None
