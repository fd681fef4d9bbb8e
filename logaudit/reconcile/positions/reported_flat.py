"""Positions that the logs show no end of, and that were over when a line said that nothing is held."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide
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
    reports = _Reports(told)
    for position in positions:
        report = _report(position, reports) if position.status in _STANDING else None
        if report is None:
            yield position
        else:
            yield replace(position, status=PositionStatus.CLOSE_MISSING, flat=report)


class _Reports:
    """Reports that nothing is held, by the market and the side that they name, if they name any."""

    def __init__(self, told: Iterable[Event]) -> None:
        self._in_order = sorted(told, key=lambda e: e.at.order)
        #: Where they stand in order, and their times.
        self._named: dict[tuple[str, PositionSide | None], tuple[list[int], list[int]]] = {}
        for i, event in enumerate(self._in_order):
            key = symbol_key(event.fields.symbol), event.fields.side
            places, times = self._named.setdefault(key, ([], []))
            places.append(i)
            times.append(event.at.order)

    def first_after(self, moment: int, market: str, side: PositionSide | None) -> Event | None:
        """The first after a moment that speaks of a market and side, or of all."""
        sides = (*PositionSide, None) if side is None else (side, None)
        found = []
        for key in ((name, named) for name in {market, ""} for named in sides):
            places, times = self._named.get(key, ([], []))
            if (i := bisect_right(times, moment)) < len(times):
                found.append(places[i])
        return self._in_order[min(found)] if found else None


def _report(position: Position, reports: _Reports) -> Event | None:
    opened = position.open
    if opened is None:
        return None
    last = max(event.at.order for event in (opened, *position.added))
    return reports.first_after(last + _FRESH, symbol_key(position.symbol), position.side)
