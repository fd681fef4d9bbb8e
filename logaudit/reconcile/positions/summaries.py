"""Lists of closes that were announced before: the summary of a day or of a run, told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Final

from logaudit.core.events import Event
from logaudit.core.location import Location
from logaudit.core.money import rounded, tolerance, unit
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
    earlier = _Results(closes)
    found: set[Location] = set()
    for burst in sorted(_bursts(closes), key=lambda events: events[0].at.us):
        told = [event for event in burst if _was_told(event, burst[0], earlier)]
        if len(told) >= _FEWEST and len(told) >= _TOLD * (len(burst) - len(told)):
            found |= {event.location for event in told}
    return frozenset(found)


class _Results:
    """The announcements by market and result, and by what a list of fewer digits prints of it."""

    def __init__(self, closes: Sequence[Event]) -> None:
        self._closes = [event for event in closes if event.fields.result is not None]
        self._told: dict[tuple[str, Decimal], _Earlier] = defaultdict(_Earlier)
        self._shortened: dict[int, dict[tuple[str, Decimal], _Earlier]] = {}
        for event in self._closes:
            if event.fields.result is not None:
                self._told[symbol_key(event.fields.symbol), event.fields.result].events.append(event)

    def of(self, symbol: str, result: Decimal) -> Iterator[_Earlier]:
        """Those of the same result, then those of a longer one; to be asked in the order of time."""
        key = symbol_key(symbol), result
        if key in self._told:
            yield self._told[key]
        places = -unit(result).adjusted()
        if places not in self._shortened:
            self._shortened[places] = self._shorter(places)
        if key in self._shortened[places]:
            yield self._shortened[places][key]

    def _shorter(self, places: int) -> dict[tuple[str, Decimal], _Earlier]:
        found: dict[tuple[str, Decimal], _Earlier] = defaultdict(_Earlier)
        for event in self._closes:
            result = event.fields.result
            if result is not None and -unit(result).adjusted() > places:
                found[symbol_key(event.fields.symbol), rounded(result, places)].events.append(event)
        return found


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
    """Announcements of one voice, whatever side they tell of, that follow one another at once."""
    spoken: dict[object, list[Event]] = {}
    for event in closes:
        *voice, _ = voice_of(event)
        burst = spoken.get(tuple(voice))
        if burst is not None and event.at.us - burst[-1].at.us <= _NEXT:
            burst.append(event)
            continue
        if burst is not None:
            yield burst
        spoken[tuple(voice)] = [event]
    yield from spoken.values()


def _was_told(event: Event, first: Event, earlier: _Results) -> bool:
    """Whether this close was told before the list began; in fewer digits only by another voice than its own.

    One voice may print 1.5 of 1.50, but not of 1.52.
    """
    result = event.fields.result
    if result is None:
        return False
    return any(
        not contradicts(other.fields, event.fields)
        and (other.fields.result == result or voice_of(other) != voice_of(event))
        for same in earlier.of(event.fields.symbol, result)
        for other in same.before(first.at.us, event.fields.entry_price)
    )
