"""One order fill that the log tells, with the rows that record it."""

from __future__ import annotations

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.location import Location
from logaudit.core.trades import LedgerEntry, TradeState


class LoggedFill(Struct, frozen=True):
    """A fill of an order.

    Attributes:
        run: id of the run that tells it, empty for none.
        rows: those that record it: one, or all of its order where log and ledger part the order differently.
        state: ``recorded``, ``silent-drop`` for a fill that no row can record, or ``unverifiable``.
        room: the file or line in which its row may lie unread.
    """

    run: str
    event: Event
    rows: tuple[LedgerEntry, ...]
    state: TradeState
    room: Location | None = None

    @property
    def lost(self) -> bool:
        """Whether no row can record it."""
        return self.state is TradeState.SILENT_DROP
