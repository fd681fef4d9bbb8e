"""Reads a table's time cells one after another, fast: neighbours share all but their seconds."""

from __future__ import annotations

from typing import Final

from logaudit.core.timestamp import DAY, MINUTE, SECOND, Stamp
from logaudit.ledger.day_clock import DayClock
from logaudit.ledger.stamps import fraction_step, fraction_us, parse_stamp, parse_time_of_day
from logaudit.ledger.time_columns import Shape

#: Minutes remembered; beyond, the oldest are not worth the memory.
_REMEMBERED: Final = 10_000
_SIXTY: Final = 60
_POINTS: Final = (b".", b",")
_SECONDS: Final = {b"%02d" % second: second * SECOND for second in range(_SIXTY)}


class Ticks:
    """Turns time cells, dated or times of day, into a running time.

    Args:
        began: naive µs from which times of day run on, None when no date is known.

    Attributes:
        first, last: the first and last time read, None before, and for times of day without a date.
    """

    def __init__(self, began: int | None) -> None:
        self._days = DayClock(began)
        self._dated_from_name = began is not None
        self._minutes: dict[bytes, Stamp | None] = {}
        self._first: tuple[int, int, int | None] | None = None
        self._last: tuple[int, int, int | None] = (0, SECOND, None)
        self._latest_day = 0
        self._crossed = 0
        self._undated = False

    @property
    def midnights(self) -> int:
        """Date changes among the times read."""
        return self._crossed + self._days.midnights

    @property
    def first(self) -> Stamp | None:
        """The first time read."""
        return None if self._first is None else self._as_shown(self._first)

    @property
    def last(self) -> Stamp | None:
        """The last time read."""
        return None if self._first is None else self._as_shown(self._last)

    def stamp(self, us: int) -> Stamp | None:
        """A running time as a stamp, with the last cell's precision and offset."""
        return self._as_shown((us, *self._last[1:]))

    def read(self, cell: bytes) -> int | None:
        """The next time in naive µs, None for a cell that shows none."""
        found = self._parse(cell)
        if found is None:
            return None
        us, step, offset = found
        if us < DAY:
            self._undated = True
            us = self._days.at(us)
        else:
            self._turn(us // DAY)
        self._keep(us, step, offset)
        return us

    def read_all(self, heads: bytes, shape: Shape) -> list[int] | None:
        """As `read` for each of many cells of one shape; None, and nothing is read, if any shows no time."""
        cut = shape.cut(heads)
        minutes = {text: self._minute(text) for text in {minute for minute, _, _ in cut}}
        bases = {text: found.us for text, found in minutes.items() if found is not None}
        step = fraction_step("0" * shape.digits)
        try:
            us = [bases[minute] + _SECONDS[second] + int(part) * step for minute, second, part in cut]
        except KeyError:
            return None
        if us[0] < DAY:  # written alike, all are dated or none is
            self._undated = True
            us = self._days.at_all(us)
        else:
            # The first row's day may be the first of all; from it on, only the latest counts.
            self._turn(us[0] // DAY)
            self._turn(max(us) // DAY)
        for row in (0, -1):
            found = minutes[cut[row][0]]
            self._keep(us[row], step, found.offset if found else None)
        return us

    def peek(self, cell: bytes) -> int | None:
        """As `read` for a cell that is not known to belong to a row: nothing is remembered of it."""
        found = self._parse(cell)
        return None if found is None else found[0]

    def _turn(self, day: int) -> None:
        if day > self._latest_day:
            self._crossed += day - self._latest_day if self._latest_day else 0
            self._latest_day = day

    def _keep(self, us: int, step: int, offset: int | None) -> None:
        self._last = (us, step, offset)
        if self._first is None:
            self._first = self._last

    def _as_shown(self, time: tuple[int, int, int | None]) -> Stamp | None:
        return None if self._undated and not self._dated_from_name else Stamp(*time)

    def _parse(self, cell: bytes) -> tuple[int, int, int | None] | None:
        """µs, of day when below `DAY`; precision; offset."""
        minute, _, rest = cell.rpartition(b":")
        digits = rest[3:]
        plain = rest[:2].isdigit() and (not rest[2:] or (rest[2:3] in _POINTS and digits.isdigit()))
        # Two colons left of the last one: what follows it are an offset's minutes, not seconds.
        if len(rest) == 1 or not plain or minute.count(b":") != 1 or int(rest[:2]) >= _SIXTY:
            return self._slow(cell)
        base = self._minute(minute)
        if base is None:
            return None
        us = base.us + int(rest[:2]) * SECOND
        if not digits:
            return us, SECOND, base.offset
        shown = digits.decode("ascii")
        return us + fraction_us(shown), fraction_step(shown), base.offset

    def _minute(self, text: bytes) -> Stamp | None:
        try:
            return self._minutes[text]
        except KeyError:
            pass
        if len(self._minutes) >= _REMEMBERED:
            self._minutes.clear()
        found = self._slow(text + b":00")
        self._minutes[text] = None if found is None else Stamp(found[0], MINUTE, found[2])
        return self._minutes[text]

    @staticmethod
    def _slow(cell: bytes) -> tuple[int, int, int | None] | None:
        text = cell.decode("utf-8", "backslashreplace")
        clock = parse_time_of_day(text)
        if clock is not None:
            return (*clock, None)
        stamp = parse_stamp(text)
        return None if stamp is None else (stamp.us, stamp.precision, stamp.offset)
