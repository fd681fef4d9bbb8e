"""Gives dates to times of day: the date comes from outside, midnight shows as time running backwards."""

from __future__ import annotations

from collections.abc import Sequence
from operator import sub
from typing import Final

from logaudit.core.timestamp import DAY, HOUR, MINUTE

#: A smaller step back is threads out of order, a clock being set, or a summer-time change.
MIDNIGHT: Final = 2 * HOUR
#: From the moment in a file's name to its first row: a smaller step back is another time zone's name.
FROM_NAME: Final = 12 * HOUR
#: A row just short of a day ahead is one from before midnight, written late by a slower thread.
LATE: Final = 10 * MINUTE


class DayClock:
    """Counts midnights while times of day go by.

    Args:
        began: naive µs of the moment from which the times run on, e.g. the one in the file's name (midnight
            for a name with only a date). None when no date is known: the times then count from day 0.

    Attributes:
        midnights: midnights crossed between the times so far.
    """

    def __init__(self, began: int | None) -> None:
        self.midnights = 0
        start = began or 0
        self._day = start - start % DAY
        self._last = start
        self._rows = False

    def at(self, of_day: int) -> int:
        """Naive µs of the next time, given as µs since its midnight."""
        now = self._day + of_day
        step = now - self._last
        if step < (-MIDNIGHT if self._rows else -FROM_NAME):
            self._day += DAY
            now += DAY
            # The name's moment is no row: a midnight between it and the first row is not crossed by rows.
            self.midnights += self._rows
        elif self._rows and step > DAY - LATE:
            return now - DAY
        self._last = now
        self._rows = True
        return now

    def at_all(self, of_days: Sequence[int]) -> list[int]:
        """As `at` for each of at least one."""
        first = self.at(of_days[0])
        rest = of_days[1:]
        steps = list(map(sub, rest, of_days))
        # A first one that was late is not where the clock stands.
        if first != self._last or min(steps, default=0) < -MIDNIGHT or max(steps, default=0) > DAY - LATE:
            return [first, *map(self.at, rest)]
        self._last = self._day + of_days[-1]
        return [self._day + of_day for of_day in of_days]
