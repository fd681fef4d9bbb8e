"""The cells of one line → a row, or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.fields import FieldName, PositionSide, TradeFields, Unread
from logaudit.core.location import Location
from logaudit.core.money import PLACES, out_of_bounds, parse_decimal, total
from logaudit.core.text import quote
from logaudit.core.timestamp import Stamp, is_trading_time
from logaudit.core.trades import LedgerEntry
from logaudit.ledger.columns import CLOSING_SIDES, Header
from logaudit.ledger.day_clock import DayClock
from logaudit.ledger.stamps import parse_any_year, parse_time_of_day
from logaudit.ledger.table import NO_TRADING, RejectReason

#: How writers print a value they do not have.
BLANK_WORDS: Final = frozenset({"", "none", "null", "nan", "nat", "<na>", "n/a", "na", "-", "--"})
_NUMBERS: Final = ("entry_price", "exit_price", "size", "gross_pnl", "commission", "net_pnl", "duration_sec")
_TEXTS: Final = ("side", "reason", "trade_id")
_WITH_UNIT: Final = re.compile(r"(\S+)\s+[A-Za-z]{2,10}")
_CLOCKWISE: Final = re.compile(r"(\d{1,9}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)", re.ASCII)
_YES: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_NO: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})
_DETAIL: Final = 80


class Rejection(Struct, frozen=True):
    """Why cells are no row."""

    reason: RejectReason
    detail: str


class _RejectedError(Exception):
    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.rejection = Rejection(reason, detail)


class RowReader:
    """Reads lines under one header.

    Args:
        header: what the columns mean.
        sides: lower-case word → ``long`` or ``short``.
        offset: UTC offset of naive times, when the file states one.
        days: dates for times of day, when the file's name has a date.
    """

    def __init__(
        self, header: Header, sides: Mapping[str, str], offset: int | None, days: DayClock | None
    ) -> None:
        self.header = header
        self._sides = sides
        self._offset = offset
        self._days = days
        self._width = len(header.cells)
        self._needed = 1 + max(*header.columns.values(), *header.dates.values())
        self._closed = header.columns["closed"]
        self._opened = header.columns.get("opened", -1)
        self._symbol = header.columns["symbol"]
        self._numbers = tuple((n, header.columns[n]) for n in _NUMBERS if n in header.columns)
        self._texts = tuple((n, header.columns[n]) for n in _TEXTS if n in header.columns)
        self._side_key = header.key("side")

    def read(self, cells: Sequence[str], number: int, location: Location) -> LedgerEntry | Rejection:
        """One row; ``number`` is its 0-based position among the rows.

        Columns at the end that mean nothing to logaudit may be missing: writers other than the recorder
        leave them out, and what remains is a whole row. They count as blank.
        """
        width = self._width
        if len(cells) < width:
            if len(cells) < self._needed:
                return Rejection(RejectReason.SHORT, f"{len(cells)} of {width} columns")
            cells = [*cells, *[""] * (width - len(cells))]
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            return Rejection(RejectReason.OVER_LONG, f"{len(cells)} cells for {width} columns")
        try:
            return self._row(cells, number, location)
        except _RejectedError as error:
            return error.rejection

    def _row(self, cells: Sequence[str], number: int, location: Location) -> LedgerEntry:
        blank: list[str] = []
        symbol = cells[self._symbol].strip()
        opened = self._time(cells, "opened", self._opened) if self._opened >= 0 else None
        at = self._time(cells, "closed", self._closed)
        if at is None:
            if opened is not None and not is_blank(symbol):
                raise _RejectedError(RejectReason.STILL_OPEN, "opened, and not closed yet")
            raise _RejectedError(RejectReason.NO_TIME, "the time is blank")
        if is_blank(symbol):
            raise _RejectedError(RejectReason.NO_SYMBOL, "the symbol is blank")
        if self._opened >= 0 and opened is None:
            blank.append("opened")
        if opened is not None and is_trading_time(at.us) and not is_trading_time(opened.us):
            raise _RejectedError(RejectReason.BAD_TIME, f"opened: {opened.iso()} {NO_TRADING}")
        values: dict[str, Any] = {
            name: self._number(name, cells[index], blank) for name, index in self._numbers
        }
        values |= {name: _text(name, cells[index], blank) for name, index in self._texts}
        word = values.pop("side", "")
        side = self._side(word)
        return LedgerEntry(
            number=number,
            location=location,
            at=at,
            fields=TradeFields(symbol=symbol, side=side, opened=opened, **values),
            blank=frozenset(blank),
            cells=tuple(zip(self.header.cells, cells, strict=False)),
            unread=(Unread(FieldName.SIDE, quote(word, _DETAIL), location),) if word and side is None else (),
        )

    def _time(self, cells: Sequence[str], name: str, index: int) -> Stamp | None:
        text = cells[index]
        stamp = parse_any_year(text)
        if stamp is None:
            if is_blank(text):
                return None
            stamp = self._pieced(cells, name, text)
        if self._offset is not None and stamp.offset is None:
            return replace(stamp, offset=self._offset)
        return stamp

    def _pieced(self, cells: Sequence[str], name: str, text: str) -> Stamp:
        """A time whose date stands in another column or in the file's name."""
        day = self.header.dates.get(name, -1)
        stamp = parse_any_year(f"{cells[day].strip()} {text.strip()}") if day >= 0 else None
        if stamp is not None:
            return stamp
        days = self._days if day < 0 and name == "closed" else None
        clock = parse_time_of_day(text) if days is not None else None
        if days is None or clock is None:
            shown = quote(text, _DETAIL)
            raise _RejectedError(RejectReason.BAD_TIME, f"{name}: {shown!r} is no date with a time")
        return Stamp(days.at(clock[0]), clock[1])

    def _number(self, name: str, text: str, blank: list[str]) -> Decimal | None:
        value = parse_decimal(text) if text else None
        if value is not None:
            return value
        if is_blank(text):
            blank.append(name)
            return None
        value = _number(name, text.strip())
        if value is None:
            wrong = f"has more than {PLACES} digits" if out_of_bounds(text) else "is no number"
            raise _RejectedError(RejectReason.BAD_NUMBER, f"{name}: {quote(text, _DETAIL)!r} {wrong}")
        return value

    def _side(self, word: str) -> PositionSide | None:
        word = word.lower()
        if self._side_key in ("is_short", "is_long"):
            if word not in _YES | _NO:
                return None
            return (
                PositionSide.SHORT if (word in _YES) == (self._side_key == "is_short") else PositionSide.LONG
            )
        side = self._sides.get(word, word)
        if side not in ("long", "short"):
            return None
        if self._side_key in CLOSING_SIDES and word not in ("long", "short"):
            return PositionSide.LONG if side == "short" else PositionSide.SHORT
        return PositionSide(side)


def is_blank(text: str) -> bool:
    """Whether a cell shows that there is no value."""
    return not text or text.strip().lower() in BLANK_WORDS


def _text(name: str, text: str, blank: list[str]) -> str:
    if is_blank(text):
        blank.append(name)
        return ""
    return text.strip()


def _number(name: str, text: str) -> Decimal | None:
    """Less usual spellings: a currency after the number, ``0:20:12`` as a duration."""
    if name == "duration_sec":
        clock = _CLOCKWISE.fullmatch(text)
        parts = clock and (int(clock[1]) * 3600, int(clock[2]) * 60, clock[3])
        return total(map(Decimal, parts)) if parts else None
    unit = _WITH_UNIT.fullmatch(text)
    return None if unit is None else parse_decimal(unit[1])
