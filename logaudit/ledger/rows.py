"""The cells of one line → a row, or the reason why it is none."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.fields import IDS, FieldName, PositionSide, TradeFields, Unread
from logaudit.core.location import Location
from logaudit.core.message import Code, Message, Text, msg
from logaudit.core.money import PLACES, out_of_bounds, parse_decimal
from logaudit.core.text import quote
from logaudit.core.timestamp import DAY, Stamp, is_trading_time
from logaudit.core.trades import AsideReason, Cells, EntryKind, LedgerEntry
from logaudit.ledger.cells import NO, YES, is_blank, unusual_number
from logaudit.ledger.columns import CLOSING_SIDES, Header
from logaudit.ledger.convention import NUMBER_COLUMNS, Convention, zone_offset
from logaudit.ledger.day_clock import DayClock
from logaudit.ledger.entry_kind import (
    KindReader,
    SetAside,
    kind_of,
    shows_end,
    shows_no_more_than_result,
    shows_position,
    shows_result,
)
from logaudit.ledger.number_style import Decimals, sign_of_row, with_point
from logaudit.ledger.reject import RejectReason, no_trading, too_short
from logaudit.ledger.secret_columns import SecretColumns
from logaudit.ledger.side_words import SIDE_WORDS
from logaudit.ledger.stamps import DateOrder, date_numbers, parse_any_year, parse_time_of_day

_TEXTS: Final = ("side", "reason", *IDS)
_DETAIL: Final = 80
#: So many numbers let a row be known again whose time cannot be read.
_TELLING: Final = 1


class Rejection(Struct, frozen=True):
    """Why cells are no row."""

    reason: RejectReason
    detail: Message


class UndatedEntry(Struct, frozen=True):
    """A row whose time means several days, or none that can be read; every other value of it is known.

    Attributes:
        entry: the row; ``entry.at`` is the first reading, 1970 without any, and must not be relied on.
        readings: what the time may mean; empty where it cannot be read, and then the line is a rejected one too.
        opened: what its opening time may mean, in the same order.
        rejection: why it is rejected, where it is.
    """

    entry: LedgerEntry
    readings: tuple[Stamp, ...]
    opened: tuple[Stamp, ...] = ()
    rejection: Rejection | None = None


class _RejectedError(Exception):
    def __init__(self, reason: RejectReason, detail: Message) -> None:
        super().__init__()
        self.rejection = Rejection(reason, detail)


#: What a line is.
RowResult: TypeAlias = LedgerEntry | UndatedEntry | SetAside | Rejection
_NEVER: Final = Stamp(0, DAY)


class _Times(Struct, frozen=True):
    """What a time cell shows, empty where it is blank, and all that it may mean."""

    shown: str = ""
    readings: tuple[Stamp, ...] = ()

    @property
    def first(self) -> Stamp | None:
        return self.readings[0] if self.readings else None


class RowReader:
    """Reads lines under one header.

    Args:
        header: what the columns mean.
        sides: lower-case word → ``long`` or ``short``.
        offset: UTC offset of naive times, when the file states one.
        days: dates for times of day, when the file's name has a date.
        convention: how the table writes numbers and times.
        zone: the zone of naive times, where the settings state one.
    """

    def __init__(
        self,
        header: Header,
        sides: Mapping[str, str],
        offset: int | None,
        days: DayClock | None,
        convention: Convention,
        zone: str = "",
    ) -> None:
        self.header = header
        self.convention = convention
        self._sides = sides
        self._offset = offset
        self._zone = zone
        self._days = days
        self._kinds = KindReader(header)
        self._width = len(header.cells)
        self.secrets = SecretColumns(header.cells, header.delimiter)
        self._needed = 1 + max(*header.columns.values(), *header.dates.values())
        self._closed = header.columns["closed"]
        self._opened = header.columns.get("opened", -1)
        self._symbol = header.columns.get("symbol", -1)
        self._numbers = tuple(
            (n, header.columns[n], convention.decimals.get(n)) for n in NUMBER_COLUMNS if n in header.columns
        )
        self._mixed = [index for _, index, sign in self._numbers if sign is None]
        self._texts = tuple((n, header.columns[n]) for n in _TEXTS if n in header.columns)
        self._side_key = header.key("side")

    def read(self, cells: Sequence[str], number: int, location: Location) -> RowResult:
        """One row; ``number`` is its 0-based position among the rows.

        Columns at the end that mean nothing to logaudit may be missing: writers other than the recorder
        leave them out, and what remains is a whole row. They count as blank.
        """
        aside = self._kinds.of_line(cells)
        if aside is not None:
            return SetAside(location, kind_of(aside), aside)
        width = self._width
        short = Rejection(RejectReason.SHORT, too_short(len(cells), width)) if len(cells) < width else None
        if short is not None:
            if len(cells) < self._needed:
                return short
            cells = [*cells, *[""] * (width - len(cells))]
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            found, room = Text(str(len(cells))), Text(str(width))
            why = msg("{cells} cells for {width} columns", cells=found, width=room)
            return Rejection(RejectReason.OVER_LONG, why)
        try:
            return self._row(cells, number, location)
        except _RejectedError as error:
            # What a short row shows under a column's name may be the cell of another.
            return short or self._bad_time(cells) or error.rejection

    def closed_at(self, cells: Sequence[str]) -> int | None:
        """The time of a row's close, naive µs; None where it shows none, or one that cannot be read."""
        if len(cells) < self._needed:
            return None
        first = self._times(cells, "closed", self._closed).first
        return None if first is None else first.us

    def _bad_time(self, cells: Sequence[str]) -> Rejection | None:
        """That a time cannot be read, which says more of a broken line than a number does."""
        for name, index in (("opened", self._opened), ("closed", self._closed)):
            times = self._times(cells, name, index) if index >= 0 else _Times()
            if times.shown and not times.readings:
                return _no_date(name, times.shown)
        return None

    def _row(self, cells: Sequence[str], number: int, location: Location) -> RowResult:
        opened = self._times(cells, "opened", self._opened) if self._opened >= 0 else _Times()
        closed = self._times(cells, "closed", self._closed)
        blank: list[str] = []
        values: dict[str, Any] = {}
        own = self._own_sign(cells)
        for name, index, sign in self._numbers:
            values[name] = self._number(name, cells[index], sign or own, blank)
        values |= {name: _text(name, cells[index], blank) for name, index in self._texts}
        word = values.pop("side", "")
        side = self._side(word)
        symbol = cells[self._symbol].strip() if self._symbol >= 0 else self.header.market
        fields = TradeFields(symbol=symbol, side=side, **values)
        entry = LedgerEntry(
            number=number,
            location=location,
            at=(closed.first or opened.first or _NEVER),
            fields=replace(fields, opened=opened.first),
            blank=frozenset((*blank, "opened") if self._opened >= 0 and not opened.shown else blank),
            cells=Cells.of(self.header.cells, self.secrets.cells(cells)),
            unread=(Unread(FieldName.SIDE, quote(word, _DETAIL), location),) if word and side is None else (),
        )
        return self._judged(entry, cells, closed, opened)

    def _judged(self, entry: LedgerEntry, cells: Sequence[str], closed: _Times, opened: _Times) -> RowResult:
        """The kind of a row whose cells have been read."""
        begun = self._kinds.is_begun(cells, entry.fields)
        ended = bool(closed.shown) and shows_result(entry.fields) and not begun
        aside = None if ended else self._kinds.of_words(cells)
        if aside is None and self._kinds.is_payment(cells):
            aside = AsideReason.PAYMENT
        if aside is None and is_blank(entry.fields.symbol):
            shown = shows_result(entry.fields) or shows_position(entry.fields)
            aside = None if shown else AsideReason.NO_TRADE
        elif aside is None and not closed.shown:
            aside = self._unclosed(entry, opened)
        if aside is not None:
            kind = kind_of(aside)
            told = replace(entry, kind=kind) if kind is EntryKind.OPEN_POSITION else None
            return SetAside(entry.location, kind, aside, told)
        if is_blank(entry.fields.symbol):
            return Rejection(RejectReason.NO_SYMBOL, msg("the symbol is blank"))
        if not closed.shown:
            return self._undated(entry, (), Rejection(RejectReason.NO_TIME, msg("the time is blank")))
        for name, times in (("opened", opened), ("closed", closed)):
            if times.shown and not times.readings:
                return self._undated(entry, closed.readings, _no_date(name, times.shown))
        first = opened.first
        if first is not None and is_trading_time(entry.at.us) and not is_trading_time(first.us):
            return Rejection(RejectReason.BAD_TIME, no_trading("opened", first))
        return entry if len(closed.readings) == 1 else UndatedEntry(entry, closed.readings, opened.readings)

    def _unclosed(self, entry: LedgerEntry, opened: _Times) -> AsideReason | None:
        """What a row without a close time is; None where it shows how its trade ended."""
        if opened.shown and not shows_end(entry.fields, entry.blank):
            return AsideReason.OPEN
        told = entry.fields
        if shows_result(told) or shows_no_more_than_result(told):
            return None
        return AsideReason.OPEN if shows_position(entry.fields) else AsideReason.NO_TRADE

    def _undated(self, entry: LedgerEntry, readings: tuple[Stamp, ...], why: Rejection) -> RowResult:
        """A row without a time is still known by its numbers, where it shows enough of them."""
        shown = sum(getattr(entry.fields, name) is not None for name, _, _ in self._numbers)
        return UndatedEntry(entry, readings, rejection=why) if shown >= _TELLING else why

    def _times(self, cells: Sequence[str], name: str, index: int) -> _Times:
        """All that a time cell may mean."""
        shown = cells[index]
        text, offset = self.convention.without_zone(shown)
        if is_blank(text):
            return _Times()
        dated = self._with_date(cells, name, text)
        if self.convention.order_open and (pair := date_numbers(dated)) and pair[0] != pair[1]:
            found = [parse_any_year(dated, order) for order in DateOrder]
        else:
            found = [parse_any_year(dated, self.convention.order) or self._pieced(name, text)]
        readings = tuple(self._on_clock(stamp, offset) for stamp in found if stamp is not None)
        return _Times(shown.strip(), readings)

    def _on_clock(self, stamp: Stamp, offset: int | None) -> Stamp:
        """The time with the offset that its zone's letters, the settings or the table's header state."""
        if stamp.offset is not None:
            return stamp
        for stated in (offset, zone_offset(self._zone, stamp.us), self._offset):
            if stated is not None:
                return replace(stamp, offset=stated)
        return stamp

    def _with_date(self, cells: Sequence[str], name: str, text: str) -> str:
        """The time with the date that stands in a column of its own."""
        day = self.header.dates.get(name, -1)
        return text if day < 0 or parse_any_year(text) is not None else f"{cells[day].strip()} {text.strip()}"

    def _pieced(self, name: str, text: str) -> Stamp | None:
        """A time of day, whose date the file's name gives."""
        days = self._days if name not in self.header.dates and name == "closed" else None
        clock = parse_time_of_day(text) if days is not None else None
        return None if days is None or clock is None else Stamp(days.at(clock[0]), clock[1])

    def _own_sign(self, cells: Sequence[str]) -> Decimals | None:
        """The decimal sign of a row for those of its numbers that the table leaves open."""
        if not any("," in cells[index] or "." in cells[index] for index in self._mixed):
            return None
        return sign_of_row(cells[index] for _, index, _ in self._numbers)

    def _number(self, name: str, text: str, decimals: Decimals | None, blank: list[str]) -> Decimal | None:
        plain = with_point(text, decimals)
        value = parse_decimal(plain) if plain else None
        if value is not None:
            return value
        if is_blank(text) or text.lstrip().startswith("{"):  # fees by currency: more than one number
            blank.append(name)
            return None
        value = unusual_number(name, plain.strip())
        if value is None:
            column, shown = Code(name), Code(repr(quote(text, _DETAIL)))
            raise _RejectedError(
                RejectReason.BAD_NUMBER,
                msg(
                    "{column}: {text} has more than {most} digits",
                    column=column,
                    text=shown,
                    most=Text(str(PLACES)),
                )
                if out_of_bounds(plain)
                else msg("{column}: {text} is no number", column=column, text=shown),
            )
        return value

    def _side(self, word: str) -> PositionSide | None:
        word = word.lower()
        if self._side_key in ("is_short", "is_long"):
            if word not in YES | NO:
                return None
            return (
                PositionSide.SHORT if (word in YES) == (self._side_key == "is_short") else PositionSide.LONG
            )
        side = self._sides.get(word) or SIDE_WORDS.get(word, word)
        if side not in ("long", "short"):
            return None
        if self._side_key in CLOSING_SIDES and word not in ("long", "short"):
            return PositionSide.LONG if side == "short" else PositionSide.SHORT
        return PositionSide(side)


def _no_date(name: str, shown: str) -> Rejection:
    text = Code(repr(quote(shown, _DETAIL)))
    why = msg("{column}: {text} is no date with a time", column=Code(name), text=text)
    return Rejection(RejectReason.BAD_TIME, why)


def _text(name: str, text: str, blank: list[str]) -> str:
    if is_blank(text):
        blank.append(name)
        return ""
    return text.strip()
