"""Finds the silences that are far longer than a table's usual pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import sub
from typing import Final

from logaudit.core.location import Location
from logaudit.core.medians import median_low
from logaudit.core.timestamp import MINUTE, Stamp
from logaudit.ledger.table import TableGap

#: Shorter gaps are never kept, whatever the pace.
_KEPT: Final = 5 * MINUTE
#: The shortest silence worth telling, and how many times the usual gap it must last.
SILENCE: Final = 15 * MINUTE
FACTOR: Final = 20


class GapStats:
    """Sums up the gaps between rows; only long ones are kept one by one."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._count = 0
        self._total = 0
        self._long: list[tuple[int, int, int, int, bytes]] = []

    def row(self, us: int, number: int, offset: int, raw: bytes) -> None:
        """The next row's time, and where it stands."""
        last = self._last
        self._last = us
        if last is None:
            return
        gap = us - last
        if gap >= _KEPT:
            self._long.append((last, us, number, offset, raw))
        else:
            self._count += 1
            self._total += max(gap, 0)

    def rows(self, times: Sequence[int], places: Callable[[], Sequence[tuple[int, int, bytes]]]) -> None:
        """As `row` for each of at least one; where they stand is asked at most once, if it matters."""
        known = times if self._last is None else [self._last, *times]
        self._last = times[-1]
        gaps = list(map(sub, known[1:], known))
        if max(gaps, default=0) >= _KEPT:
            ends = zip(known, known[1:], places()[len(times) - len(gaps) :], strict=False)
            self._long += [(last, us, *place) for last, us, place in ends if us - last >= _KEPT]
            gaps = [gap for gap in gaps if gap < _KEPT]
        self._count += len(gaps)
        self._total += sum(gaps) if min(gaps, default=0) >= 0 else sum(max(gap, 0) for gap in gaps)

    def silences(
        self, at: Callable[[int, int, bytes], Location], stamp: Callable[[int], Stamp | None]
    ) -> tuple[TableGap, ...]:
        """Gaps of at least `SILENCE` and `FACTOR` times the usual gap, in file order."""
        if self._count >= len(self._long):
            usual = self._total // max(self._count, 1)
        else:
            usual = median_low([after - before for before, after, *_ in self._long])
        least = max(SILENCE, FACTOR * usual)
        return tuple(
            TableGap(at(number, offset, raw), stamp(before), stamp(after), after - before)
            for before, after, number, offset, raw in self._long
            if after - before >= least
        )
