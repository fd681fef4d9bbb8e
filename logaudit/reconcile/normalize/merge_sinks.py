"""The same call seen in two sinks of one logger is one event: in two streams, or in two layouts of one file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Dealt, Emitter, Event, EventKind, Value, captures_of
from logaudit.core.fields import Unread
from logaudit.core.money import agree
from logaudit.core.trades import symbol_key
from logaudit.reconcile.normalize.assemble_events import in_time_order
from logaudit.reconcile.normalize.sink_pools import SinkPools

#: So much of a line shows how its time is written.
_HEAD: Final = 12


def unify(events: Iterable[Event]) -> tuple[Event, ...]:
    """Merges events of different sinks that are one call.

    Their stamps must agree within printed precision, and no value or emitter may contradict; each event joins
    at most one of another sink, the nearest and of equals the first. The location with the most values
    comes first, the finest time is kept.
    """
    buckets: dict[tuple[EventKind, str], SinkPools] = defaultdict(lambda: SinkPools(_sink, _consistent))
    for event in in_time_order(events):
        buckets[event.kind, symbol_key(event.fields.symbol)].add(event)
    merged = (_merge(group) for bucket in buckets.values() for group in bucket.calls)
    return tuple(in_time_order(merged))


def _sink(event: Event) -> tuple[str, str, str, int, bool, bool, bool]:
    """What tells the sinks of a logger apart: the stream, and how a record is laid out in it."""
    by = event.emitter
    layout = _layout(event.location.text[:_HEAD])
    printed = bool(by.module), bool(by.function), bool(by.line)
    return event.stream, event.log_format, layout, event.at.precision, *printed


@lru_cache(maxsize=64)
def _layout(head: str) -> str:
    """How a line's beginning is laid out; those of events that are compared are mostly one."""
    return re.sub(r"\d", "0", head)


def _consistent(left: Event, right: Event) -> bool:
    if left.pattern != right.pattern and left.kind is EventKind.TRADE_ACKNOWLEDGED:
        return False
    if not _same_emitter(left.emitter, right.emitter):
        return False
    ours, theirs = left.captures.values, right.captures.values
    return all(_same_value(ours[name], theirs[name]) for name in ours.keys() & theirs.keys())


def _same_emitter(left: Emitter, right: Emitter) -> bool:
    """Whether both may be one code path; what a sink does not print contradicts nothing.

    One sink may print ``package.module`` and another ``module``.
    """
    if left.function and right.function and left.function != right.function:
        return False
    if not left.module or not right.module or left.module == right.module:
        return True
    short, long = sorted((left.module, right.module), key=len)
    return long.endswith("." + short)


def _same_value(left: Value, right: Value) -> bool:
    """Whether two sinks may have printed one value; one that could not be read is compared as it was written."""
    match left, right:
        case Decimal(), Decimal():
            return agree(left, right)
        case Unread(), Unread():
            return left.text.lower() == right.text.lower()
        case str(), str():
            return left.lower() == right.lower()
        case _:
            return left == right


def _named(emitter: Emitter) -> int:
    """How much of its code path a sink prints."""
    return bool(emitter.module) + bool(emitter.function) + bool(emitter.line)


def _merge(group: Sequence[Event]) -> Event:
    if len(group) == 1:
        return group[0]
    # Of equals that which names most of its code path, and always that of the same sink: else two calls would seem to
    # be told by different voices.
    fullest = max(
        sorted(group, key=_sink), key=lambda e: (len(e.captures.values), -e.at.precision, _named(e.emitter))
    )
    finest = min(group, key=lambda e: e.at.precision)
    rest = [e for e in group if e is not fullest]
    values = dict(fullest.captures.values)
    for event in rest:
        values = {**event.captures.values, **values}
    emitter = next((e.emitter for e in (fullest, *rest) if e.emitter), fullest.emitter)
    return replace(
        fullest,
        at=finest.at,
        emitter=emitter,
        level=fullest.level or next((e.level for e in rest if e.level), ""),
        captures=captures_of(values),
        locations=(
            *fullest.locations[:1],
            *(e.locations[0] for e in rest),
            *fullest.locations[1:],
            *(loc for e in rest for loc in e.locations[1:]),
        ),
        also_in=tuple(sorted({e.stream for e in rest} - {fullest.stream})),
        dealt=_dealt([e.dealt for e in group if e.dealt is not None]),
    )


def _dealt(shares: Sequence[Dealt]) -> Dealt | None:
    """What of a call was dealt out to it in any sink; of the sinks' groups the first, as for all its calls."""
    if len(shares) < 2:  # noqa: PLR2004 - one or none
        return shares[0] if shares else None
    return Dealt(min(share.group for share in shares), frozenset().union(*(share.names for share in shares)))
