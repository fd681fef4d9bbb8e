"""What of a market lies about a moment: all of it, or of a crowd the nearest.

A comparison of each trade with each other one about it takes forever where thousands were closed within seconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

#: So many about one moment are a crowd.
CROWD: Final = 64
#: So many of a crowd, the nearest, are looked at one by one.
NEAREST: Final = 16
_BEYOND: Final = 1 << 62

#: Naive µs and the index of what was then.
Timed: TypeAlias = tuple[int, int]


class Timeline:
    """Things of each market by their times.

    Args:
        things: key of the market, naive µs, index.
    """

    def __init__(self, things: Iterable[tuple[str, int, int]]) -> None:
        self._of: dict[str, list[Timed]] = defaultdict(list)
        for market, at, index in things:
            self._of[market].append((at, index))
        for times in self._of.values():
            times.sort()

    def all_of(self, market: str) -> Sequence[Timed]:
        """Those of a market, in time order."""
        return self._of.get(market, ())

    def count(self, market: str, low: int, high: int) -> int:
        """How many lie within these times, both included."""
        first, last = self._bounds(self.all_of(market), low, high)
        return last - first

    def within(self, market: str, low: int, high: int) -> Sequence[Timed]:
        """Those within these times, both included."""
        times = self.all_of(market)
        first, last = self._bounds(times, low, high)
        return times[first:last]

    def nearest(self, market: str, low: int, high: int, about: Timed, passed: int = 0) -> Sequence[Timed]:
        """Those within these times; of a crowd the nearest before and after a moment.

        Args:
            about: the moment, and the index that it lies before.
            passed: how many things of this moment to pass over: of thousands at one moment, others for each.
        """
        times = self.all_of(market)
        first, last = self._bounds(times, low, high)
        if last - first <= CROWD:
            return times[first:last]
        begun = bisect_left(times, about, first, last)
        begun = min(begun + passed, bisect_right(times, (about[0], _BEYOND), begun, last))
        start = max(first, min(begun - NEAREST // 2, last - NEAREST))
        return times[start : start + NEAREST]

    @staticmethod
    def _bounds(times: Sequence[Timed], low: int, high: int) -> tuple[int, int]:
        return bisect_left(times, (low, -1)), bisect_right(times, (high, _BEYOND))
