"""Closes whose rows the log itself says may be gone, or were not to be written: somebody decided so.

Behind a line that recording is switched off, until something is recorded again or the bot starts anew; and before a
line that rows were removed or changed, of its market where it names one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.trades import symbol_key
from logaudit.reconcile.normalize import SessionEvidence

_STOPPED: Final = "stopped"
#: What shows that the recorder is at work again.
_AT_WORK: Final = (
    EventKind.RUN_STARTED,
    EventKind.RECORDER_READY,
    EventKind.LEDGER_OPENED,
    EventKind.TRADE_ACKNOWLEDGED,
)


def touched(evidence: SessionEvidence, lost: Mapping[int, Event], recorded: Sequence[Event]) -> set[int]:
    """The indices of such closes among those without a row; ``recorded`` are the closes that have one."""
    told = evidence.of(EventKind.LEDGER_TOUCHED)
    work = [event.at.us for event in (*evidence.of(*_AT_WORK), *recorded)]
    return {
        i
        for i, close in lost.items()
        if any(
            _stopped(event, close, work) if event.captures.outcome == _STOPPED else _edited(event, close)
            for event in told
        )
    }


def _stopped(event: Event, close: Event, work: Sequence[int]) -> bool:
    return event.at.us <= close.at.us and not any(event.at.us < at < close.at.us for at in work)


def _edited(event: Event, close: Event) -> bool:
    own = symbol_key(event.fields.symbol)
    return close.at.us <= event.at.us and (not own or own == symbol_key(close.fields.symbol))
