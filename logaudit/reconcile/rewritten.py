"""Ledgers that were opened anew: the rows that the recorder had acknowledged before are gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import TradeState
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import ClosedTrade, ReconciledLedger, Session


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
    found = ((lc, _rewriting(session, lc)) for lc in session.ledgers if lc.own_rows)
    told = ((lc, run, _gone(session, lc, run)) for lc, run in found if run is not None)
    return tuple(Rewrite(lc, run, gone) for lc, run, gone in told if gone)


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
    first = bisect_left(begun, run.start - SECOND, key=lambda e: e.at.us)
    return first < len(begun) and begun[first].at.us <= close.at.end


def _rewriting(session: Session, ledger: ReconciledLedger) -> Run | None:
    """The run of the ledger's first row, where it is not the first run."""
    first = min(map(ledger.log_time, ledger.own_rows))
    run = next((r for r in reversed(session.runs) if r.start <= first + SECOND), None)
    return None if run is None or run is session.runs[0] or run.started is None else run


def _gone(session: Session, ledger: ReconciledLedger, run: Run) -> tuple[ClosedTrade, ...]:
    others = {lc.address for lc in session.ledgers} - {ledger.address}

    def belongs(trade: ClosedTrade) -> bool:
        force = in_force(session.ledgers, session.run(trade.run), trade.at.us)
        return force is ledger or (force is None and not others)

    return tuple(
        trade
        for trade in session.closed
        if trade.state is TradeState.FALSE_ACK and trade.at.us < run.start and belongs(trade)
    )
