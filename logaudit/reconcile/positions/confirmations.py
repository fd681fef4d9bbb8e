"""Gives positions the exchange's own word on them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.trades import symbol_key
from logaudit.reconcile.positions.position import Position


def with_confirmations(positions: Sequence[Position], exchange: Iterable[Event]) -> list[Position]:
    """Each position with the confirmations between its start and the next one's of its symbol and side."""
    told: dict[str, list[Event]] = defaultdict(list)
    for event in sorted(exchange, key=lambda e: e.at.us):
        told[symbol_key(event.fields.symbol)].append(event)
    starts: dict[str, list[Position]] = defaultdict(list)
    for position in sorted(positions, key=lambda p: p.start):
        starts[symbol_key(position.symbol)].append(position)
    # Thousands that were opened at one moment have the same ones.
    same: dict[object, tuple[Event, ...]] = {}
    return [
        _with(p, starts[symbol_key(p.symbol)], told.get(symbol_key(p.symbol), []), same) for p in positions
    ]


def _with(
    position: Position,
    alike: Sequence[Position],
    told: Sequence[Event],
    same: dict[object, tuple[Event, ...]],
) -> Position:
    """``alike`` and ``told`` are those of the position's symbol, in time order."""
    if not told:
        return position
    end = _next_start(position, alike)
    key = symbol_key(position.symbol), position.side, position.start, end
    if key not in same:
        same[key] = tuple(_between(position, end, told))
    return replace(position, exchange=same[key])


def _between(position: Position, end: int | None, told: Sequence[Event]) -> Iterator[Event]:
    for i in range(bisect_left(told, position.start, key=lambda e: e.at.end - 1), len(told)):
        if end is not None and told[i].at.us >= end:
            break
        if _side_fits(position, told[i]):
            yield told[i]


def _next_start(position: Position, alike: Sequence[Position]) -> int | None:
    after = bisect_left(alike, position.start + 1, key=lambda p: p.start)
    for other in (alike[i] for i in range(after, len(alike))):
        if other.side is None or position.side is None or other.side is position.side:
            return other.start
    return None


def _side_fits(position: Position, event: Event) -> bool:
    side = event.fields.side
    return side is None or position.side is None or side is position.side
