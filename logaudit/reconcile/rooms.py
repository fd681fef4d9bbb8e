"""Where the row of a close may lie though it was not read: a close that has such room is not called lost.

Rooms of a session are made once, by `unread_places.rooms_of`; `RoomFinder` asks whether one of them can hold the row of
a close.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.money import agree
from logaudit.core.time_window import Interval
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching import NumberDifference, explain, may_be_same
from logaudit.reconcile.matching.deviations import LOOSE

_EVER: Final = Interval(-(1 << 62), 1 << 62)
#: So many numbers that agree outweigh one that differs.
_NUMBERS: Final = 2
#: A number of so many digits tells one trade from another.
_DIGITS: Final = 3


class RoomReason(StrEnum):
    """Why rows may lie there that were not read."""

    UNREADABLE_LEDGER = "unreadable-ledger"
    DAMAGE = "damage"
    REJECTED_ROW = "rejected-row"
    UNREAD_DATE = "unread-date"
    BEFORE_FIRST_ROW = "before-first-row"
    NOT_UNDERSTOOD = "not-understood"
    OTHER_FOLDER = "other-folder"


class Room(Struct, frozen=True):
    """A place where rows may lie.

    Attributes:
        location: the file, or the line of it.
        interval: the time on the log's clock that the rows there may bear; without bounds where nothing tells.
        words: symbol keys that its text shows; empty where its text is not known.
        numbers: the numbers that its text shows; times: its times on the log's clock, naive µs.
        fields: what the line says, where it was read but for its time.
        row_of: the readable part of the ledger, for a ledger that breaks off.
        any_market: whether the line names no market, so that it may be a row of any.
        lacks_time: whether the line lacks nothing but its time, so that one number makes it one that may be a row.
    """

    reason: RoomReason
    location: Location
    interval: Interval = _EVER
    words: frozenset[str] = frozenset()
    numbers: frozenset[Decimal] = frozenset()
    times: tuple[int, ...] = ()
    fields: TradeFields | None = None
    row_of: Address | None = None
    any_market: bool = False
    lacks_time: bool = False

    @property
    def is_file(self) -> bool:
        """Whether a whole file, or what lies behind its damage, is meant."""
        return not self.words and self.fields is None

    def lacks_market(self, markets: Collection[str]) -> bool:
        """Whether a damaged line names none of the markets that the log trades: its own may be the damaged part."""
        return self.fields is None and self.words.isdisjoint(markets)


def may_tell(room: Room, opened: TradeFields, markets: Collection[str]) -> bool:
    """Whether a line may be the row of a position that was opened, as far as its market and entry price show.

    Args:
        markets: those of all positions that the log opens.
    """
    own, entry = symbol_key(opened.symbol), opened.entry_price
    if room.fields is None:
        shows_entry = entry is None or not is_telling(entry) or entry in room.numbers
        return (own in room.words and shows_entry) or room.words.isdisjoint(markets)
    theirs = room.fields.entry_price
    other = symbol_key(room.fields.symbol) != own and symbol_key(room.fields.symbol) in markets
    return not other and (entry is None or theirs is None or agree(entry, theirs))


def may_record(row: TradeFields, log: TradeFields) -> bool:
    """Whether an undated row contradicts nothing of a close, but in the way of writing sizes."""
    explained = explain(log, row)
    told = explained.comparison
    differing = {d.field for d in told.differences if isinstance(d, NumberDifference)}
    if differing:
        return differing == {FieldName.SIZE} and told.agreeing >= _NUMBERS and may_be_same(log, row)
    one_market = symbol_key(log.symbol) == symbol_key(row.symbol)
    but_fee = one_market and not LOOSE.isdisjoint(explained.deviations)
    return may_be_same(log, row) or but_fee or told.agreeing > (0 if one_market else _NUMBERS)


def is_telling(number: Decimal) -> bool:
    """Whether a number has so many digits that it is hardly in a line by chance."""
    return len(number.as_tuple().digits) >= _DIGITS
