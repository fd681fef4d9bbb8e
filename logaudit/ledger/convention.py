"""How one table writes numbers and times, decided for each column from all its cells before a row is read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct, field

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import HOUR, SECOND, parse_zone
from logaudit.ledger.columns import Header, split
from logaudit.ledger.date_order import OrderBasis, decide_order
from logaudit.ledger.number_style import Decimals, decide
from logaudit.ledger.stamps import DateOrder
from logaudit.profiles.profile import LedgerSpec

#: Canonical columns that hold numbers.
NUMBER_COLUMNS: Final = (
    "entry_price", "exit_price", "size", "gross_pnl", "commission", "funding", "net_pnl", "duration_sec",
)  # fmt: skip
#: A zone's letters behind a time; ``UTC``, ``GMT`` and ``Z`` are offsets, read with the time itself.
_ZONE_WORD: Final = lazy_pattern(
    r"(?P<time>.*\d(?:\s?[AaPp]\.?[Mm]\.?)?)\s+(?P<word>[A-Z]{3,5})", re.ASCII | re.DOTALL
)
_OFFSETS: Final = frozenset({"UTC", "GMT"})
#: Seconds east for letters that mean one offset wherever a table with a change of the clock shows both of a pair.
_HOURS: Final[Mapping[str, int]] = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "WET": 0, "WEST": 1,
    "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10,
    "AEDT": 11,
}  # fmt: skip

#: Headers whose lines are all looked at; behind them ever fewer are, so that all looks together stay linear …
_WHOLE: Final = 5
#: … but no fewer than these.
_FEWEST: Final = 8


class Convention(Struct, frozen=True):
    """What was decided, and by what.

    Attributes:
        decimals: decimal sign by canonical column; a column left out is read row by row.
        order: of day and month; None where no date needs it, or where it is open.
        order_basis: what decided it: a clause in English, empty where nothing did.
        order_open: dates are written that mean two days, and nothing in the table tells which.
        zone_words: letters behind the times. One word alone names the table's clock and is not applied: the logs
            show what it means. Of several, each gets its offset.
        stated: names of what the settings state rather than the cells.
    """

    decimals: dict[str, Decimals] = field(default_factory=dict)
    order: DateOrder | None = None
    order_basis: str = ""
    order_open: bool = False
    zone_words: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()

    def without_zone(self, text: str) -> tuple[str, int | None]:
        """A time cell without its zone's letters, and the offset they mean where several are in use."""
        match = _ZONE_WORD.fullmatch(text.strip()) if self.zone_words else None
        if match is None or match["word"] not in self.zone_words:
            return text, None
        several = len(self.zone_words) > 1
        hours = _HOURS.get(match["word"]) if several else None
        return match["time"], None if hours is None else hours * HOUR // SECOND


class HeaderSamples:
    """How many lines below each header are looked at: asked once for each header of a table.

    Args:
        lines: how many lines may be looked at for one of the first headers.
    """

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._headers = 0

    def next(self) -> int:
        """How many lines are looked at for the next header."""
        self._headers += 1
        if self._headers <= _WHOLE:
            return self._lines
        return max(_FEWEST, self._lines * _WHOLE**2 // self._headers**2)


def infer_convention(
    header: Header, spec: LedgerSpec, lines: Iterable[str], name_date: date | None
) -> Convention:
    """Looks at all cells under ``header``; ``lines`` are those below it, of any width."""
    return infer_from_cells(header, spec, _rows(header, lines), name_date)


def infer_from_cells(
    header: Header, spec: LedgerSpec, rows: Iterable[Sequence[str]], name_date: date | None
) -> Convention:
    """As `infer_convention`, for rows whose cells are known."""
    times: dict[str, list[str]] = {name: [] for name in ("closed", "opened") if name in header.columns}
    numbers: dict[str, list[str]] = {name: [] for name in NUMBER_COLUMNS if name in header.columns}
    for cells in rows:
        for name, column in times.items():
            column.append(_dated(header, cells, name))
        for name, column in numbers.items():
            column.append(cells[header.columns[name]])
    words = _zone_words(times.values())
    plain = [[_without_word(cell, words) for cell in column] for column in times.values()]
    order = decide_order(plain, name_date)
    decimals = (
        {name: Decimals(spec.decimal) for name in numbers}
        if spec.decimal
        else decide(numbers, header.delimiter)
    )
    if spec.date_order:
        order = OrderBasis(DateOrder(spec.date_order), "the settings")
    return Convention(
        decimals=decimals,
        order=order.order if order else None,
        order_basis=order.basis if order else "",
        order_open=order is not None and order.order is None,
        zone_words=words,
        stated=tuple(n for n, v in (("decimal", spec.decimal), ("date-order", spec.date_order)) if v),
    )


def zone_offset(zone: str, at: int) -> int | None:
    """Seconds east that a stated zone means at naive µs ``at``; None for no zone."""
    from logaudit.core.timestamp import offset_of_local  # noqa: PLC0415 - rarely stated

    found = parse_zone(zone) if zone else None
    return None if found is None else offset_of_local(found, at)


def _rows(header: Header, lines: Iterable[str]) -> Iterable[list[str]]:
    width = len(header.cells)
    for line in lines:
        cells = split(line, header.delimiter)
        if cells is not None and len(cells) == width:
            yield cells


def _dated(header: Header, cells: Sequence[str], name: str) -> str:
    """The cell of a time column, with its date where that stands in a column of its own."""
    day = header.dates.get(name)
    text = cells[header.columns[name]].strip()
    return text if day is None else f"{cells[day].strip()} {text}"


def _zone_words(columns: Iterable[Iterable[str]]) -> tuple[str, ...]:
    found = {
        match["word"]
        for column in columns
        for cell in column
        if (match := _ZONE_WORD.fullmatch(cell.strip()))
    }
    return tuple(sorted(found - _OFFSETS))


def _without_word(cell: str, words: tuple[str, ...]) -> str:
    match = _ZONE_WORD.fullmatch(cell) if words else None
    return match["time"] if match is not None and match["word"] in words else cell
