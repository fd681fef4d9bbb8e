"""One call told more than once within a stream: a file beside a copy of a part of it, or a sink added twice."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, TypeAlias

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind, Value
from logaudit.core.fields import FieldName
from logaudit.core.location import Address
from logaudit.reconcile.normalize.session_evidence import Stream

#: Values that no two calls share.
_OWN: Final = (FieldName.COUNTER, FieldName.TRADE_ID, FieldName.PATH)
#: Facts that are one however often they are told in a moment.
_SINGLE: Final = (
    EventKind.RUN_STARTED,
    EventKind.RECORDER_READY,
    EventKind.POSITION_OPENED,
    EventKind.POSITION_CLOSED,
)
_Spans: TypeAlias = Mapping[Address, tuple[int, int]]


def without_repeats(stream: Stream, events: Iterable[Event]) -> list[Event]:
    """The stream's calls, each once, with the places of its repeats; in the order of their first telling.

    Events are one call when stamp, emitter and all values are the same; in two sources that overlap in
    time also when one is cut and lacks values. Two such lines in one source are two calls only where they
    tell nothing of their own (``trade recorded``) and the facts around them are not told twice.
    """
    spans = {s.address: (s.earliest, s.latest) for s in stream.sources}
    groups: dict[object, list[Event]] = defaultdict(list)
    for event in events:
        groups[event.kind, event.at, event.emitter, event.pattern].append(event)
    times = _Times(groups.values())
    kept: list[Event] = []
    for group in groups.values():
        if len(group) == 1:
            kept += group
        else:
            kept += _calls(group, spans, times)
    return kept


def _calls(group: Sequence[Event], spans: _Spans, times: _Times) -> list[Event]:
    """The calls among events of one kind, moment, emitter and pattern."""
    calls: list[list[Event]] = []
    for event in group:
        home = next((call for call in calls if _is_told_by(event, call, spans, times)), None)
        if home is None:
            calls.append([event])
        else:
            home.append(event)
    return [_join(call) for call in calls]


def _is_told_by(event: Event, call: Sequence[Event], spans: _Spans, times: _Times) -> bool:
    if _content(event) == _content(call[0]) and _is_single(event):
        return True
    ours = _address(event)
    inside = [e for e in call if _address(e) == ours]
    if inside:
        # A sink added twice tells all of it as often as the facts around.
        return _content(event) == _content(inside[0]) and len(inside) < times.count(event)
    return all(_overlap(spans, ours, _address(e)) and _agree(e, event) for e in call)


def _is_single(event: Event) -> bool:
    return event.kind in _SINGLE or any(name in event.captures.values for name in _OWN)


def _overlap(spans: _Spans, left: Address, right: Address) -> bool:
    """Whether two sources tell of the same time; parts of one log meet in a moment at most."""
    (a, b), (c, d) = spans[left], spans[right]
    return max(a, c) < min(b, d)


def _agree(left: Event, right: Event) -> bool:
    """Whether one says all that the other says, with the same values."""
    less, more = sorted((_content(left), _content(right)), key=len)
    return less <= more


def _join(call: Sequence[Event]) -> Event:
    """The fullest telling first, then the first place of each other one."""
    fullest = max(call, key=lambda e: len(e.captures.values))
    extra = [e.locations[0] for e in call if e is not fullest]
    return replace(fullest, locations=(*fullest.locations, *extra)) if extra else fullest


class _Times:
    """How often a source tells facts that happen once, by line."""

    def __init__(self, groups: Iterable[Sequence[Event]]) -> None:
        self._groups = groups

    @cached_property
    def _counts(self) -> dict[Address, list[tuple[int, int]]]:
        """Source → lines with such facts, each with how often it is told; asked for where anything repeats."""
        found: dict[Address, list[tuple[int, int]]] = defaultdict(list)
        for group in self._groups:
            single = [e for e in group if _is_single(e)]
            alike = Counter((_address(e), _content(e)) for e in single)
            for event in single:
                count = alike[_address(event), _content(event)]
                found[_address(event)].append((event.locations[0].line, count))
        for told in found.values():
            told.sort()
        return found

    def count(self, event: Event) -> int:
        """How often the nearest such fact is told in the event's source; once where there is none."""
        told = self._counts.get(_address(event), [])
        line = event.locations[0].line
        near = bisect_left(told, (line, 0))
        return min(told[max(0, near - 1) : near + 1], key=lambda t: abs(t[0] - line), default=(0, 1))[1]


def _content(event: Event) -> frozenset[tuple[FieldName, Value]]:
    """All that it shows, wherever it stands; equal for equal values."""
    values = event.captures.values
    if event.captures.unread:
        plain = {unread.field: unread.text for unread in event.captures.unread}
        return frozenset({**values, **plain}.items())
    return frozenset(values.items())


def _address(event: Event) -> Address:
    return event.locations[0].address
