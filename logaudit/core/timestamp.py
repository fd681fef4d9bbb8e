"""A log line's or row's time as it was written: naive, with its printed precision."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from msgspec import Struct

SECOND: Final = 1_000_000
MILLISECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH: Final = _EPOCH.replace(tzinfo=None)


class Stamp(Struct, frozen=True):
    """A written time.

    Attributes:
        us: microseconds from 1970-01-01 00:00 to the written wall-clock time, as if it were UTC.
        precision: the smallest step the text shows, in microseconds (1_000_000 for whole seconds).
        offset: the UTC offset the text itself states, seconds east; None for a naive time.
    """

    us: int
    precision: int = SECOND
    offset: int | None = None

    @property
    def end(self) -> int:
        """The first microsecond after the interval the printed digits stand for."""
        return self.us + self.precision

    @property
    def day(self) -> date:
        """The calendar date as written."""
        return day_of(self.us)

    def iso(self) -> str:
        """ISO 8601 with exactly the digits that were printed, and the offset where one was."""
        return iso(self.us, self.precision) + ("" if self.offset is None else offset_text(self.offset))

    def could_equal(self, other: Stamp) -> bool:
        """Whether both may show one instant, truncated or rounded to different precisions."""
        coarse = max(self.precision, other.precision)
        return abs(self.us // coarse - other.us // coarse) <= (0 if self.precision == other.precision else 1)


def day_of(us: int) -> date:
    """The calendar date of a naive microsecond count."""
    return (_EPOCH + timedelta(microseconds=us)).date()


def us_of_day(day: date) -> int:
    """Naive microseconds at the midnight that begins ``day``."""
    return (day - date(1970, 1, 1)).days * DAY


def iso(us: int, precision: int = MILLISECOND) -> str:
    """ISO 8601 local form of a naive microsecond count, e.g. ``2025-11-28T05:13:38.049``."""
    spec = (
        "seconds" if precision >= SECOND else "milliseconds" if precision >= MILLISECOND else "microseconds"
    )
    return (_NAIVE_EPOCH + timedelta(microseconds=us)).isoformat(timespec=spec)


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
