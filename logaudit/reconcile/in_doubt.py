"""Which closes without a row, and which rows without a close, say too little to claim anything of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.believed_closes import explained_by_log, left_over, unproven
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.linked_claims import foreign_rows
from logaudit.reconcile.links import Links
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import Witness
from logaudit.reconcile.reconciled_ledger import Readings, ReconciledLedger
from logaudit.reconcile.trade_states import TradeClassifier

if TYPE_CHECKING:
    from logaudit.reconcile.broken_lines import BrokenLines


class InDoubt(Struct, frozen=True):
    """What is left open.

    Attributes:
        closes: indices of closes; those that are recorded or failed by the recorder's own word count all the same.
        rows: the `id` of rows.
    """

    closes: set[int]
    rows: set[int]


def in_doubt(
    evidence: SessionEvidence,
    claims: Sequence[Claim],
    written: tuple[Sequence[ReconciledLedger], Links, Sequence[Witness]],
    readings: Readings,
    judge: TradeClassifier,
    broken_lines: BrokenLines | None,
) -> InDoubt:
    """Gathers every reason for which a close without a row may be recorded, or no trade, or told twice.

    Args:
        claims: all closes of the session.
        written: its ledgers, how they are linked, and what the recorder said of each close.
        broken_lines: of logs whose last line breaks off, None where none does.
    """
    ledgers, links, said = written
    closes = [claim.close for claim in claims]
    lost = [i for i in range(len(claims)) if _is_without_row(links, i) and not said[i].failures]
    without = {i: closes[i] for i in lost}
    doubted = {near.close for near in links.doubted} | {i for i in lost if claims[i].doubtful}
    if any(opened.fields.symbol for opened in evidence.of(EventKind.POSITION_OPENED)):
        # Of several positions in play it does not say which: it may tell the end of one that another line tells, too.
        doubted |= {i for i, close in without.items() if not close.fields.symbol}
    doubted |= unproven(evidence, closes, lambda i: not _is_without_row(links, i))
    doubted |= explained_by_log(evidence, closes, lost)
    doubted |= _not_traded(evidence, ledgers, claims, lost, links)
    by_fills, rows = _of_fills(evidence, ledgers, links, without)
    doubted |= by_fills
    rows |= {id(links.rows[near.row]) for near in links.doubted}
    lies_elsewhere = foreign_rows(evidence, ledgers)
    loose = [row for row in links.unexplained if not lies_elsewhere(row)]
    against = left_over(evidence, ledgers, links, without, loose, lambda row: judge.row(readings.of(row)))
    if broken_lines is not None:
        against = {**broken_lines.rows_of(without, links.unexplained, readings), **against}
    doubted |= against.keys()
    rows |= {id(row) for some in against.values() for row in some}
    rows |= {id(row) for row in _ended_unseen(evidence, closes, ledgers, links)}
    return InDoubt(doubted, rows)


def _is_without_row(links: Links, close: int) -> bool:
    return links.row_of(close) is None and close not in links.restored


def _of_fills(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], links: Links, lost: Mapping[int, Event]
) -> tuple[set[int], set[int]]:
    """What fills leave open that may open positions or end them."""
    if not any(ledger.ledger.fills for ledger in ledgers):
        return set(), set()
    from logaudit.reconcile.mistaken_fills import mistaken_ends, mistaken_openings  # noqa: PLC0415 - few have fills

    mistaken = mistaken_openings(evidence, ledgers, lost.items())
    upset = {*mistaken.values()}
    rows = {id(row) for row in links.unexplained if row.location.address in upset}
    return {*mistaken}, rows | {id(row) for row in mistaken_ends(evidence, ledgers, links.unexplained)}


def _not_traded(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    claims: Sequence[Claim],
    lost: Sequence[int],
    links: Links,
) -> set[int]:
    """Those of the lost closes that may be no trades of the bot's, or of an account whose ledger is not at hand."""
    if not lost or not links.matched:
        return set()
    from logaudit.reconcile.no_own_trades import not_traded  # noqa: PLC0415 - most closes have a row
    from logaudit.reconcile.other_accounts import of_other_accounts  # noqa: PLC0415 - as above

    apart = of_other_accounts(evidence, ledgers, claims, lost, links)
    return apart | not_traded(evidence, ledgers, claims, lost, links.matched)


def _ended_unseen(
    evidence: SessionEvidence, closes: Sequence[Event], ledgers: Sequence[ReconciledLedger], links: Links
) -> Iterable[LedgerEntry]:
    """The rows without a close that bear the time of an open and may be of positions that ended unseen."""
    if not any(ledger.shift.of_open for ledger in ledgers):
        return ()
    from logaudit.reconcile.unseen_ends import ended_unseen  # noqa: PLC0415 - few ledgers show when positions began

    return ended_unseen(evidence, ledgers, links, closes)
