"""Opens and closes → positions: which announcements are one close, and which open each close ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import PositionSide
from logaudit.core.location import Location
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import PositionStatus, symbol_key
from logaudit.reconcile.positions.announcements import with_fields
from logaudit.reconcile.positions.book import Bare, Book
from logaudit.reconcile.positions.confirmations import with_confirmations
from logaudit.reconcile.positions.lots import Close, Lot
from logaudit.reconcile.positions.position import Position
from logaudit.reconcile.positions.process_runs import Run, run_of
from logaudit.reconcile.positions.telling import standing

#: Both a list of closes and the costs of a bot are known by three at least.
_TAUGHT: Final = 3


def build_positions(
    opens: Sequence[Event],
    closes: Sequence[Event],
    exchange: Sequence[Event],
    runs: Sequence[Run],
    hidden: Callable[[int, int], bool] = lambda _start, _end: False,
    flat: Sequence[Event] = (),
    known_costs: Decimal | None = None,
) -> tuple[tuple[Position, ...], tuple[Event, ...]]:
    """Pairs opens with closes, symbol by symbol in time order.

    A close without a logged side takes the side of the position it ends. A close smaller than what the position still
    holds is partial. Announcements of a position that has ended are its echoes.

    Args:
        hidden: whether an open may lie unseen between two moments, naive µs.
        flat: reports that nothing is held.
        known_costs: of a round trip, as a share of the exit price, for where the log itself does not tell them.

    Returns:
        The positions in time order, and the closes, each with the side of the position it ends where its own lines
        name none.
    """
    facts = facts_in_order(opens, closes)
    learned, lists = _learned(facts, closes)
    costs = known_costs if learned is None else learned
    books: dict[str, Book] = defaultdict(lambda: Book(_run_of(runs), hidden, costs, lists))
    for item in facts:
        book = books[symbol_key(item.fields.symbol)]
        if item.kind is EventKind.POSITION_OPENED:
            book.open(item)
        else:
            book.close(item)
    built = [position for book in books.values() for position in _positions(book, runs)]
    for book in books.values():
        book.forget()
    told = with_confirmations(built, exchange)
    if flat:
        from logaudit.reconcile.positions.reported_flat import with_reported_flat  # noqa: PLC0415 - few bots say so

        told = list(with_reported_flat(told, flat))
    positions = sorted(told, key=lambda p: (p.start, p.symbol))
    return tuple(positions), tuple(close for position in positions for close in position.closes)


def _learned(facts: Sequence[Event], closes: Sequence[Event]) -> tuple[Decimal | None, Collection[Location]]:
    """What round trips cost, and the announcements that stand in lists; fewer closes teach neither."""
    if len(closes) < _TAUGHT:
        return None, ()
    from logaudit.reconcile.positions.part_sizes import learned_costs  # noqa: PLC0415 - most incidents are of few closes
    from logaudit.reconcile.positions.summaries import listed  # noqa: PLC0415 - the same

    return learned_costs(facts), listed(closes)


def facts_in_order(opens: Sequence[Event], closes: Sequence[Event]) -> list[Event]:
    """All opens and closes in the order in which they happened."""
    return list(_in_order([*opens, *closes]))


def _run_of(runs: Sequence[Run]) -> Callable[[Stamp], str]:
    def run_id(at: Stamp) -> str:
        run = run_of(runs, at)
        return run.id if run else ""

    return run_id


def _in_order(facts: Sequence[Event]) -> Iterator[Event]:
    """By time; within one moment by line where one source tells all of it, else closes before opens."""
    moments: dict[int, list[Event]] = defaultdict(list)
    for item in facts:
        moments[item.at.order].append(item)
    for _, group in sorted(moments.items()):
        if len({item.location.address for item in group}) == 1:
            yield from sorted(group, key=lambda item: item.location.line)
        else:
            yield from sorted(group, key=lambda item: (item.kind is EventKind.POSITION_OPENED, item.location))


def _positions(book: Book, runs: Sequence[Run]) -> Iterator[Position]:
    left = book.finish()
    for lot in book.ended:
        yield _of_lot(lot, PositionStatus.CLOSED)
    for lot in left:
        yield _of_lot(lot, _status(lot, stacks=book.stacks))
    for bare in book.bare:
        yield _of_bare(bare, runs)


def _status(lot: Lot, *, stacks: bool) -> PositionStatus:
    """How the story of a position ends that the logs show no end of."""
    if lot.forgotten:
        return PositionStatus.FORGOTTEN
    missing = lot.superseded and not stacks
    return PositionStatus.CLOSE_MISSING if missing else PositionStatus.OPEN_AT_END


def _of_lot(lot: Lot, status: PositionStatus) -> Position:
    if lot.closes and status is not PositionStatus.CLOSED:
        status = PositionStatus.PARTLY_CLOSED
    side = lot.side or next((c.fields.side for c in lot.closes if c.fields.side), None)
    told = [_told(close, lot.side) for close in lot.closes]
    return Position(
        symbol=lot.opens.events[0].fields.symbol,
        side=side,
        run=lot.run,
        status=status,
        open=with_fields(lot.opens.events[0], lot.fields),
        closes=tuple(first for first, _ in told),
        echoes=tuple(others for _, others in told),
        added=tuple(one.opens.events[0] for one in lot.added),
    )


def _of_bare(bare: Bare, runs: Sequence[Run]) -> Position:
    """A close without an open: opened before the logs, unless its run's start was seen."""
    first, others = _told(bare.close, None)
    run, status = run_of(runs, first.at), bare.status
    if status is PositionStatus.OPEN_MISSING and run is not None and run.started is None:
        status = PositionStatus.OPENED_BEFORE
    return Position(
        symbol=first.fields.symbol,
        side=first.fields.side,
        run=run.id if run else "",
        status=status,
        open=None,
        closes=(first,),
        echoes=(others,),
    )


def _told(close: Close, side: PositionSide | None) -> tuple[Event, tuple[Event, ...]]:
    """The announcement that stands for a close, and the others; each with the side of the position."""
    events = sorted((_sided(e, side) for e in close.events), key=lambda e: (e.at.order, e.stream, e.location))
    first = standing(events)
    others = (e for e in events if e.location != first.location)
    return first, tuple(others)


def _sided(event: Event, side: PositionSide | None) -> Event:
    if side is None or event.fields.side is not None:
        return event
    return with_fields(event, replace(event.fields, side=side))
