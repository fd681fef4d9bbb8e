"""Sets rows apart whose time no bot can have traded at, unless the log tells of that time too."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from msgspec.structs import replace

from logaudit.core.timestamp import DAY, is_trading_time
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.ledger import RejectedRow, RejectReason
from logaudit.ledger.reject import no_trading
from logaudit.reconcile.normalize import SessionEvidence


def without_far_rows(extract: LedgerExtract, evidence: SessionEvidence) -> LedgerExtract:
    """The ledger with each such row among the rejected ones.

    A zero value (year 1, 1970) or torn digits must not stretch the time that a ledger covers. Where an event of
    the log lies within a day of the row, the clock of both was never set, and the row is as good as any.
    """
    ledger = extract.ledger
    far = [row for row in ledger.rows if not is_trading_time(row.at.us) and not _told(row, evidence)]
    if not far:
        return extract
    numbers = {row.number for row in far}
    rejected = [RejectedRow(r.location, RejectReason.BAD_TIME, no_trading("closed", r.at)) for r in far]
    return replace(
        extract,
        ledger=replace(
            ledger,
            rows=tuple(row for row in ledger.rows if row.number not in numbers),
            rejected=tuple(sorted((*ledger.rejected, *rejected), key=lambda r: r.location)),
        ),
    )


def _told(row: LedgerEntry, evidence: SessionEvidence) -> bool:
    events = evidence.events
    first = bisect_left(events, row.at.us - DAY, key=lambda e: e.at.us)
    return first < bisect_right(events, row.at.us + DAY, key=lambda e: e.at.us)
