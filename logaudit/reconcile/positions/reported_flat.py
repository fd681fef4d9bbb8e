"""Positions that the logs show no end of, and that were over when a line said that nothing is held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.timestamp import MINUTE
from logaudit.core.trades import PositionStatus, symbol_key
from logaudit.reconcile.positions.position import Position

_STANDING: Final = (PositionStatus.OPEN_AT_END, PositionStatus.FORGOTTEN)
#: What is known of positions may be a moment old when it is said.
_FRESH: Final = MINUTE


def with_reported_flat(positions: Iterable[Position], told: Sequence[Event]) -> Iterator[Position]:
    """Each position with the report that it was over by then, where it would count as open at the end.

    Args:
        told: reports that nothing is held; of one market, where they name it.
    """
    reports = sorted(told, key=lambda e: e.at.order)
    for position in positions:
        report = _report(position, reports) if position.status in _STANDING else None
        if report is None:
            yield position
        else:
            yield replace(position, status=PositionStatus.CLOSE_MISSING, flat=report)


def _report(position: Position, reports: Sequence[Event]) -> Event | None:
    opened = position.open
    if opened is None:
        return None
    last = max(event.at.order for event in (opened, *position.added))
    first = bisect_right(reports, last + _FRESH, key=lambda e: e.at.order)
    return next((reports[i] for i in range(first, len(reports)) if _is_of(position, reports[i])), None)


def _is_of(position: Position, report: Event) -> bool:
    """Whether a report speaks of the position's market and side, or of all."""
    named, side = symbol_key(report.fields.symbol), report.fields.side
    if named and named != symbol_key(position.symbol):
        return False
    return side is None or position.side is None or side is position.side
