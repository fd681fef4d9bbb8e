"""Ledgers that were opened anew: the rows that the recorder had acknowledged before are gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import TradeState
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.positions import Run, start_order
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger


class Rewrite(Struct, frozen=True):
    """One ledger that a run opened anew.

    Attributes:
        run: the run that wrote the ledger's first row.
        gone: the closes of earlier runs that the recorder had acknowledged.
    """

    ledger: ReconciledLedger
    run: Run
    gone: tuple[ClosedTrade, ...]


def rewrites(session: Session) -> tuple[Rewrite, ...]:
    """The ledgers whose first row is younger than a start of the bot, and than closes acknowledged before it."""
    gone = [
        (trade, in_force(session.ledgers, session.run(trade.run), trade.at.us))
        for trade in session.closed
        if trade.state is TradeState.FALSE_ACK
    ]
    alone = len(session.ledgers) == 1
    found: list[Rewrite] = []
    for ledger in session.ledgers if gone else ():
        run = _rewriting(session, ledger) if ledger.own_rows else None
        if run is None:
            continue
        # A ledger without a date is in force from its first row on; before that, an only one is meant all the same.
        since = start_order(run)
        mine = tuple(
            trade
            for trade, force in gone
            if trade.at.order < since and (force is ledger or (alone and force is None))
        )
        if mine:
            found.append(Rewrite(ledger, run, mine))
    return tuple(found)


def begun_before(
    begun: Sequence[Event], ledgers: Sequence[ReconciledLedger], run: Run | None, close: Event
) -> bool:
    """Whether the run of a close says that it began the only ledger, which has no date and a later first row.

    Args:
        begun: the records in which a recorder began, in time order.
    """
    if run is None or len(ledgers) != 1 or ledgers[0].ledger.name_date is not None or ledgers[0].elsewhere:
        return False
    if in_force(ledgers, run, close.at.us) is not None:
        return False
    if close.at.fold:
        since = start_order(run) - SECOND
        return any(since <= event.at.order <= close.at.order for event in begun)
    first = bisect_left(begun, run.start - SECOND, key=lambda e: e.at.us)
    return first < len(begun) and begun[first].at.us <= close.at.end


def _rewriting(session: Session, ledger: ReconciledLedger) -> Run | None:
    """The run of the ledger's first row, where it is not the first run."""
    closed = {trade.row.location: trade.at.order for trade in session.closed if trade.row is not None}
    first = min(closed.get(row.location, ledger.log_time(row)) for row in ledger.own_rows)
    run = next((r for r in reversed(session.runs) if start_order(r) <= first + SECOND), None)
    return None if run is None or run is session.runs[0] or run.started is None else run
