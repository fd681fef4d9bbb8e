"""Rows that show when their position was opened, without a close: whether the logs cover the time in which it ended."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence

from logaudit.core.events import Event
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.links import Links
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.reconcile.trade_states import closing_streams


def ended_unseen(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], links: Links, closes: Sequence[Event]
) -> Iterator[LedgerEntry]:
    """The rows without a close whose positions may have ended where no log is at hand.

    A recorder writes its rows as positions end, so that the closes of the rows beside one say between which times that
    was; nothing says it of a row behind the last with a close.
    """
    covered = [interval for stream in closing_streams(evidence) for interval in stream.covered]
    for ledger in ledgers:
        if not ledger.shift.of_open:
            continue
        linked = ((links.rows[found.row], closes[c].at.us) for c, found in links.matched.items())
        told = sorted((row.number, at) for row, at in linked if row.location.address == ledger.address)
        newest_first = bool(told) and told[0][1] > told[-1][1]
        for row in links.unexplained:
            if row.location.address != ledger.address:
                continue
            place = bisect(told, (row.number, 0))
            earlier, later = told[:place][-1:], told[place:][:1]
            if newest_first:
                earlier, later = later, earlier
            opened = ledger.log_time(row)
            first, last = (max(opened, *(at for _, at in side), opened) for side in (earlier, later))
            if not later or not any(i.start <= first and last <= i.end for i in covered):
                yield row
