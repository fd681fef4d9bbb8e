"""Ids that tell trades apart; what only looks like one (a worker's number, a counter that starts anew) is dropped."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import IDS, LONG_ID, FieldName, TradeFields
from logaudit.core.trades import symbol_key

_TRADES: Final = frozenset({EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED})


def with_telling_ids(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events without the ids that do not tell trades apart.

    Such are a value that trades of two symbols or sides bear, a short one that is opened or closed in two runs of the
    bot, and the only value of a field that several opens and closes bear.
    """
    starts = [e.at.us for e in events if e.kind is EventKind.RUN_STARTED]
    dropped = {name: _dropped(name, events, starts) for name in IDS}
    if not any(dropped.values()):
        return tuple(events)
    return tuple(_without(event, dropped) for event in events)


def _dropped(name: FieldName, events: Iterable[Event], starts: Sequence[int]) -> frozenset[str]:
    bearers: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in _TRADES and (value := _id_of(event.fields, name)):
            bearers[value].append(event)
    if len(bearers) == 1 and all(_count(group, kind) > 1 for group in bearers.values() for kind in _TRADES):
        return frozenset(bearers)
    return frozenset(value for value, group in bearers.items() if _is_shared(value, group, starts))


def _count(events: Iterable[Event], kind: EventKind) -> int:
    return sum(e.kind is kind for e in events)


def _is_shared(value: str, bearers: Sequence[Event], starts: Sequence[int]) -> bool:
    """Whether trades that are not one bear the value."""
    if any(_differ(bearers, read) for read in _SUBJECTS):
        return True
    if len(value) >= LONG_ID:
        return False
    runs = [{bisect_right(starts, e.at.us) for e in bearers if e.kind is kind} for kind in _TRADES]
    return any(len(told) > 1 for told in runs)


_SUBJECTS: Final[tuple[Callable[[TradeFields], object], ...]] = (
    lambda fields: symbol_key(fields.symbol) or None,
    lambda fields: fields.side,
)


def _differ(bearers: Iterable[Event], read: Callable[[TradeFields], object]) -> bool:
    return len({value for e in bearers if (value := read(e.fields)) is not None}) > 1


def _without(event: Event, dropped: dict[FieldName, frozenset[str]]) -> Event:
    lost = {name.value: "" for name in IDS if _id_of(event.fields, name) in dropped[name]}
    if not lost:
        return event
    return replace(event, captures=replace(event.captures, fields=replace(event.fields, **lost)))


def _id_of(fields: TradeFields, name: FieldName) -> str:
    """The id of this name, empty for none."""
    value: str = getattr(fields, name.value)
    return value
