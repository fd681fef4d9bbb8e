"""Whether closes that are believed for want of others bear out: rows that they leave over speak against all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.trades import LedgerEntry, TradeState, symbol_key
from logaudit.profiles import Profile
from logaudit.profiles.profile import LEARNED
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching.leftovers import same_total
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger


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
    return not orphan and all(_fits(trade, rows_left=bool(session.unclosed)) for trade in closed)


def _fits(trade: ClosedTrade, *, rows_left: bool) -> bool:
    """Whether a close ends a known position and its row, if any, agrees; without any it may be left in doubt."""
    doubtful = trade.state is TradeState.UNVERIFIABLE and (rows_left or trade.result is not None)
    return trade.position.open is not None and not doubtful and not trade.differences


def without_possible(evidence: SessionEvidence) -> SessionEvidence:
    """The evidence without its possible closes."""
    patterns = possible_patterns(evidence.profile)
    return replace(evidence, events=tuple(e for e in evidence.events if e.pattern not in patterns))


def unproven(evidence: SessionEvidence, closes: Sequence[Event], recorded: Callable[[int], bool]) -> set[int]:
    """Indices of possible closes that may be no more than alarms: they print no result, and nothing bears them out.

    A row does that, of any close in these words, and so does the next open of the market.

    Args:
        recorded: index of a close → whether it has a row.
    """
    patterns = possible_patterns(evidence.profile)
    told = [i for i, close in enumerate(closes) if close.pattern in patterns]
    if not told or any(recorded(i) for i in told):
        return set()
    last = {symbol_key(e.fields.symbol): e.at.us for e in evidence.of(EventKind.POSITION_OPENED)}
    alone = (i for i in told if last.get(symbol_key(closes[i].fields.symbol), 0) < closes[i].at.us)
    return {i for i in alone if closes[i].fields.result is None}


def left_over(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    links: Links,
    lost: Mapping[int, Event],
    rows: Sequence[LedgerEntry],
    state_of: Callable[[LedgerEntry], TradeState],
) -> Mapping[int, Sequence[LedgerEntry]]:
    """Closes without a row, of which rows without a close leave open whether they were lost, with these rows.

    Args:
        lost: the closes without a row, by their indices; rows: those without a close.
        state_of: what a row without a close is: an orphan where the logs would tell its close.
    """
    if not lost or not rows:
        return {}
    if not links.matched:
        from logaudit.reconcile.foreign_ledgers import nothing_in_common  # noqa: PLC0415 - few ledgers record no close

        covered = sum(state_of(row) is TradeState.ORPHAN_ROW for row in links.unexplained)
        if nothing_in_common(evidence, ledgers, links, len(lost), covered):
            return dict.fromkeys(lost, rows)
    if same_total([close.fields.result for close in lost.values()], [row.result for row in rows]):
        return dict.fromkeys(lost, rows)
    if evidence.profile.name != LEARNED:
        return {}
    from logaudit.reconcile.learned_reach import beside_rows, is_learned  # noqa: PLC0415 - few profiles are learned

    return beside_rows(((i, close) for i, close in lost.items() if is_learned(close)), rows)


def explained_by_log(evidence: SessionEvidence, closes: Sequence[Event], lost: Sequence[int]) -> set[int]:
    """Those of the lost closes of which the log says why their rows may be missing."""
    if not lost or not evidence.of(EventKind.LEDGER_TOUCHED):
        return set()
    from logaudit.reconcile.touched_ledgers import touched  # noqa: PLC0415 - few logs tell of it

    without = {i: closes[i] for i in lost}
    return touched(evidence, without, [close for i, close in enumerate(closes) if i not in without])


def alarms(session: Session) -> list[ClosedTrade]:
    """The closes that are left in doubt because their lines may be no more than alarms."""
    patterns = possible_patterns(session.profile)
    return [
        trade
        for trade in session.closed
        if trade.close.pattern in patterns and trade.result is None and trade.state is TradeState.UNVERIFIABLE
    ]
