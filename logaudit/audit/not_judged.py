"""Decides whether a case verified anything: a scan that compared nothing must not end as a clean one."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import EventKind
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.trades import TradeState
from logaudit.ledger import is_health
from logaudit.profiles import BUILT_IN
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session, Trade
from logaudit.sources import ProblemKind


def not_judged(case: Case) -> NotJudged | None:  # noqa: PLR0911 - one a reason
    """Why nothing was judged; None where something was.

    Closes without a ledger, and trades of which none can be verified, count for each session: another bot that
    is well would hide them otherwise. A session that is not recognised may be no bot's at all, so it counts only
    where there is no other.
    """
    streams = [stream for session in case.sessions for stream in session.evidence.streams]
    if not streams and not any(session.ledgers for session in case.sessions):
        return NotJudged(Reason.NOTHING_READ)
    records = sum(stream.records for stream in streams)
    if not records:
        return NotJudged(Reason.NO_RECORD)
    if case.expected:
        return NotJudged(Reason.CLOSES_NOT_RECOGNISED, len(case.expected))
    expected = [(s, [*_states(s)]) for s in case.sessions]
    if alone := sum(len(states) for session, states in expected if not session.ledgers):
        return NotJudged(Reason.NO_LEDGER, alone)
    if blind := sum(len(states) for _, states in expected if _unverifiable(states)):
        return NotJudged(Reason.NOT_VERIFIABLE, blind)
    if not (case.recognised or any(map(_is_understood, case.sessions))):
        return NotJudged(Reason.NOT_RECOGNISED, records)
    if not any(states for _, states in expected) and (unread := _unread(case)):
        return NotJudged(Reason.UNREAD, unread)
    return _cut_by_limits(case)


def _unread(case: Case) -> int:
    """How many files, which may be logs or ledgers, were not read to their end for another reason than a limit."""
    health = [file for session in case.sessions for file in session.profile.health]
    return len(
        {
            problem.address
            for problem in case.problems
            if problem.kind is not ProblemKind.OVER_LIMIT
            and not is_health(problem.address.member or problem.address.path, health)
        }
    )


def _cut_by_limits(case: Case) -> NotJudged | None:
    """That sources may tell of closes in what a limit left out; rows that it left out are room for their closes."""
    ledgers = {ledger.address for session in case.sessions for ledger in session.ledgers}
    cut = {p.address for p in case.problems if p.kind is ProblemKind.OVER_LIMIT} - ledgers
    return NotJudged(Reason.LIMIT, len(cut)) if cut else None


def _states(session: Session) -> Iterator[TradeState]:
    """The states of the trades and fills that the logs should show."""
    yield from (trade.state for trade in session.trades if _is_expected(session, trade))
    yield from (fill.state for fill in session.fills)


def _is_understood(session: Session) -> bool:
    """Whether a line told of a trade or a recorder; that a bot starts, a profile for any bot reads from any bot."""
    general = session.profile.name in BUILT_IN and not session.profile.markers
    return any(e.kind is not EventKind.RUN_STARTED or not general for e in session.evidence.events)


def _is_expected(session: Session, trade: Trade) -> bool:
    """Whether the logs should show the trade: they hold its close, or its row lies in their time."""
    if isinstance(trade, ClosedTrade):
        return True
    span = session.evidence.span
    times = session.ledger_of(trade.row).readings(trade.row)
    return span is not None and any(span.start <= at <= span.end for at in times)


def _unverifiable(states: list[TradeState]) -> bool:
    return bool(states) and all(state is TradeState.UNVERIFIABLE for state in states)
