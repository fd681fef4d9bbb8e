"""Whether a session in whose logs no close was recognised should have shown some, and of which symbols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from logaudit.core.events import EventKind
from logaudit.core.trades import LedgerEntry, PositionStatus, TradeState, symbol_key
from logaudit.ingest.close_candidates import CloseCandidate
from logaudit.reconcile.believed_closes import possible_patterns
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.reconciled import Session

_OF_A_CLOSE: Final = (
    EventKind.TRADE_ACKNOWLEDGED,
    EventKind.RECORDER_FAILED,
    EventKind.EXCHANGE_CONFIRMED,
)

#: Rows without a close from which words are learned; fewer may match lines by chance.
_ORPHANS: Final = 3


def lacks_closes(session: Session) -> bool:
    """Whether there are log records, and no recognised close among them, nor fills of a bot that tells no closes."""
    evidence = session.evidence
    if session.fills and evidence.tells_only_fills:
        return False
    return any(s.records for s in evidence.streams) and not evidence.of(EventKind.POSITION_CLOSED)


def lacks_sure_closes(session: Session) -> bool:
    """As `lacks_closes`; closes that are only believed for want of others may be taught better by rows."""
    patterns, closes = possible_patterns(session.profile), session.evidence.of(EventKind.POSITION_CLOSED)
    return lacks_closes(session) or (bool(closes) and all(e.pattern in patterns for e in closes))


def orphans(session: Session) -> list[LedgerEntry]:
    """The rows of closed trades that no recognised close explains, where the logs cover their time."""
    return [entry.row for entry in session.unclosed if entry.state is TradeState.ORPHAN_ROW]


def leaves_rows_over(session: Session) -> bool:
    """Whether so many rows have no close that the log may tell of them in words that are not recognised."""
    return len(orphans(session)) >= _ORPHANS


def expected_closes(session: Session, lines: Sequence[CloseCandidate]) -> ExpectedCloses:
    """What says that there were closes in a session that lacks them; ``lines`` are the candidates for them."""
    return ExpectedCloses(
        rows=rows_in_logs(session),
        ended=tuple(p for p in session.positions if p.status is PositionStatus.CLOSE_MISSING),
        told=tuple(e for e in session.evidence.of(*_OF_A_CLOSE) if session.window.holds(e.at.us)),
        lines=tuple(lines),
    )


def rows_in_logs(session: Session) -> tuple[LedgerEntry, ...]:
    """The judged rows that lie in the time of the logs."""
    span = session.evidence.span
    if span is None:
        return ()
    return tuple(
        row
        for ledger in session.ledgers
        for row in session.judged_rows_of(ledger)
        if any(span.start <= at <= span.end for at in ledger.readings(row))
    )


def symbols_that_may_close(session: Session) -> Mapping[str, int]:
    """Key of each symbol that a position or a row in the logs' time names → naive µs since when it may end."""
    since: dict[str, int] = {}
    for position in session.positions:
        key = symbol_key(position.symbol)
        since[key] = min(since.get(key, position.start), position.start)
    span = session.evidence.span
    if span is not None:
        since |= {symbol_key(row.fields.symbol): span.start for row in rows_in_logs(session)}
    return since
