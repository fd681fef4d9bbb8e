"""Decides whether a scan verified anything: a scan that compared nothing must not end as a clean one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, assert_never

from msgspec import Struct

from logaudit.core.events import EventKind
from logaudit.core.location import Address, SourceKind
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.trades import TradeState
from logaudit.ledger import is_health, may_be_ledger
from logaudit.profiles import BUILT_IN, LedgerSpec
from logaudit.profiles.profile import HealthFile
from logaudit.reconcile.reconciled import ClosedTrade, Session, Trade
from logaudit.rules.la502_open_without_close import ended_unseen
from logaudit.sources import Problem, ProblemKind

_TABLES: Final = frozenset({SourceKind.LEDGER, SourceKind.TABLE, SourceKind.UNREAD_TABLE})
#: What names of logs hold, rotated and packed ones too.
_LOG: Final = ".log"


class SessionSigns(Struct, frozen=True):
    """What of one session tells whether anything was verified.

    Attributes:
        stopped: whether it could not be reconciled.
        streams, records: of its logs; has_ledger: whether it has one.
        expected: whether closes should be in its logs and none is recognised.
        trades: how many trades and fills the logs should show; unverifiable: how many of them cannot be verified,
            where these are most; unseen: positions that ended in no line that is recognised, where it has a ledger.
        understood: whether a line told of a trade or a recorder.
        ledgers, health: how its bot names its tables.
        tables: the tables that were read, or seen to be tables.
        rooms: files that were not read to their end → its closes whose row may lie there.
        noisy: ledgers with bytes in them that are no text.
    """

    stopped: bool
    streams: int
    records: int
    has_ledger: bool
    expected: bool
    trades: int
    unverifiable: int
    unseen: int
    understood: bool
    ledgers: LedgerSpec
    health: tuple[HealthFile, ...]
    tables: frozenset[Address]
    rooms: dict[Address, int]
    noisy: frozenset[Address]


def signs_of(session: Session, *, expected: bool) -> SessionSigns:
    """The signs of a session; ``expected`` as they have it."""
    states = [*_states(session)]
    evidence = session.evidence
    tables = {ledger.address for ledger in session.ledgers}
    tables |= {other.address for other in evidence.others if other.kind in _TABLES}
    rooms = (trade.room for trade in session.closed)
    return SessionSigns(
        stopped=session.stopped is not None,
        streams=len(evidence.streams),
        records=sum(stream.records for stream in evidence.streams),
        has_ledger=bool(session.ledgers),
        expected=expected,
        trades=len(states),
        unverifiable=states.count(TradeState.UNVERIFIABLE) if _unverifiable(states) else 0,
        unseen=len(ended_unseen(session)) if session.ledgers else 0,
        understood=_is_understood(session),
        ledgers=session.profile.ledger,
        health=session.profile.health,
        tables=frozenset(tables),
        rooms=dict(Counter(room.address for room in rooms if room is not None and not room.line)),
        noisy=frozenset(ledger.address for ledger in session.ledgers if ledger.ledger.noisy),
    )


def not_judged(  # noqa: PLR0911 - one a reason
    sessions: Sequence[SessionSigns], problems: Sequence[Problem], *, recognised: bool
) -> NotJudged | None:
    """Why nothing was judged; None where something was.

    Closes without a ledger, and trades most of which cannot be verified, count for each session: another bot that
    is well would hide them otherwise. A session that is not recognised may be no bot's at all, so it counts only
    where there is no other.
    """
    if stopped := sum(s.stopped for s in sessions):
        return NotJudged(Reason.RULE_FAILED, stopped)
    if not any(s.streams or s.has_ledger for s in sessions):
        return NotJudged(Reason.NOTHING_READ)
    records = sum(s.records for s in sessions)
    if not records:
        return NotJudged(Reason.NO_RECORD)
    if expected := sum(s.expected for s in sessions):
        return NotJudged(Reason.CLOSES_NOT_RECOGNISED, expected)
    if alone := sum(s.trades for s in sessions if not s.has_ledger):
        return NotJudged(Reason.NO_LEDGER, alone)
    if blind := sum(s.unverifiable for s in sessions):
        return NotJudged(Reason.NOT_VERIFIABLE, blind)
    if not (recognised or any(s.understood for s in sessions)):
        return NotJudged(Reason.NOT_RECOGNISED, records)
    if not any(s.trades for s in sessions) and (unread := _unread(sessions, problems)):
        return NotJudged(Reason.UNREAD, unread)
    if unseen := sum(s.unseen for s in sessions):
        return NotJudged(Reason.ENDED_UNSEEN, unseen)
    return _left_out(sessions, problems)


def _unread(sessions: Sequence[SessionSigns], problems: Iterable[Problem]) -> int:
    """How many files, which may be logs or ledgers, were not read to their end for another reason than a limit."""
    health = [file for session in sessions for file in session.health]
    return len(
        {
            problem.address
            for problem in problems
            if problem.kind is not ProblemKind.OVER_LIMIT
            and not is_health(problem.address.member or problem.address.path, health)
        }
    )


def _left_out(sessions: Sequence[SessionSigns], problems: Sequence[Problem]) -> NotJudged | None:
    """That what was not read of sources may tell of closes; rows that were not read are room for their closes."""
    tables = frozenset[Address]().union(*(session.tables for session in sessions))
    logs = [p for p in problems if p.address not in tables and _may_hold_records(p, sessions)]
    if cut := {p.address for p in logs if p.kind is ProblemKind.OVER_LIMIT}:
        return NotJudged(Reason.LIMIT, len(cut))
    lost = {p.address for p in logs} | _damaged_ledgers(sessions, problems)
    return NotJudged(Reason.DAMAGE, len(lost)) if lost else None


def _damaged_ledgers(sessions: Iterable[SessionSigns], problems: Iterable[Problem]) -> set[Address]:
    """Files in whose damage rows of closes may have stood that are not in the ledger: these may be lost."""
    damaged = {p.address for p in problems if p.kind is not ProblemKind.OVER_LIMIT}
    return {a for session in sessions for a in session.rooms if a in damaged or a in session.noisy}


def _may_hold_records(problem: Problem, sessions: Iterable[SessionSigns]) -> bool:
    """Whether what was not read may be lines of a log: damaged ones, or of a file that its name says is one."""
    name = problem.address.member or problem.address.path
    if any(may_be_ledger(name, s.ledgers) or is_health(name, s.health) for s in sessions):
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
