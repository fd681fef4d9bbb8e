"""One call told more than once within a stream: a file beside a copy of a part of it, or a sink added twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import FieldName
from logaudit.core.location import Address
from logaudit.reconcile.normalize.doubled_sinks import clusters_of, content
from logaudit.reconcile.normalize.session_evidence import Stream

#: Values that no two calls share.
_OWN: Final = (FieldName.COUNTER, FieldName.TRADE_ID, FieldName.PATH)
#: Facts that are one however often they are told in a moment.
_SINGLE: Final = (EventKind.RUN_STARTED, EventKind.RECORDER_READY)
_Spans: TypeAlias = Mapping[Address, tuple[int, int]]


def without_repeats(stream: Stream, events: Iterable[Event]) -> list[Event]:
    """The stream's calls, each once, with the places of its repeats; in the order of their first telling.

    Events of two sources that overlap in time are one call when stamp, emitter and all values are the same, also
    when one is cut and lacks values. Equal events of one source are one call where the source tells all of it as
    often (see `doubled_sinks`), else as many: two trades may be equal.
    """
    spans = {s.address: (s.earliest, s.latest) for s in stream.sources}
    groups: dict[object, list[list[Event]]] = defaultdict(list)
    for call in (call for cluster in clusters_of(stream, events) for call in cluster.calls()):
        groups[call[0].kind, call[0].at, call[0].emitter, call[0].pattern].append(call)
    return [_join(call) for group in groups.values() for call in _calls(group, spans)]


def _calls(group: Sequence[list[Event]], spans: _Spans) -> list[list[Event]]:
    """The calls among those of one kind, moment, emitter and pattern that the sources tell."""
    calls: list[list[Event]] = []
    for told in group:
        home = next((call for call in calls if _is_told_by(told[0], call, spans)), None)
        if home is None:
            calls.append([*told])
        else:
            home += told
    return calls


def _is_told_by(event: Event, call: Sequence[Event], spans: _Spans) -> bool:
    ours = _address(event)
    elsewhere = all(_address(e) != ours for e in call)
    if content(event) == content(call[0]) and (elsewhere or _is_single(event)):
        return True
    return elsewhere and all(_overlap(spans, ours, _address(e)) and _agree(e, event) for e in call)


def _is_single(event: Event) -> bool:
    return event.kind in _SINGLE or any(name in event.captures.values for name in _OWN)


def _overlap(spans: _Spans, left: Address, right: Address) -> bool:
    """Whether two sources tell of the same time; parts of one log meet in a moment at most."""
    (a, b), (c, d) = spans[left], spans[right]
    return max(a, c) < min(b, d)


def _agree(left: Event, right: Event) -> bool:
    """Whether one says all that the other says, with the same values."""
    less, more = sorted((content(left), content(right)), key=len)
    return less <= more


def _join(call: Sequence[Event]) -> Event:
    """The fullest telling first, then the first place of each other one."""
    fullest = max(call, key=lambda e: len(e.captures.values))
    extra = [e.locations[0] for e in call if e is not fullest]
    return replace(fullest, locations=(*fullest.locations, *extra)) if extra else fullest


def _address(event: Event) -> Address:
    return event.locations[0].address
