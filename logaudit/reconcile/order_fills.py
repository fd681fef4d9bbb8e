"""The state of each order fill that the log tells, by the rows of the session's ledgers that are fills.

A fill is lost only where a ledger of fills covers its time by a known clock, other fills of the session are linked to
its rows, nothing unread may hold it, no row without a fill may be it, and something of its own tells it from others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Location
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, TradeState, symbol_key
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.reconcile.fill_links import FillLinks, link_fills, may_record
from logaudit.reconcile.ledger_elsewhere import ledgers_elsewhere
from logaudit.reconcile.logged_fill import LoggedFill
from logaudit.reconcile.matching.leftovers import PROOF
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Run, run_of
from logaudit.reconcile.reconciled_ledger import Readings, ReconciledLedger
from logaudit.reconcile.room_finder import RoomFinder
from logaudit.reconcile.rooms import Room

#: Lost fills times rows without a fill that are compared at most; beyond it nothing is claimed.
_MOST: Final = 4_000_000


def as_fills(evidence: SessionEvidence) -> SessionEvidence:
    """The evidence with every row of its ledgers of fills as it is written, in place of the closes made of them."""
    return replace(evidence, ledgers=tuple(map(_written, evidence.ledgers)))


def _written(extract: LedgerExtract) -> LedgerExtract:
    held = extract.ledger
    if not held.fills:
        return extract
    aside = tuple(line for line in held.aside if line.kind is not EntryKind.OPEN_POSITION)
    return replace(extract, ledger=replace(held, rows=held.fills, aside=aside))


def reconcile_fills(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    runs: Sequence[Run],
    rooms: Sequence[Room],
) -> tuple[LoggedFill, ...]:
    """Every logged fill with its rows and its state, in time order.

    Args:
        rooms: the places in which rows may lie unread.
    """
    fills = [*_distinct(evidence.of(EventKind.ORDER_FILLED))]
    room_of = _room_of(evidence, ledgers, runs, rooms)
    rows = [row for ledger in ledgers for row in ledger.ledger.fills]
    readings = Readings(ledgers).of
    window = round(evidence.profile.ledger.window * SECOND)
    links = link_fills(fills, rows, readings, window)
    judge = _Judge(fills, rows, links, ledgers, window)
    found: list[LoggedFill] = []
    for f, fill in enumerate(fills):
        run = run_of(runs, fill.at)
        kept = tuple(rows[r] for r in links.rows.get(f, ()))
        room = None if kept else room_of(run, fill)
        if kept:
            state = TradeState.RECORDED
        else:
            lost = room is None and judge.is_lost(fill, run)
            state = TradeState.SILENT_DROP if lost else TradeState.UNVERIFIABLE
        found.append(LoggedFill(run.id if run else "", fill, kept, state, room))
    return tuple(found)


def _room_of(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    runs: Sequence[Run],
    rooms: Sequence[Room],
) -> Callable[[Run | None, Event], Location | None]:
    """Where the row of a fill may lie unread: in a room, or in a ledger that is not at hand."""
    elsewhere = ledgers_elsewhere(evidence, ledgers, runs, ())
    finder = RoomFinder(rooms, evidence, ledgers)

    def room_of(run: Run | None, fill: Event) -> Location | None:
        room = finder.could_hold(run, fill)
        if room is not None:
            return room.location
        return elsewhere.opened[0].location if elsewhere.holds(run, fill) else None

    return room_of


def _distinct(events: Sequence[Event]) -> Iterator[Event]:
    """The fills, each once: what bears the id and all numbers of one before tells it again."""
    seen: set[object] = set()
    for event in events:
        own = _key(event)
        if event.fields.trade_id and own in seen:
            continue
        seen.add(own)
        yield event


def _key(event: Event) -> tuple[object, ...]:
    """All that tells a fill from others."""
    told = event.fields
    return symbol_key(told.symbol), told.side, told.exit_price, told.amount, told.trade_id, told.order_id


def _same_trade(fill: Event, row: LedgerEntry) -> bool:
    return bool(fill.fields.trade_id) and fill.fields.trade_id == row.fields.trade_id


class _Judge:
    """What the loss of a fill depends on."""

    def __init__(
        self,
        fills: Sequence[Event],
        rows: Sequence[LedgerEntry],
        links: FillLinks,
        ledgers: Sequence[ReconciledLedger],
        window: int,
    ) -> None:
        self._links, self._window = links, window
        self._kept = [ledger for ledger in ledgers if ledger.ledger.fills]
        self._readings = Readings(ledgers).of
        self._loose = [row for r, row in enumerate(rows) if r not in links.taken]
        self._alike = Counter(map(_key, fills))
        self._orders = {row.fields.order_id for row in rows}
        named = {
            rows[r].location for f, kept in links.rows.items() for r in kept if _same_trade(fills[f], rows[r])
        }
        #: Orders with a row that may be the sum of several fills.
        self._summed = {row.fields.order_id for row in rows if row.location not in named} - {""}
        missing = len(fills) - len(links.rows)
        self._proven = len(links.rows) >= PROOF and missing * len(self._loose) <= _MOST
        self._clocks_known = all(ledger.shift.seconds is not None for ledger in self._kept)

    def is_lost(self, fill: Event, run: Run | None) -> bool:
        """Whether no row can be that of a fill without one."""
        return (
            self._proven
            and self._clocks_known
            and any(_covers(ledger, fill, run) for ledger in self._kept)
            and self._is_told_apart(fill)
            and not any(
                may_record(row, fill, self._links.shared, near=self._is_near(row, fill))
                for row in self._loose
            )
        )

    def _is_told_apart(self, fill: Event) -> bool:
        """Whether no other line may tell the same fill, and enough of it is shown to know its row."""
        told = fill.fields
        if self._alike[_key(fill)] > 1 or told.order_id in self._summed:
            return False
        whole = told.exit_price is not None and told.amount is not None
        unknown = "order_id" in self._links.shared and told.order_id and told.order_id not in self._orders
        return bool(whole or unknown)

    def _is_near(self, row: LedgerEntry, fill: Event) -> bool:
        since, until = fill.at.us - self._window - row.at.precision, fill.at.end + self._window
        return any(since <= at <= until for at in self._readings(row))


def _covers(ledger: ReconciledLedger, fill: Event, run: Run | None) -> bool:
    """Whether a ledger of fills was being written when the order was filled.

    It was between its first and its last row, and in a run that said that it had opened it.
    """
    span = ledger.fills_span
    if span is not None and span[0] <= fill.at.end and fill.at.us <= span[1]:
        return True
    return run is not None and any(run.start - SECOND <= e.at.us <= fill.at.end for e in ledger.opened)
