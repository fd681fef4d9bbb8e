"""Which witness state a trade is in, and where nothing can be claimed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import TradeState
from logaudit.reconcile.normalize import SessionEvidence, Stream
from logaudit.reconcile.reconciled import Witness


class TradeClassifier:
    """Holds what the states of all trades of a session depend on."""

    def __init__(self, evidence: SessionEvidence, witnesses: Iterable[Witness]) -> None:
        self._window = round(evidence.profile.ledger.window * SECOND)
        # Where no acknowledgement was ever seen, the sink may hide them: their absence says nothing.
        seen = any(w.acks for w in witnesses)
        self._ack_streams = _holding(evidence, EventKind.TRADE_ACKNOWLEDGED) if seen else ()
        self._ledgers = bool(evidence.ledgers)
        self._close_streams = closing_streams(evidence)

    def close(
        self,
        close: Event,
        said: Witness,
        *,
        recorded: bool,
        restored: bool,
        acknowledged: bool = False,
        at_hand: bool,
        doubted: bool = False,
        room: bool = False,
    ) -> TradeState:
        """The state of a logged close.

        Args:
            acknowledged: whether its row is, also by the word on another close that the row shows.
            doubted: whether a row without a close may be its; room: whether an unread one may.
        """
        if recorded:
            silent = not (said.acks or acknowledged) and self._would_be_heard(close)
            return TradeState.UNACKNOWLEDGED if silent else TradeState.RECORDED
        if restored:
            return TradeState.BACKFILLED
        # What may lie in an unread place is open; a failed write that was logged is not.
        if doubted or not self._ledgers or (room and not said.failures):
            return TradeState.UNVERIFIABLE
        if said.failures:
            return TradeState.FAILED_WRITE
        if said.acks:
            # Where the file it was written to is not at hand, the acknowledged row may well exist.
            return TradeState.FALSE_ACK if at_hand else TradeState.UNVERIFIABLE
        return TradeState.SILENT_DROP

    def row(self, readings: Sequence[int]) -> TradeState:
        """The state of a row without a close: an orphan only where logs cover all that its time may mean."""
        covered = all(is_covered(self._close_streams, at, self._window) for at in readings)
        return TradeState.ORPHAN_ROW if covered else TradeState.UNVERIFIABLE

    def _would_be_heard(self, close: Event) -> bool:
        """Whether a stream that holds acknowledgements goes on for as long as this one's would take."""
        end = close.at.end + self._window
        return any(s.covers(close.at.us) and s.covers(end) for s in self._ack_streams)


def closing_streams(evidence: SessionEvidence) -> tuple[Stream, ...]:
    """The streams that would show a close; one that shows none, an error log or one in unknown words, would not."""
    return _holding(evidence, EventKind.POSITION_CLOSED)


def is_covered(streams: Iterable[Stream], at: int, window: int) -> bool:
    """Whether the logs would show a close at ``at``."""
    return any(stream.covers(at, window) for stream in streams)


def _holding(evidence: SessionEvidence, *kinds: EventKind) -> tuple[Stream, ...]:
    names = {name for e in evidence.of(*kinds) for name in (e.stream, *e.also_in)}
    return tuple(s for s in evidence.streams if s.name in names)
