"""Times without a year or a date: counted on while a log is read, and placed in time once its date is known.

Until then the time of day counts from the first day of 1970, and a year is one of 1972, 1976, …: all leap years, so
that every date exists.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec.structs import replace

from logaudit.core.timestamp import DAY, HOUR, Stamp, day_of, us_of_day
from logaudit.ingest.source_extract import DateSource, LogExtract, MatchList, Undated

#: A step back of more than this is midnight, or New Year.
_MIDNIGHT: Final = 12 * HOUR
_NEW_YEAR: Final = 180 * DAY
_FIRST_YEAR: Final = 1972
_LEAP: Final = 4
_FOUR_YEARS: Final = 1461 * DAY


class Turns:
    """Counts the midnights, or New Years, that records of one source have passed."""

    def __init__(self, undated: Undated) -> None:
        daily = undated is Undated.DAY
        self._step = DAY if daily else _FOUR_YEARS
        self._back = _MIDNIGHT if daily else _NEW_YEAR
        self._passed = 0
        self._last = 0

    def place(self, stamp: Stamp) -> Stamp:
        """The next record's time, behind the turns before it."""
        if self._last - stamp.us > self._back:
            self._passed += self._step
        self._last = stamp.us
        return Stamp(stamp.us + self._passed, stamp.precision, stamp.offset) if self._passed else stamp


def with_date(log: LogExtract, first: date, source: DateSource) -> LogExtract:
    """An undated log's extract, its first record on the day, or in the year, of ``first``."""

    def move(us: int) -> int:
        if log.undated is Undated.DAY:
            return us + us_of_day(first)
        day = day_of(us)
        year = first.year + (day.year - _FIRST_YEAR) // _LEAP
        return us % DAY + us_of_day(_in_year(day, year))

    def moved(stamp: Stamp | None) -> Stamp | None:
        return None if stamp is None else Stamp(move(stamp.us), stamp.precision, stamp.offset)

    return replace(
        log,
        first=moved(log.first),
        last=moved(log.last),
        earliest=move(log.earliest),
        latest=move(log.latest),
        gaps=tuple(replace(gap, start=move(gap.start), end=move(gap.end)) for gap in log.gaps),
        jumps=tuple(replace(jump, before=move(jump.before), after=move(jump.after)) for jump in log.jumps),
        matches=MatchList(replace(match, stamp=moved(match.stamp)) for match in log.matches).all,
        dated_by=source,
    )


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February of another year
        return day.replace(year=year, day=28)
