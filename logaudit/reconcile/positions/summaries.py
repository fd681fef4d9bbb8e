"""Lists of closes that were announced before: the summary of a day or of a run, told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Final

from logaudit.core.events import Event
from logaudit.core.location import Location
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.positions.announcements import contradicts, voice_of

#: A list has so many closes, no further apart.
_FEWEST: Final = 3
_NEXT: Final = SECOND
#: For each close of a list that no announcement before told, so many others were told.
_TOLD: Final = 4


def listed(closes: Sequence[Event]) -> frozenset[Location]:
    """The places of the announcements that lists repeat.

    Args:
        closes: in time order.
    """
    earlier: dict[tuple[str, Decimal], list[Event]] = defaultdict(list)
    for event in closes:
        if event.fields.result is not None:
            earlier[symbol_key(event.fields.symbol), event.fields.result].append(event)
    found: set[Location] = set()
    for burst in _bursts(closes):
        told = [event for event in burst if _was_told(event, burst[0], earlier)]
        if len(told) >= _FEWEST and len(told) >= _TOLD * (len(burst) - len(told)):
            found |= {event.location for event in told}
    return frozenset(found)


def _bursts(closes: Iterable[Event]) -> Iterator[list[Event]]:
    """Announcements of one voice that follow one another at once."""
    spoken: dict[object, list[Event]] = {}
    for event in closes:
        voice = voice_of(event)
        burst = spoken.get(voice)
        if burst is not None and event.at.us - burst[-1].at.us <= _NEXT:
            burst.append(event)
            continue
        if burst is not None:
            yield burst
        spoken[voice] = [event]
    yield from spoken.values()


def _was_told(event: Event, first: Event, earlier: dict[tuple[str, Decimal], list[Event]]) -> bool:
    """Whether this close was told before the list began."""
    result = event.fields.result
    if result is None:
        return False
    before = takewhile(
        lambda other: other.at.us < first.at.us, earlier[symbol_key(event.fields.symbol), result]
    )
    return any(not contradicts(other.fields, event.fields) for other in before)
