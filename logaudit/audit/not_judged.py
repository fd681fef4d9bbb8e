"""Decides whether a case verified anything: a scan that compared nothing must not end as a clean one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, assert_never

from logaudit.core.events import EventKind
from logaudit.core.location import Address, SourceKind
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.trades import TradeState
from logaudit.ledger import is_health, may_be_ledger
from logaudit.profiles import BUILT_IN
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session, Trade
from logaudit.rules.la502_open_without_close import ended_unseen
from logaudit.sources import Problem, ProblemKind

_TABLES: Final = frozenset({SourceKind.LEDGER, SourceKind.TABLE, SourceKind.UNREAD_TABLE})
#: What names of logs hold, rotated and packed ones too.
_LOG: Final = ".log"


def not_judged(case: Case) -> NotJudged | None:  # noqa: PLR0911 - one a reason
    """Why nothing was judged; None where something was.

    Closes without a ledger, and trades most of which cannot be verified, count for each session: another bot that
    is well would hide them otherwise. A session that is not recognised may be no bot's at all, so it counts only
    where there is no other.
    """
    if stopped := sum(session.stopped is not None for session in case.sessions):
        return NotJudged(Reason.RULE_FAILED, stopped)
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
    if blind := sum(s.count(TradeState.UNVERIFIABLE) for _, s in expected if _unverifiable(s)):
        return NotJudged(Reason.NOT_VERIFIABLE, blind)
    if not (case.recognised or any(map(_is_understood, case.sessions))):
        return NotJudged(Reason.NOT_RECOGNISED, records)
    if not any(states for _, states in expected) and (unread := _unread(case)):
        return NotJudged(Reason.UNREAD, unread)
    if unseen := sum(len(ended_unseen(session)) for session in case.sessions if session.ledgers):
        return NotJudged(Reason.ENDED_UNSEEN, unseen)
    return _left_out(case)


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


def _left_out(case: Case) -> NotJudged | None:
    """That what was not read of sources may tell of closes; rows that were not read are room for their closes."""
    tables = {ledger.address for session in case.sessions for ledger in session.ledgers}
    tables |= {o.address for s in case.sessions for o in s.evidence.others if o.kind in _TABLES}
    logs = [p for p in case.problems if p.address not in tables and _may_hold_records(p, case)]
    if cut := {p.address for p in logs if p.kind is ProblemKind.OVER_LIMIT}:
        return NotJudged(Reason.LIMIT, len(cut))
    lost = {p.address for p in logs} | _damaged_ledgers(case)
    return NotJudged(Reason.DAMAGE, len(lost)) if lost else None


def _damaged_ledgers(case: Case) -> set[Address]:
    """Files in whose damage rows of closes may have stood that are not in the ledger: these may be lost."""
    damaged = {p.address for p in case.problems if p.kind is not ProblemKind.OVER_LIMIT}
    rooms = (trade.room for _, trade in case.closed() if trade.room is not None and not trade.room.line)
    return {room.address for room in rooms} & damaged


def _may_hold_records(problem: Problem, case: Case) -> bool:
    """Whether what was not read may be lines of a log: damaged ones, or of a file that its name says is one."""
    name = problem.address.member or problem.address.path
    if any(may_be_ledger(name, s.profile.ledger) or is_health(name, s.profile.health) for s in case.sessions):
        return False
    match problem.kind:
        case ProblemKind.DAMAGED | ProblemKind.ENCRYPTED | ProblemKind.OVER_LIMIT:
            return True
        case ProblemKind.UNREADABLE | ProblemKind.UNSUPPORTED | ProblemKind.NESTED_ARCHIVE:
            return not problem.read and _LOG in PurePosixPath(name).name.lower()
        case _:
            assert_never(problem.kind)


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
    """Whether nothing can be claimed about most of them: of a few that were verified nobody asked."""
    return 2 * states.count(TradeState.UNVERIFIABLE) > len(states)
