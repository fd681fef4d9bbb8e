"""What a reconstructed position holds."""

from __future__ import annotations

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide
from logaudit.core.trades import PositionStatus


class Position(Struct, frozen=True):
    """One position: its open, the closes that ended it (the last one final), and the exchange's word.

    Attributes:
        closes: empty while open; several for partial closes; each with the side of the open where its own lines
            name none.
        echoes: for each close, the other announcements of it.
        added: opens of further positions that one close ended together with it.
        exchange: confirmations of the exchange between this open and the next.
        flat: the first line after its last event that says that nothing is held, though no close was logged.
    """

    symbol: str
    side: PositionSide | None
    run: str
    status: PositionStatus
    open: Event | None
    closes: tuple[Event, ...]
    exchange: tuple[Event, ...] = ()
    echoes: tuple[tuple[Event, ...], ...] = ()
    added: tuple[Event, ...] = ()
    flat: Event | None = None

    def is_partial(self, close: Event) -> bool:
        """Whether something was left of the position after one of its closes."""
        return self.status is PositionStatus.PARTLY_CLOSED or close.location != self.closes[-1].location

    @property
    def start(self) -> int:
        """Naive µs of its first event."""
        return self.open.at.us if self.open else self.closes[0].at.us
