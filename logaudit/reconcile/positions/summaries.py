"""Lists of closes that were announced before: the summary of a day or of a run, told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Final

from logaudit.core.events import Event
from logaudit.core.location import Location
from logaudit.core.money import tolerance
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.positions.announcements import contradicts, voice_of
from logaudit.reconcile.positions.printed_index import PrintedIndex

#: A list has so many closes, no further apart.
_FEWEST: Final = 3
_NEXT: Final = SECOND
#: For each close of a list that no announcement before told, so many others were told.
_TOLD: Final = 4
#: Earlier announcements of one result and entry price, of which so many are held against one of a list.
_MOST: Final = 512


def listed(closes: Sequence[Event]) -> frozenset[Location]:
    """The places of the announcements that lists repeat.

    Args:
        closes: in time order.
    """
    earlier: dict[tuple[str, Decimal], _Earlier] = defaultdict(_Earlier)
    for event in closes:
        if event.fields.result is not None:
            earlier[symbol_key(event.fields.symbol), event.fields.result].events.append(event)
    found: set[Location] = set()
    for burst in sorted(_bursts(closes), key=lambda events: events[0].at.us):
        told = [event for event in burst if _was_told(event, burst[0], earlier)]
        if len(told) >= _FEWEST and len(told) >= _TOLD * (len(burst) - len(told)):
            found |= {event.location for event in told}
    return frozenset(found)


class _Earlier:
    """The announcements of one market and result, of which those before a moment are found by their entry prices.

    Attributes:
        events: all of them, in time order.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._count = 0
        self._entries = PrintedIndex(tolerance)
        self._nameless: list[int] = []

    def before(self, moment: int, entry: Decimal | None) -> Iterator[Event]:
        """Those before a moment that no entry price tells from another, the newest of thousands; moments grow."""
        while self._count < len(self.events) and self.events[self._count].at.us < moment:
            own = self.events[self._count].fields.entry_price
            if own is None:
                self._nameless.append(self._count)
            else:
                self._entries.add(own, self._count)
            self._count += 1
        nameless = islice(reversed(self._nameless), _MOST)
        named = range(self._count)[::-1] if entry is None else self._entries.newest(entry)
        return (self.events[i] for i in chain(islice(named, _MOST), nameless))


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


def _was_told(event: Event, first: Event, earlier: dict[tuple[str, Decimal], _Earlier]) -> bool:
    """Whether this close was told before the list began."""
    result = event.fields.result
    if result is None:
        return False
    same = earlier[symbol_key(event.fields.symbol), result]
    before = same.before(first.at.us, event.fields.entry_price)
    return any(not contradicts(other.fields, event.fields) for other in before)
