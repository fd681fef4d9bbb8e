"""Times as they were written, naive, with their printed precision; and the one parser of UTC offsets and zones.

Times are counted in naive microseconds since 1970: what the digits would mean if they were UTC. Any count may be
printed and converted; what lies before the year 1 or behind the year 9999, where the calendar of `datetime`
ends, is shown as its first or last moment.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern

SECOND: Final = 1_000_000
MILLISECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = _EPOCH.replace(tzinfo=None)
#: The ends of the calendar that `datetime` has.
_FIRST: Final = datetime.min  # noqa: DTZ901 - naive, as all times here
_LAST: Final = datetime.max  # noqa: DTZ901 - as above

#: The UTC offsets in civil use, seconds east: what a stated zone must lie between.
WEST: Final = -12 * 3600
EAST: Final = 14 * 3600
#: The years in which a bot can have traded. Others come from clocks that were never set, from zero values
#: (year 1 in Go and .NET, 1970) and from text that was torn or glued together.
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2199

_OFFSET: Final = lazy_pattern(
    r"(?P<prefix>UTC|GMT)?(?P<sign>[+\-\u2212])(?P<hours>[0-9]{1,2})"
    r"(?:(?P<colon>:?)(?P<minutes>[0-5][0-9])(?:(?P=colon)(?P<seconds>[0-5][0-9])(?:\.[0-9]{1,6})?)?)?",
    re.IGNORECASE,
)


class Stamp(Struct, frozen=True):
    """A written time.

    Attributes:
        us: microseconds from 1970-01-01 00:00 to the written wall-clock time, as if it were UTC.
        precision: the smallest step the text shows, in microseconds (1_000_000 for whole seconds).
        offset: the UTC offset the text itself states, seconds east; None for a naive time.
        fold: in an hour that its log told twice, as in autumn, 1 for the first time and 2 for the second; else 0.
    """

    us: int
    precision: int = SECOND
    offset: int | None = None
    fold: int = 0

    @property
    def end(self) -> int:
        """The first microsecond after the interval the printed digits stand for."""
        return self.us + self.precision

    @property
    def order(self) -> int:
        """What stamps are sorted by: `us`, but within an hour told twice all of the first telling comes first."""
        if not self.fold:
            return self.us
        return self.us - self.us % HOUR + self.us % HOUR // 2 + (self.fold - 1) * HOUR // 2

    @property
    def day(self) -> date:
        """The calendar date as written."""
        return day_of(self.us)

    def iso(self) -> str:
        """ISO 8601 with exactly the digits that were printed, and the offset where one was."""
        return iso(self.us, self.precision) + ("" if self.offset is None else offset_text(self.offset))

    def spaced(self) -> str:
        """As `iso`, with a blank for the ``T``: how a time is shown to people."""
        return self.iso().replace("T", " ", 1)

    def could_equal(self, other: Stamp) -> bool:
        """Whether both may show one instant, truncated or rounded to different precisions."""
        coarse = max(self.precision, other.precision)
        return abs(self.us // coarse - other.us // coarse) <= (0 if self.precision == other.precision else 1)


def _moment(us: int) -> datetime:
    """The naive time of a microsecond count, or the end of the calendar that lies nearest to it."""
    try:
        return _NAIVE_EPOCH + timedelta(microseconds=us)
    except OverflowError:
        return _FIRST if us < 0 else _LAST


def day_of(us: int) -> date:
    """The calendar date of a naive microsecond count."""
    return _moment(us).date()


def us_of_day(day: date) -> int:
    """Naive microseconds at the midnight that begins ``day``."""
    return (day - date(1970, 1, 1)).days * DAY


def us_of(moment: datetime) -> int:
    """Naive microseconds of a date and time as they stand there, whatever its zone."""
    return (moment.replace(tzinfo=None) - _NAIVE_EPOCH) // timedelta(microseconds=1)


def midnight(year: int, month: int, day: int) -> int | None:
    """Naive microseconds at which a day begins; None where the calendar, from year 1 to 9999, has no such day."""
    try:
        return us_of_day(date(year, month, day))
    except (ValueError, OverflowError):
        return None


_CALENDAR: Final = range(us_of(_FIRST), us_of(_LAST) + 1)
#: The years of trading as naive microseconds, the end not included.
_TRADING: Final = range(us_of_day(date(FIRST_YEAR, 1, 1)), us_of_day(date(LAST_YEAR + 1, 1, 1)))


def in_calendar(us: int) -> bool:
    """Whether a naive microsecond count lies in the years 1 to 9999."""
    return us in _CALENDAR


def is_trading_time(us: int) -> bool:
    """Whether a bot can have traded at a naive microsecond count: from `FIRST_YEAR` to `LAST_YEAR`."""
    return us in _TRADING


def iso(us: int, precision: int = MILLISECOND) -> str:
    """ISO 8601 local form of a naive microsecond count, e.g. ``2025-11-28T05:13:38.049``."""
    spec = (
        "seconds" if precision >= SECOND else "milliseconds" if precision >= MILLISECOND else "microseconds"
    )
    return _moment(us).isoformat(timespec=spec)


def stamp_at(us: int, precision: int = MILLISECOND) -> Stamp:
    """The naive time of a microsecond count, cut to a precision."""
    return Stamp(us - us % precision, precision)


def shortest(us: int) -> Stamp:
    """The naive time of a microsecond count, in whole seconds where it is one and else in milliseconds."""
    return stamp_at(us, SECOND if us % SECOND == 0 else MILLISECOND)


@lru_cache(maxsize=512)
def parse_offset(text: str) -> int | None:
    """A written UTC offset in seconds east; None for any other text.

    Reads ISO 8601, ``Z``, ``+03:00``, ``+0330``, ``-05:30:15``, and what people write: a lone hour (``+3``), and
    ``UTC`` or ``GMT``, alone or before an offset (``UTC+3``, ``UTC+5:30``). Without them a one-digit hour has no
    minutes: ``+3:30`` and ``+330`` are typing errors as often as offsets. An offset is shorter than a day, which
    is all that can be converted; a fraction of its second is left out.
    """
    text = text.strip()
    if text.upper() in ("Z", "UTC", "GMT"):
        return 0
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    hours, minutes = found["hours"], found["minutes"]
    if len(hours) == 1 and minutes and not (found["prefix"] and found["colon"]):
        return None
    seconds = int(hours) * 3600 + int(minutes or 0) * 60 + int(found["seconds"] or 0)
    if seconds * SECOND >= DAY:
        return None
    return seconds if found["sign"] == "+" else -seconds


def is_offset_like(text: str) -> bool:
    """Whether a text is meant as a UTC offset, rightly written or not."""
    return re.match(r"\s*(?:UTC|GMT)?\s*[+\-\u2212]", text, re.IGNORECASE) is not None


@lru_cache(maxsize=16)
def parse_zone(text: str) -> tzinfo | None:
    """A stated time zone: an offset as `parse_offset` reads it, from -12:00 to +14:00, or a name of IANA's.

    None for anything else.
    """
    offset = parse_offset(text)
    if offset is not None or is_offset_like(text):
        return None if offset is None or not WEST <= offset <= EAST else timezone(timedelta(seconds=offset))
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - zones are rarely named

    try:
        return ZoneInfo(text.strip())
    except (KeyError, ValueError, OSError):  # unknown, no key at all, a folder of zones
        return None


def offset_of_local(zone: tzinfo, us: int) -> int:
    """Seconds east of UTC that a zone's clocks are set to when they show a naive microsecond count."""
    return _seconds_east(_moment(us).replace(tzinfo=zone))


def offset_of_instant(zone: tzinfo, us: int) -> int:
    """Seconds east of UTC that a zone's clocks are set to at an instant, in microseconds since 1970 UTC."""
    try:
        return _seconds_east(_moment(us).replace(tzinfo=UTC).astimezone(zone))
    except OverflowError:  # the local time lies behind an end of the calendar
        return offset_of_local(zone, us)


def _seconds_east(moment: datetime) -> int:
    offset = moment.utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


def offset_text(seconds: int) -> str:
    """A UTC offset as ``+03:00``."""
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{sign}{hours:02d}:{rest // 60:02d}"
    return text + (f":{rest % 60:02d}" if rest % 60 else "")


def span_text(us: int) -> str:
    """A duration for people: ``35 s``, ``12 min``, ``2 h 19 min``, ``3 d 4 h``."""
    seconds = round(abs(us) / SECOND)
    if seconds < 1 and us:
        return f"{abs(us) / MILLISECOND:.0f} ms"
    if seconds < 120:  # noqa: PLR2004 - two minutes read better as seconds
        return f"{seconds} s"
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"
