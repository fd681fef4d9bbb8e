"""The shift at which the most rows have a line of their own, and how many would have one by chance or at another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.medians import median_low
from logaudit.learn.pairs import Pair

#: Rows that a wording must explain, and how many where each has two telling numbers.
_ENOUGH: Final = 5
_FEW: Final = 3
#: Share of the lags on either side that are left out of their spread.
_OUTER: Final = 0.1


class Fit(Struct, frozen=True):
    """Pairs of one wording at one shift, one to one.

    Attributes:
        shift: µs from a row's time to its line's.
        spread: µs that the middle four fifths of the lags differ by.
    """

    shift: int
    pairs: tuple[Pair, ...]
    spread: int = 0

    @property
    def rows(self) -> frozenset[int]:
        """The rows that have a line."""
        return frozenset(p.row for p in self.pairs)

    @property
    def enough(self) -> bool:
        """Whether so many rows are no accident: several with two telling numbers, or more with one."""
        telling = Counter(min(p.telling, 2) for p in self.pairs)
        return telling[2] >= _FEW or telling[1] + telling[2] >= _ENOUGH

    @property
    def span(self) -> tuple[int, int]:
        """Naive µs of the first and the last line."""
        times = [p.line.message.us for p in self.pairs]
        return min(times), max(times)


def best_fit(pairs: Sequence[Pair], time: Callable[[int], int], width: int) -> Fit | None:
    """The shift at which the most rows have a line of their own.

    Args:
        time: naive µs of a row by its index.
        width: µs that the lags may differ by.
    """
    lags = sorted((p.line.message.us - time(p.row), i) for i, p in enumerate(pairs))
    if not lags:
        return None
    low, high = _widest(lags, pairs, width)
    within = lags[low : high + 1]
    shift = median_low([lag for lag, _ in within])
    taken: dict[int, Pair] = {}
    kept: list[int] = []
    used: set[object] = set()
    for lag, i in sorted(within, key=lambda one: (-pairs[one[1]].telling, abs(one[0] - shift), one[1])):
        pair = pairs[i]
        if pair.row not in taken and pair.line.message.place not in used:
            taken[pair.row] = pair
            used.add(pair.line.message.place)
            kept.append(lag)
    kept.sort()
    outer = int(_OUTER * len(kept))
    return Fit(shift, tuple(taken[row] for row in sorted(taken)), kept[-1 - outer] - kept[outer])


def _widest(lags: Sequence[tuple[int, int]], pairs: Sequence[Pair], width: int) -> tuple[int, int]:
    """The first and the last of the lags within ``width`` that belong to the most rows."""
    best, low, held = (0, 0, 0), 0, Counter[int]()
    for high, (lag, i) in enumerate(lags):
        held[pairs[i].row] += 1
        while lag - lags[low][0] > width:
            row = pairs[lags[low][1]].row
            held[row] -= 1
            if not held[row]:
                del held[row]
            low += 1
        if len(held) > best[0]:
            best = len(held), low, high
    return best[1], best[2]


def elsewhere(pairs: Sequence[Pair], times: Sequence[int], width: int, shift: int) -> int:
    """How many rows the same lines explain at the best shift that is another one than ``shift``."""
    others = [p for p in pairs if abs(p.line.message.us - times[p.row] - shift) > 2 * width]
    fit = best_fit(others, times.__getitem__, width)
    return 0 if fit is None else len(fit.pairs)


def by_chance(pairs: Sequence[Pair], times: Sequence[int], width: int, turn: int) -> int:
    """How many rows the same lines explain when each row has the time of another."""
    order = sorted(range(len(times)), key=lambda i: (times[i], i))
    given = {row: times[order[(k + turn) % len(order)]] for k, row in enumerate(order)}
    fit = best_fit(pairs, given.__getitem__, width)
    return 0 if fit is None or turn % len(order) == 0 else len(fit.pairs)
