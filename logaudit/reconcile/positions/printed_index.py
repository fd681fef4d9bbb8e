"""Who bears an id, a number or a result: found at once, also where a number was printed to another precision."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from heapq import merge
from operator import attrgetter
from typing import Final, Generic, Protocol, TypeVar

from logaudit.core.fields import TradeFields
from logaudit.core.money import difference, product, tolerance, total, unit

_Key = TypeVar("_Key")

#: Where a number of few places may be any of more different ones, so many of them are looked at.
_MOST: Final = 256
#: Bearers of nearly one result that are looked through.
_FOUND: Final = 512
#: Bearers of one result are sorted by another number when they are so many, and anew whenever they have doubled.
_CROWD: Final = 16
#: Two places fewer in print.
_TWO_PLACES: Final = Decimal(100)
#: What tells two closes apart wherever both print it and it differs.
_TELLING_APART: Final = (
    "entry_price",
    "exit_price",
    "net_pnl",
    "gross_pnl",
    "duration_sec",
    "commission",
    "funding",
)


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
        for other, values in self._values.items():
            reach = max(own, other)
            start = bisect_left(values, difference(value, reach))
            yield other, start, bisect_right(values, total((value, reach)), start)


class Bearer(Protocol):
    """Who tells of a close; a number that it prints stays as it is, one that it lacks may be added."""

    @property
    def fields(self) -> TradeFields:
        """What it prints."""


_Bearer = TypeVar("_Bearer", bound=Bearer)


def results_of(fields: TradeFields) -> set[Decimal]:
    """The different results that are printed."""
    return {r for r in (fields.net_pnl, fields.gross_pnl, fields.pnl) if r is not None}


class ResultIndex(Generic[_Bearer]):
    """Bearers of results; one is looked for only among the first that told nearly the same."""

    def __init__(self) -> None:
        self._results: list[Decimal] = []
        self._bearers: dict[Decimal, list[_Bearer]] = {}
        self._sorted: dict[Decimal, _Sorted] = {}
        self._coarsest = Decimal(0)

    def add(self, bearer: _Bearer) -> None:
        """Adds the bearer of what it prints, newer than all."""
        for result in results_of(bearer.fields):
            self._coarsest = max(self._coarsest, unit(result))
            if result in self._bearers:
                self._add(result, bearer)
            else:
                insort(self._results, result)
                self._bearers[result] = [bearer]

    def _add(self, result: Decimal, bearer: _Bearer) -> None:
        """Adds a bearer of a result that others bear, if it is one of the first."""
        alike = self._bearers[result]
        count = len(alike)
        if count == _FOUND:
            return
        alike.append(bearer)
        if count >= _CROWD and not count & (count - 1):
            self._sorted[result] = _by_most_different([b.fields for b in alike])
        elif count > _CROWD:
            self._sorted[result].add(bearer.fields, count)

    def like(self, fields: TradeFields) -> Iterator[_Bearer]:
        """Who may tell what these fields print; those that differ in a number are left out where they are many."""
        for result in results_of(fields):
            # The earlier one may have been printed to two places fewer.
            reach = min(max(self._coarsest, unit(result)), product(unit(result), _TWO_PLACES))
            most = total([result, reach])
            left = _FOUND
            for place in range(bisect_left(self._results, difference(result, reach)), len(self._results)):
                near = self._results[place]
                if left <= 0 or near > most:
                    break
                alike, by_number = self._bearers[near], self._sorted.get(near)
                if by_number is None:
                    yield from alike[:left]
                else:
                    yield from (alike[i] for i in by_number.like(fields) if i < left)
                left -= len(alike)


class _Sorted:
    """The numbers of bearers by a value that they print, or do not."""

    __slots__ = ("_coarsest", "_of", "_untold", "_values")

    def __init__(self, of: Callable[[TradeFields], Decimal | None]) -> None:
        self._of = of
        self._values: list[tuple[Decimal, int]] = []
        self._untold: list[int] = []
        self._coarsest = Decimal(0)

    def add(self, fields: TradeFields, number: int) -> None:
        value = self._of(fields)
        if value is None:
            self._untold.append(number)
        else:
            self._coarsest = max(self._coarsest, tolerance(value))
            insort(self._values, (value, number))

    def like(self, fields: TradeFields) -> list[int]:
        """The bearers that print a number which may be the one of these fields, or none, in order."""
        value = self._of(fields)
        if value is None:
            return sorted([*self._untold, *(number for _, number in self._values)])
        reach = max(self._coarsest, tolerance(value))
        start = bisect_left(self._values, (difference(value, reach), 0))
        end = bisect_right(self._values, (total([value, reach]), _FOUND), start)
        return sorted([*self._untold, *(number for _, number in self._values[start:end])])


def _by_most_different(told: Sequence[TradeFields]) -> _Sorted:
    """All, sorted by the field in which they show the most different numbers."""
    fields = [attrgetter(name) for name in _TELLING_APART]
    found = _Sorted(max(fields, key=lambda of: len({of(one) for one in told})))
    for number, one in enumerate(told):
        found.add(one, number)
    return found
