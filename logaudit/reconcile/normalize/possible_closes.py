"""Lines that tell of a close in words of many bots: believed where nothing else does, and a position is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.trades import symbol_key


def with_possible_closes(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events, with possible closes as closes where they are believed, and without them elsewhere.

    A bot whose closes are known words them that way: what else speaks of one is an alarm, a summary or a plan. Of the
    others only those are believed whose market had been opened before.
    """
    if not any(event.kind is EventKind.POSSIBLE_CLOSE for event in events):
        return tuple(events)
    sure = any(event.kind is EventKind.POSITION_CLOSED for event in events)
    opened = {} if sure else _opened(events)
    return tuple(
        replace(event, kind=EventKind.POSITION_CLOSED) if event.kind is EventKind.POSSIBLE_CLOSE else event
        for event in events
        if event.kind is not EventKind.POSSIBLE_CLOSE or _is_open(event, opened)
    )


def _opened(events: Iterable[Event]) -> dict[str, int]:
    """Key of each market that was opened → when first."""
    first: dict[str, int] = {}
    for event in events:
        if event.kind is EventKind.POSITION_OPENED:
            key, at = symbol_key(event.fields.symbol), event.at.order
            first[key] = min(at, first.get(key, at))
    return first


def _is_open(event: Event, opened: dict[str, int]) -> bool:
    since = opened.get(symbol_key(event.fields.symbol))
    return since is not None and since <= event.at.order
