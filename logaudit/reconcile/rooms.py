"""Where the row of a close may lie though it was not read: a close that has such room is not called lost.

Rooms of a session are made once, by `unread_places.rooms_of`; `could_hold` asks whether one of them can hold the row of
a close.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import NUMBERS, FieldName, TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.money import agree
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.matching import NumberDifference, explain, may_be_same
from logaudit.reconcile.matching.deviations import LOOSE
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Run, start_order
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.sources import stream_stem

_EVER: Final = Interval(-(1 << 62), 1 << 62)
#: So many numbers of the close, each of so many digits, make a line that cannot be read one that may be its row.
_NUMBERS: Final = 2
_DIGITS: Final = 3
#: A line that shows the symbol and a time so near to the close may be its row whatever else it shows.
_SOON: Final = 5 * SECOND


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


def could_hold(
    rooms: Sequence[Room],
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    run: Run | None,
    close: Event,
    whole: TradeFields | None = None,
    written: Mapping[Address, int] = MappingProxyType({}),
) -> Room | None:
    """The room that can hold the row of a close, lines that resemble it before files; None without any.

    Args:
        whole: its position, where that was closed in parts none of which has a row.
        written: ledger → when the first close was told that has a row there, in the order of an hour told twice.
    """
    for room in rooms:
        if not room.is_file and (_resembles(room, close) or _is_of_whole(room, whole)):
            return room
    own = _opened_by(ledgers, run, close)
    for room in rooms:
        may_be_own = own in (None, room.row_of) or _went_on_in(room.row_of, ledgers, run)
        reaches = room.is_file and room.interval.holds(close.at.us) and may_be_own
        if reaches and not any(_covers(ledger, room, close) for ledger in ledgers):
            return room
    return _before_first_row(evidence, ledgers, run, close, written)


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


def _resembles(room: Room, close: Event) -> bool:
    """Whether a line shows the close's symbol and enough of its numbers."""
    if room.fields is not None:
        return _may_record(room.fields, close.fields)
    if not room.any_market and symbol_key(close.fields.symbol) not in room.words:
        return False
    told: Mapping[str, Decimal | None] = {name: getattr(close.fields, name) for name in NUMBERS}
    if any(abs(at - close.at.us) <= _SOON for at in room.times):
        return True
    shown = {v.copy_abs() for v in told.values() if v is not None and is_telling(v)}
    equal = sum(any(agree(v, n.copy_abs()) for n in room.numbers) for v in shown)
    return equal >= (1 if room.lacks_time else _NUMBERS)


def _is_of_whole(room: Room, whole: TradeFields | None) -> bool:
    return room.fields is not None and whole is not None and _may_record(room.fields, whole)


def _may_record(row: TradeFields, log: TradeFields) -> bool:
    """Whether an undated row contradicts nothing of a close, but in the way of writing sizes."""
    explained = explain(log, row)
    told = explained.comparison
    differing = {d.field for d in told.differences if isinstance(d, NumberDifference)}
    if differing:
        return differing == {FieldName.SIZE} and told.agreeing >= _NUMBERS and may_be_same(log, row)
    one_market = symbol_key(log.symbol) == symbol_key(row.symbol)
    but_fee = one_market and not LOOSE.isdisjoint(explained.deviations)
    return may_be_same(log, row) or but_fee or told.agreeing > (0 if one_market else _NUMBERS)


def _opened_by(ledgers: Sequence[ReconciledLedger], run: Run | None, close: Event) -> Address | None:
    """The ledger at hand that the close's run said it had opened, if it is the one in force."""
    force = in_force(ledgers, run, close.at.us)
    if force is None or run is None:
        return None
    opened = any(run.start - SECOND <= o.at.us <= close.at.end for o in force.opened)
    return force.address if opened else None


def _went_on_in(address: Address | None, ledgers: Sequence[ReconciledLedger], run: Run | None) -> bool:
    """Whether a ledger holds rows of the run, which named another one when it began: it was rolled over at midnight."""
    spans = [ledger.span for ledger in ledgers if ledger.address == address]
    return run is not None and any(span is not None and span[1] >= run.start for span in spans)


def _covers(ledger: ReconciledLedger, room: Room, close: Event) -> bool:
    """Whether a ledger of the same name but for its date was being written when the close happened."""
    if _stem(ledger.address) != _stem(room.location.address) or ledger.address == room.row_of:
        return False
    return ledger.span is not None and ledger.span[0] <= close.at.us <= ledger.span[1]


def _before_first_row(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    run: Run | None,
    close: Event,
    written: Mapping[Address, int],
) -> Room | None:
    """The time before a ledger's first row, where neither its name nor a record says that it had begun."""
    force = in_force(ledgers, run, close.at.us)
    candidates = ledgers if force is None else (force,)
    firsts = [(lc.span[0], lc) for lc in candidates if lc.ledger.name_date is None and lc.span is not None]
    if not firsts or len(firsts) < len(candidates):
        return None
    first, ledger = min(firsts, key=lambda item: item[0])
    if first <= close.at.end + round(evidence.profile.ledger.window * SECOND):
        return None
    start = run.start - SECOND if run is not None else close.at.us
    begun = evidence.of(EventKind.LEDGER_OPENED, EventKind.RECORDER_READY, EventKind.TRADE_ACKNOWLEDGED)
    if close.at.fold:
        # The clock was set back: what was told in the hour before bears later times.
        since = start_order(run) - SECOND if run is not None else close.at.order
        began = any(since <= event.at.order <= close.at.order for event in begun)
        if began or written.get(ledger.address, close.at.order + 1) <= close.at.order:
            return None
    first_after = bisect_left(begun, start, key=lambda event: event.at.us)
    if first_after < len(begun) and begun[first_after].at.us <= close.at.end + SECOND:
        return None
    return Room(RoomReason.BEFORE_FIRST_ROW, ledger.ledger.rows[0].location)


def is_telling(number: Decimal) -> bool:
    """Whether a number has so many digits that it is hardly in a line by chance."""
    return len(number.as_tuple().digits) >= _DIGITS


def _stem(address: Address) -> str:
    name = address.member or address.path
    return stream_stem(name.removesuffix(".zst").removesuffix(".7z"))
