"""Closes whose rows the log itself says may be gone, or were not to be written: somebody decided so.

Behind a line that recording is switched off, until something is recorded again or the bot starts anew; and before a
line that rows were removed or changed, of its market where it names one.
"""

from __future__ import annotations

from bisect import bisect_right
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
    if not told:
        return set()
    stops = sorted(event.at.us for event in told if event.captures.outcome == _STOPPED)
    work = sorted(event.at.us for event in (*evidence.of(*_AT_WORK), *recorded))
    # Of each market, and of none, the last that was changed: whatever closed before an earlier one closed before it.
    edited: dict[str, int] = {}
    for event in told:
        if event.captures.outcome != _STOPPED:
            key = symbol_key(event.fields.symbol)
            edited[key] = max(event.at.us, edited.get(key, event.at.us))
    return {
        i
        for i, close in lost.items()
        if _stopped(close.at.us, stops, work)
        or any(close.at.us <= edited[k] for k in {"", symbol_key(close.fields.symbol)} & edited.keys())
    }


def _stopped(closed: int, stops: Sequence[int], work: Sequence[int]) -> bool:
    """Whether nothing was at work between the last line that recording is switched off and a moment."""
    behind = bisect_right(stops, closed)
    if not behind:
        return False
    at_work = bisect_right(work, stops[behind - 1])
    return at_work == len(work) or work[at_work] >= closed
