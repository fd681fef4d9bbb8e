"""Whether closes that are believed for want of others bear out: rows that they leave over speak against all of them."""

from __future__ import annotations

from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.trades import TradeState
from logaudit.profiles import Profile
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import ClosedTrade, Session


def possible_patterns(profile: Profile) -> frozenset[str]:
    """Ids of the patterns of words that tell of a close for many bots."""
    return frozenset(p.id for p in profile.patterns if p.event is EventKind.POSSIBLE_CLOSE)


def bears_out(session: Session) -> bool:
    """Whether possible closes explain the rows: an alarm that shares their words does not."""
    patterns = possible_patterns(session.profile)
    closed = [trade for trade in session.closed if trade.close.pattern in patterns]
    if not closed or not session.ledgers:
        return True
    orphan = any(entry.state is TradeState.ORPHAN_ROW for entry in session.unclosed)
    return not orphan and all(map(_fits, closed))


def _fits(trade: ClosedTrade) -> bool:
    known = trade.position.open is not None and trade.state is not TradeState.UNVERIFIABLE
    return known and not trade.differences


def without_possible(evidence: SessionEvidence) -> SessionEvidence:
    """The evidence without its possible closes."""
    patterns = possible_patterns(evidence.profile)
    return replace(evidence, events=tuple(e for e in evidence.events if e.pattern not in patterns))
