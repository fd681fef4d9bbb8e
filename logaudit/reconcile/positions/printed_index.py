"""Who bears an id or a number: found at once, where a number may be one that was printed to another precision."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from heapq import merge
from typing import Final, Generic, TypeVar

from logaudit.core.money import difference, total

_Key = TypeVar("_Key")

#: Where a number of few places may be any of more different ones, so many of them are looked at.
_MOST: Final = 256


class Index(Generic[_Key]):
    """The bearers of each key; bearers are numbers that grow."""

    def __init__(self) -> None:
        self._bearers: dict[_Key, list[int]] = {}

    def __contains__(self, key: _Key) -> bool:
        """Whether anyone bears a key."""
        return key in self._bearers

    def add(self, key: _Key, bearer: int) -> None:
        """Adds a bearer that is newer than all."""
        self._bearers.setdefault(key, []).append(bearer)

    def remove(self, key: _Key, bearer: int) -> None:
        """Takes a bearer out."""
        bearers = self._bearers[key]
        del bearers[bisect_left(bearers, bearer)]
        if not bearers:
            del self._bearers[key]

    def newest(self, keys: Iterable[_Key]) -> Iterator[int]:
        """Who bears any of these keys, the newest first; who bears two is told twice."""
        alike = [reversed(bearers) for key in keys if (bearers := self._bearers.get(key))]
        return alike[0] if len(alike) == 1 else merge(*alike, reverse=True)


class PrintedIndex:
    """The bearers of numbers, two of which may be one if they differ by no more than the coarser tolerance.

    Attributes:
        tolerance: of a number, as it is printed.
    """

    def __init__(self, tolerance: Callable[[Decimal], Decimal]) -> None:
        self.tolerance = tolerance
        #: By tolerance: the different numbers in order, and who bears them.
        self._values: dict[Decimal, list[Decimal]] = {}
        self._bearers: dict[Decimal, Index[Decimal]] = {}

    def add(self, value: Decimal, bearer: int) -> None:
        """Adds the bearer of a number, newer than all."""
        tolerance = self.tolerance(value)
        index = self._bearers.setdefault(tolerance, Index())
        if value not in index:
            insort(self._values.setdefault(tolerance, []), value)
        index.add(value, bearer)

    def remove(self, value: Decimal, bearer: int) -> None:
        """Takes a bearer out."""
        tolerance = self.tolerance(value)
        index, values = self._bearers[tolerance], self._values[tolerance]
        index.remove(value, bearer)
        if value not in index:
            del values[bisect_left(values, value)]
        if not values:
            del self._bearers[tolerance], self._values[tolerance]

    def __contains__(self, value: Decimal) -> bool:
        """Whether anyone bears a number that may be this one."""
        return any(start < end for _, start, end in self._spans(value))

    def newest(self, value: Decimal) -> Iterator[int]:
        """Who bears a number that may be this one, the newest first."""
        alike = [
            self._bearers[tolerance].newest(self._values[tolerance][max(start, end - _MOST) : end])
            for tolerance, start, end in self._spans(value)
            if start < end
        ]
        return alike[0] if len(alike) == 1 else merge(*alike, reverse=True)

    def _spans(self, value: Decimal) -> Iterator[tuple[Decimal, int, int]]:
        """By tolerance, where the numbers stand that may be this one."""
        own = self.tolerance(value)
        for tolerance, values in self._values.items():
            reach = max(own, tolerance)
            start = bisect_left(values, difference(value, reach))
            yield tolerance, start, bisect_right(values, total((value, reach)), start)
