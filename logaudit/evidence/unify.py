"""The same call seen twice is one event: two sinks of one logger, or a copied part of a log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from logaudit.evidence.assemble import in_time_order
from logaudit.model.events import Event, EventKind, FieldName
from logaudit.model.money import agree, parse_decimal
from logaudit.model.stamp import SECOND
from logaudit.model.trades import symbol_key

#: A call's two sinks format one record: their stamps differ by printed precision only.
_APART = 2 * SECOND


def unify(events: Iterable[Event]) -> tuple[Event, ...]:
    """Merges events that are one call, the location with the most values first, the finest time kept.

    Within one stream two events are the same when stamp, emitter and all values are the same text (a file
    and its partial copy, a sink added twice). Across streams their stamps must agree within printed
    precision and no value or emitter may contradict; each event joins at most one of another stream.
    """
    buckets: dict[tuple[EventKind, str], list[list[Event]]] = defaultdict(list)
    for event in in_time_order(_without_repeats(events)):
        groups = buckets[event.kind, symbol_key(event.get(FieldName.SYMBOL))]
        home = next((g for g in reversed(groups[-8:]) if _same_call(g, event)), None)
        if home is None:
            groups.append([event])
        else:
            home.append(event)
    merged = (_merge(group) for groups in buckets.values() for group in groups)
    return tuple(in_time_order(merged))


def _without_repeats(events: Iterable[Event]) -> Iterable[Event]:
    first: dict[object, Event] = {}
    for event in events:
        key = (event.kind, event.at, event.stream, event.emitter, tuple(event.values.items()), event.pattern)
        if key in first:
            kept = first[key]
            extra = tuple(loc for loc in event.locations[:1] if loc not in kept.locations)
            first[key] = replace(kept, locations=kept.locations + extra)
        else:
            first[key] = event
    return first.values()


def _same_call(group: list[Event], event: Event) -> bool:
    if any(e.stream == event.stream for e in group):
        return False
    if any(abs(e.at.us - event.at.us) > _APART for e in group):
        return False
    return all(e.at.could_equal(event.at) and _consistent(e, event) for e in group)


def _consistent(left: Event, right: Event) -> bool:
    if left.pattern != right.pattern and left.kind is EventKind.TRADE_ACKNOWLEDGED:
        return False
    if left.emitter and right.emitter and left.emitter.path != right.emitter.path:
        return False
    shared = left.values.keys() & right.values.keys()
    return all(_same_value(left.values[name], right.values[name]) for name in shared)


def _same_value(left: str, right: str) -> bool:
    if left.lower() == right.lower():
        return True
    a, b = parse_decimal(left), parse_decimal(right)
    return a is not None and b is not None and agree(a, b)


def _merge(group: list[Event]) -> Event:
    if len(group) == 1:
        return group[0]
    fullest = max(group, key=lambda e: (len(e.values), -e.at.precision))
    finest = min(group, key=lambda e: e.at.precision)
    rest = [e for e in group if e is not fullest]
    values = dict(fullest.values)
    for event in rest:
        values = {**event.values, **values}
    emitter = next((e.emitter for e in (fullest, *rest) if e.emitter), fullest.emitter)
    return replace(
        fullest,
        at=finest.at,
        emitter=emitter,
        level=fullest.level or next((e.level for e in rest if e.level), ""),
        values=dict(sorted(values.items())),
        locations=fullest.locations[:1]
        + tuple(e.locations[0] for e in rest)
        + fullest.locations[1:]
        + tuple(loc for e in rest for loc in e.locations[1:]),
        also_in=tuple(sorted({e.stream for e in rest})),
    )
