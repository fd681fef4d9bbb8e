"""Rows that another writer added: which closes they restore, and which they repeat."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from decimal import Decimal
from typing import Final

from logaudit.core.events import Event
from logaudit.core.location import Address
from logaudit.core.money import product
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.field_compare import compare_fields, sides_fit

#: A hand-written row shows whole seconds of open time and duration: both may round.
_SLACK: Final = 2 * SECOND
_DIFFERS: Final = 10**10
_SECOND: Final = Decimal(SECOND)
_BEYOND: Final = 1 << 62


def link_backfilled(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    opened: Callable[[int], int | None],
    window: int,
    readings: Callable[[LedgerEntry], Sequence[int]],
    recorded: Container[int] = (),
    turning: Container[Address] = (),
) -> dict[int, int]:
    """Row index → index of the close it speaks of, one to one.

    A row's time may be the close's, or the open's: it fits when ``time``, ``time + duration`` or the
    position's known open time agrees with the close, and no shown value contradicts it.

    Args:
        opened: index of a close → naive µs of its position's open, None when not known.
        readings: what a row's time may mean, naive µs on the log's clock.
        recorded: indices of closes that have the recorder's row; of two equal closes a row restores the other.
        turning: ledgers whose side is that of the closing order: who adds a row writes it either way.
    """
    reach = window + _SLACK
    timetable = _Timetable(closes, opened)
    costs: dict[tuple[int, int], int] = {}
    for r, row in enumerate(rows):
        written_times = [(at, held) for at in readings(row) for held in (0, _held(row))]
        for c, distance in timetable.closes_within(
            symbol_key(row.fields.symbol), written_times, reach
        ).items():
            if not (row.location.address in turning or sides_fit(closes[c].fields, row.fields)):
                continue
            comparison = compare_fields(closes[c].fields, row.fields)
            if comparison.agreeing or not comparison.differing:
                costs[r, c] = comparison.differing * _DIFFERS + 2 * distance + (c in recorded)
    return assign(costs)[0]


class _Timetable:
    """When the positions of each symbol were closed, and opened where that is known."""

    def __init__(self, closes: Sequence[Event], opened: Callable[[int], int | None]) -> None:
        self._closed: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._opened: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for c, close in enumerate(closes):
            key = symbol_key(close.fields.symbol)
            self._closed[key].append((close.at.us, c))
            if (at := opened(c)) is not None:
                self._opened[key].append((at, c))
        for times in (*self._closed.values(), *self._opened.values()):
            times.sort()

    def closes_within(self, key: str, written_times: Sequence[tuple[int, int]], reach: int) -> dict[int, int]:
        """Close → µs to the nearest reading of (time, duration); only those within ``reach``."""
        found: dict[int, int] = {}
        for at, held in written_times:
            moments = [(self._closed.get(key, []), at + held)]
            if not held:
                moments.append((self._opened.get(key, []), at))
            for times, moment in moments:
                first = bisect_left(times, (moment - reach, -1))
                for i in range(first, bisect_right(times, (moment + reach, _BEYOND))):
                    when, c = times[i]
                    found[c] = min(found.get(c, reach), abs(when - moment))
        return found


def _held(row: LedgerEntry) -> int:
    held = row.fields.duration_sec
    return int(product(held, _SECOND)) if held is not None else 0


def carries_open_time(close: Event, row: LedgerEntry, window: int) -> bool:
    """Whether the row's time is the open's rather than the close's."""
    return row.at.us < close.at.us - window
