"""One call told more than once within a stream: a file beside a copy of a part of it, or a sink added twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Captures, Event, EventKind, captures_of
from logaudit.core.fields import FieldName
from logaudit.core.location import Address, Location
from logaudit.reconcile.normalize.doubled_sinks import clusters_of, logs_of
from logaudit.reconcile.normalize.equal_records import Content, content
from logaudit.reconcile.normalize.session_evidence import Stream

#: Values that no two calls share.
_OWN: Final = (FieldName.COUNTER, FieldName.TRADE_ID, FieldName.PATH)
#: Facts that are one however often they are told in a moment.
_SINGLE: Final = (EventKind.RUN_STARTED, EventKind.RECORDER_READY)
#: When a source begins and ends, and the number of the log that it is a part of.
_Spans: TypeAlias = Mapping[Address, tuple[int, int, int]]
_Names: TypeAlias = frozenset[FieldName]


def without_repeats(stream: Stream, events: Iterable[Event]) -> list[Event]:
    """The stream's calls, each once, with the places of its repeats; in the order of their first telling.

    Events of two logs whose parts overlap in time are one call when stamp, emitter and all values are the same, also
    when one is cut and lacks values; of two that do not overlap, when their lines are the same. Equal events of one
    log are one call where the log tells all of it as often (see `doubled_sinks`), else as many, wherever it is
    rotated: two trades may be equal.
    """
    spans = {
        s.address: (s.earliest, s.latest, number) for number, log in enumerate(logs_of(stream)) for s in log
    }
    groups: dict[object, list[list[Event]]] = defaultdict(list)
    for call in (call for cluster in clusters_of(stream, events) for call in cluster.calls()):
        groups[call[0].kind, call[0].at, call[0].emitter, call[0].pattern].append(call)
    return [_join(call) for group in groups.values() for call in _calls(group, spans)]


def _calls(group: Sequence[list[Event]], spans: _Spans) -> Iterable[list[Event]]:
    """The calls among those of one kind, moment, emitter and pattern that the sources tell."""
    if len(group) == 1:
        return group
    calls = _Calls(spans)
    for told in group:
        calls.add(told)
    return [call.events for call in calls.all]


class _Call(Struct, eq=False):
    """One call with its tellings; ``told`` holds each pair of source and content once."""

    number: int
    events: list[Event]
    told: dict[tuple[Address, Content], None]
    logs: set[int]


class _Calls:
    """Calls in the order of their first telling, found by what they show: a moment may hold thousands of equal ones.

    Whether a telling belongs to a call turns from yes to no at most once, as the call gains tellings; so what was
    passed over once is passed over for all that source's tellings of the same content in the same words.
    """

    def __init__(self, spans: _Spans) -> None:
        self.all: list[_Call] = []
        self._spans = spans
        #: For names that a call's first telling shows, and fewer names: the calls by the values of the fewer.
        self._lists: dict[tuple[_Names, _Names], dict[Content, list[_Call]]] = {}
        self._passed: dict[tuple[_Names, Address, Content, str], int] = {}

    def add(self, told: Sequence[Event]) -> None:
        """Joins the tellings of one source to the first call that they may tell of, or makes them a new one."""
        event, shown = told[0], content(told[0])
        names = _names_of(shown)
        found = [self._first(names, shown, event.location, first) for first in self._shown_first()]
        single = _is_single(event) and self._list(names, names).get(shown)
        if single:
            found.append(single[0])
        home = min((call for call in found if call is not None), key=lambda c: c.number, default=None)
        if home is None:
            home = _Call(len(self.all), [], {}, set())
            self.all.append(home)
            self._index(home, names, shown)
        home.events += told
        home.told |= {(_address(e), content(e)): None for e in told}
        home.logs |= {self._spans[_address(e)][-1] for e in told}

    def _shown_first(self) -> list[_Names]:
        return list({first: None for first, _ in self._lists})

    def _index(self, call: _Call, names: _Names, shown: Content) -> None:
        self._list(names, names)
        for (first, fewer), calls in self._lists.items():
            if first == names:
                calls.setdefault(_part(shown, fewer), []).append(call)

    def _list(self, first: _Names, fewer: _Names) -> dict[Content, list[_Call]]:
        """The calls whose first telling shows ``first``, by the values of ``fewer``."""
        if (first, fewer) not in self._lists:
            calls = self._lists[first, fewer] = {}
            for same in self._lists.get((first, first), {}).items():
                calls.setdefault(_part(same[0], fewer), []).extend(same[1])
            for alike in calls.values():
                alike.sort(key=lambda c: c.number)
        return self._lists[first, fewer]

    def _first(self, names: _Names, shown: Content, place: Location, first: _Names) -> _Call | None:
        """The first call with these names whose telling in another source agrees with what this source shows."""
        if not (first <= names or names < first):
            return None
        alike = self._list(first, first & names).get(_part(shown, first), ())
        key = first, place.address, shown, place.text
        start = self._passed.get(key, 0)
        for at in range(start, len(alike)):
            if self._is_told(shown, place, alike[at]):
                self._passed[key] = at
                return alike[at]
        self._passed[key] = len(alike)
        return None

    def _is_told(self, shown: Content, place: Location, call: _Call) -> bool:
        source, first = place.address, call.events[0]
        if self._spans[source][-1] in call.logs:
            return False
        if shown == content(first) and place.text == first.location.text:
            return True
        return all(_overlap(self._spans, source, o) and _agree(other, shown) for o, other in call.told)


def _names_of(shown: Content) -> _Names:
    return frozenset(name for name, _ in shown)


def _part(shown: Content, names: _Names) -> Content:
    """What of it has these names."""
    return frozenset(pair for pair in shown if pair[0] in names)


def _is_single(event: Event) -> bool:
    return event.kind in _SINGLE or any(name in event.captures.values for name in _OWN)


def _overlap(spans: _Spans, left: Address, right: Address) -> bool:
    """Whether two sources tell of the same time; parts of one log meet in a moment at most."""
    (a, b, _), (c, d, _) = spans[left], spans[right]
    return max(a, c) < min(b, d)


def _agree(left: Content, right: Content) -> bool:
    """Whether one says all that the other says, with the same values."""
    return left <= right or right <= left


def _join(call: Sequence[Event]) -> Event:
    """The fullest telling first, then the first place of each other one; with what only others show of it."""
    if len(call) == 1:
        return call[0]
    fullest = max(call, key=lambda e: len(e.captures.values))
    others = [e for e in call if e is not fullest]
    if not others:
        return fullest
    captures = _with_others(fullest.captures, [e.captures for e in others])
    extra = [e.locations[0] for e in others]
    return replace(fullest, captures=captures, locations=(*fullest.locations, *extra))


def _with_others(fullest: Captures, others: Iterable[Captures]) -> Captures:
    """The values of one telling with those that only others show: blocks whose lines interleave share them out."""
    values = dict(fullest.values)
    for other in others:
        if all(values.get(name, value) == value for name, value in other.values.items()):
            values |= other.values
    return fullest if len(values) == len(fullest.values) else captures_of(values)


def _address(event: Event) -> Address:
    return event.locations[0].address
