"""What says that logs in which no close was recognised had some all the same."""

from __future__ import annotations

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.close_candidates import CloseCandidate
from logaudit.reconcile.positions import Position


class ExpectedCloses(Struct, frozen=True):
    """Why closes are expected; empty where nothing says that there were any.

    Attributes:
        rows: rows of ledgers whose time lies in that of the logs.
        ended: positions that were opened again, or over when a line said that nothing is held.
        told: what the recorder or the exchange said of a close.
        lines: wordings that hold the symbol of an open position and speak of its end, the most frequent first.
    """

    rows: tuple[LedgerEntry, ...] = ()
    ended: tuple[Position, ...] = ()
    told: tuple[Event, ...] = ()
    lines: tuple[CloseCandidate, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything says that there were closes; a position that is merely open at the end does not."""
        return bool(self.rows or self.ended or self.told or self.lines)
