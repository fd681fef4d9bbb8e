"""Which of very many places show a number, or a time: sets of places are integers, one bit a place."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from logaudit.core.money import agree, difference, tolerance, total

#: So many numbers are remembered with the places that show them.
_REMEMBERED: Final = 1_024
#: A number that so many places show is remembered with them.
_OFTEN: Final = 1_024


class NumberIndex:
    """Places by the numbers that they show.

    Args:
        numbers: place and number.
    """

    def __init__(self, numbers: Iterable[tuple[int, Decimal]]) -> None:
        self._places: dict[Decimal, dict[Decimal, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, number in numbers:
            self._places[tolerance(number)][number].append(place)
        # Numbers of one tolerance that agree with a value lie side by side.
        self._sorted = {slack: sorted(shown) for slack, shown in self._places.items()}
        self._often: dict[tuple[Decimal, Decimal], int] = {}
        self._known: Callable[[Decimal, Decimal], int] = lru_cache(maxsize=_REMEMBERED)(self._found)

    def agreeing(self, value: Decimal) -> int:
        """The places that show a number which agrees with a value."""
        return self._known(value, tolerance(value))

    def _found(self, value: Decimal, own: Decimal) -> int:
        found, few = 0, list[int]()
        for slack, numbers in self._sorted.items():
            reach = max(slack, own)
            first = bisect_left(numbers, difference(value, reach))
            last = bisect_right(numbers, total((value, reach)))
            for number in numbers[first:last]:
                if not agree(value, number):
                    continue
                places = self._places[slack][number]
                if len(places) < _OFTEN:
                    few += places
                else:
                    if (slack, number) not in self._often:
                        self._often[slack, number] = set_of(places)
                    found |= self._often[slack, number]
        return found | set_of(few)


class Earliest:
    """The smallest of the places that show a time within a range.

    Args:
        times: time and place.
    """

    def __init__(self, times: Iterable[tuple[int, int]]) -> None:
        told = sorted(times)
        self._times = [at for at, _ in told]
        #: Of each run of 1, 2, 4, … times the smallest place.
        self._least = [[place for _, place in told]]
        width = 1
        while 2 * width <= len(told):
            last = self._least[-1]
            self._least.append([min(last[i], last[i + width]) for i in range(len(last) - width)])
            width *= 2

    def within(self, low: int, high: int) -> int | None:
        """The smallest place of a time from ``low`` to ``high``; None where there is none."""
        first, last = bisect_left(self._times, low), bisect_right(self._times, high)
        if first >= last:
            return None
        level = (last - first).bit_length() - 1
        least = self._least[level]
        return min(least[first], least[last - (1 << level)])


def set_of(places: Sequence[int]) -> int:
    """A set of places."""
    data = bytearray((max(places, default=0) >> 3) + 1)
    for place in places:
        data[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(data, "little")


def places_in(found: int) -> Iterator[int]:
    """The places of a set, in order."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest
