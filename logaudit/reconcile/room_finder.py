"""Asks of each close whether an unread place can hold its row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Run, start_order
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.reconcile.rooms import Room, RoomReason
from logaudit.sources import stream_stem

if TYPE_CHECKING:
    from logaudit.reconcile.line_rooms import LineRooms


class RoomFinder:
    """The rooms of a session, made once by `unread_places.rooms_of`.

    Args:
        written: ledger → when the first close was told that has a row there, in the order of an hour told twice.
    """

    def __init__(
        self,
        rooms: Sequence[Room],
        evidence: SessionEvidence,
        ledgers: Sequence[ReconciledLedger],
        written: Mapping[Address, int] = MappingProxyType({}),
    ) -> None:
        self._evidence = evidence
        self._written = written
        self._ledgers = ledgers
        self._lines: LineRooms | None = None
        if not all(room.is_file for room in rooms):
            from logaudit.reconcile.line_rooms import LineRooms  # noqa: PLC0415 - few ledgers have such lines

            markets = frozenset(symbol_key(event.fields.symbol) for event in evidence.events)
            self._lines = LineRooms(rooms, markets)
        self._files = _Files([room for room in rooms if room.is_file])

    def could_hold(self, run: Run | None, close: Event, whole: TradeFields | None = None) -> Room | None:
        """The room that can hold the row of a close, lines that resemble it before files; None without any.

        Args:
            whole: its position, where that was closed in parts none of which has a row.
        """
        line = None if self._lines is None else self._lines.first(close, whole)
        if line is not None:
            return line
        ledgers = self._ledgers
        own = _opened_by(ledgers, run, close)
        for room in self._files.about(close.at.us):
            may_be_own = own in (None, room.row_of) or _went_on_in(room.row_of, ledgers, run)
            if may_be_own and not any(_covers(ledger, room, close) for ledger in ledgers):
                return room
        return _before_first_row(self._evidence, ledgers, run, close, self._written)


class _Files:
    """Files, and what lies behind or between the rows of one, by the times that they may hold."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        once = {(room.interval, room.location, room.row_of): i for i, room in [*enumerate(rooms)][::-1]}
        self._rooms = rooms
        self._order = sorted(once.values(), key=lambda i: rooms[i].interval.start)
        self._starts = [rooms[i].interval.start for i in self._order]
        self._latest = [*accumulate((rooms[i].interval.end for i in self._order), max)]

    def about(self, at: int) -> Iterator[Room]:
        """Those that may hold a row of a moment, in their order."""
        found: list[int] = []
        last = bisect_right(self._starts, at)
        while last and self._latest[last - 1] >= at:
            last -= 1
            if self._rooms[self._order[last]].interval.holds(at):
                found.append(self._order[last])
        return (self._rooms[i] for i in sorted(found))


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
    # Of a table of fills the first may have opened a position, and is no row of a closed trade.
    firsts = [
        (min(lc.span[0], *(lc.fills_span or lc.span)), lc)
        for lc in candidates
        if lc.ledger.name_date is None and lc.span is not None
    ]
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


def _stem(address: Address) -> str:
    name = address.member or address.path
    return stream_stem(name.removesuffix(".zst").removesuffix(".7z"))
