"""Reads the time that a table cell shows, with its printed precision and the offset it states."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import (
    DAY,
    HOUR,
    MILLISECOND,
    MINUTE,
    SECOND,
    Stamp,
    is_trading_time,
    midnight,
    parse_offset,
    us_of,
)

#: Digits of a second's fraction that count: the rest is finer than a microsecond.
FRACTION_DIGITS: Final = 6
_EPOCH_LOW: Final = 946_684_800  # 2000-01-01, seconds
_EPOCH_HIGH: Final = 4_102_444_800  # 2100-01-01, seconds
_HOURS: Final = 24
_SIXTY: Final = 60
_NOON: Final = 12
_STEPS: Final = (SECOND, 100_000, 10_000, MILLISECOND, 100, 10, 1)
_LONGEST: Final = 64

_CLOCK: Final = (
    r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d+))?)?(?:\s?(?P<ap>[AaPp])\.?[Mm]\.?)?"
)
_ZONE: Final = r"(?:\s*(?P<zone>Z|z|UTC|GMT|(?:UTC|GMT)?[+\-\u2212]\d{1,2}(?::?\d{2}(?::\d{2})?)?))?"
_ISO: Final = lazy_pattern(
    rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<mo>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?:[T_]|,?\s+){_CLOCK}{_ZONE}",
    re.ASCII,
)
_YEAR_LAST: Final = lazy_pattern(
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|(?<!-)\d\d)(?:[T_]|,?\s+){_CLOCK}{_ZONE}",
    re.ASCII,
)
_COMPACT: Final = lazy_pattern(
    r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})[T_ -]?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})(?:[.,](?P<f>\d+))?"
    rf"(?P<ap>(?!))?{_ZONE}",
    re.ASCII,
)
_NUMBER: Final = lazy_pattern(r"(\d{9,19})(?:\.(\d*))?", re.ASCII)
_TIME_OF_DAY: Final = lazy_pattern(_CLOCK, re.ASCII)
#: What a text must show before dateutil may read it: a month's name, a year and a clock time.
_WORDY: Final = lazy_pattern(
    r"(?=.*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))(?=.*\b\d{4}\b)(?=.*\d:\d\d)",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_SECONDS_SHOWN: Final = lazy_pattern(r":\d\d:\d\d(?:[.,](\d+))?", re.ASCII)


class DateOrder(StrEnum):
    """Which of the two numbers before the year is the day."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def parse_stamp(text: str) -> Stamp | None:
    """As `parse_any_year`, for times at which a bot can have traded; None for any other."""
    stamp = parse_any_year(text)
    return stamp if stamp is not None and is_trading_time(stamp.us) else None


def parse_any_year(text: str, order: DateOrder | None = None) -> Stamp | None:
    """The time a cell shows, or None when it shows none, only a date, or cannot be read without guessing.

    Reads ISO 8601 with ``T``, ``_`` or spaces, dates as ``2025-11-23``, ``2025/11/23``, ``23.11.2025``
    (dots: day first, unless ``order`` says otherwise) and, where a number above 12 or ``order`` tells day from
    month, ``23/11/2025`` or ``11/23/2025``, both with two digits for the year too; 12-hour clocks; ``24:05`` as
    five past midnight of the next day; the time before the date. In years of trading only, as their digits may mean
    something else: compact
    ``20251123T024012``, epoch seconds, ms, µs and ns (2000 to 2099, offset 0), dates with a month's name.
    The precision is that of the printed digits, digits past the microsecond are cut. The offset is the one the
    text states, in seconds east, None for a naive time.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    match = _ISO.fullmatch(text)
    if match is not None:
        return _stamp(match, match["y"], match["mo"], match["d"])
    if text[0].isdecimal():
        match = _COMPACT.fullmatch(text)
        if match is not None:
            stamp = _stamp(match, match["y"], match["mo"], match["d"])
            return stamp if stamp is not None and is_trading_time(stamp.us) else None
        number = _NUMBER.fullmatch(text)
        if number is not None:
            return _epoch(number[1], number[2] or "")
        match = _YEAR_LAST.fullmatch(text)
        if match is not None:
            return _year_last(match, order)
    first = _time_first(text, order) if ":" in text[1:3] else None
    return first or (_wordy(text) if _WORDY.match(text) else None)


def _time_first(text: str, order: DateOrder | None) -> Stamp | None:
    """As ``19:05 2025-10-14``."""
    time, _, date = text.partition(" ")
    return None if ":" in date or not date else parse_any_year(f"{date.strip()} {time}", order)


def date_numbers(text: str) -> tuple[int, int] | None:
    """The two numbers before the year of a date such as ``05/11/2025 10:00``, as written; None for any other text."""
    match = _YEAR_LAST.fullmatch(text.strip())
    return None if match is None else (int(match["a"]), int(match["b"]))


def parse_time_of_day(text: str) -> tuple[int, int] | None:
    """``02:19:56.769`` as (µs since midnight, precision in µs); None for anything else."""
    match = _TIME_OF_DAY.fullmatch(text.strip())
    clock = None if match is None else _clock(match)
    return clock if clock is not None and clock[0] < DAY else None


def _stamp(match: re.Match[str], year: str, month: str, day: str) -> Stamp | None:
    day_begins = _midnight(year, month, day)
    clock = _clock(match)
    if day_begins is None or clock is None or (clock[0] >= DAY and not is_trading_time(day_begins)):
        return None
    if match["zone"] is None:
        return Stamp(day_begins + clock[0], clock[1])
    offset = parse_offset(match["zone"])
    return None if offset is None else Stamp(day_begins + clock[0], clock[1], offset)


def _year_last(match: re.Match[str], order: DateOrder | None) -> Stamp | None:
    first, second = int(match["a"]), int(match["b"])
    year = match["y"] if len(match["y"]) > 2 else f"20{match['y']}"  # noqa: PLR2004 - no bot traded before 2000
    if order is not None:
        day_first = order is DateOrder.DAY_FIRST
        day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
        return _stamp(match, year, month, day)
    day_first = match["sep"] == "." or first > _NOON or first == second
    if not day_first and second <= _NOON:
        return None  # 05/11/2025: nothing in the text tells the day from the month
    day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
    return _stamp(match, year, month, day)


@lru_cache(maxsize=4096)
def _midnight(year: str, month: str, day: str) -> int | None:
    return midnight(int(year), int(month), int(day))


def _clock(match: re.Match[str]) -> tuple[int, int] | None:
    hour, minute, second = int(match["h"]), int(match["mi"]), int(match["s"] or 0)
    half = match["ap"]
    if half is not None:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half in "Pp" else 0)
    if hour > _HOURS or minute >= _SIXTY or second >= _SIXTY:
        return None
    us = hour * HOUR + minute * MINUTE + second * SECOND
    if match["s"] is None:
        return us, MINUTE
    return (us, SECOND) if match["f"] is None else (us + fraction_us(match["f"]), fraction_step(match["f"]))


def fraction_us(digits: str) -> int:
    """The microseconds that the digits after a decimal point of seconds stand for, cut, not rounded."""
    return int(digits[:FRACTION_DIGITS].ljust(FRACTION_DIGITS, "0"))


def fraction_step(digits: str) -> int:
    """The smallest step those digits show, in µs."""
    return _STEPS[min(len(digits), FRACTION_DIGITS)]


def _epoch(whole: str, fraction: str) -> Stamp | None:
    number = int(whole)
    # Floats print a lone zero after whole numbers: it is no digit that was measured.
    fraction = "" if fraction == "0" else fraction
    for per_second in (1, 1_000, 1_000_000):
        if _EPOCH_LOW * per_second <= number < _EPOCH_HIGH * per_second:
            step = SECOND // per_second
            # Seconds have six more digits, milliseconds three, microseconds none.
            digits = fraction[: len(str(step)) - 1]
            unit = step // 10 ** len(digits)
            return Stamp(number * step + int(digits or 0) * unit, unit, 0)
    if _EPOCH_LOW * 1_000_000_000 <= number < _EPOCH_HIGH * 1_000_000_000:
        return Stamp(number // 1_000, 1, 0)
    return None


def _wordy(text: str) -> Stamp | None:
    """A date with a month's name, by dateutil; nothing it would have to fill in or guess is accepted."""
    from dateutil import parser as dateutil_parser  # noqa: PLC0415 - few tables write dates so

    try:
        # Parts that are not in the text come from the default: only what two defaults agree on was written.
        low = dateutil_parser.parse(text, default=datetime(2000, 1, 1), tzinfos=_zone)  # noqa: DTZ001 - naive, as the cell is
        high = dateutil_parser.parse(text, default=datetime(2001, 2, 2), tzinfos=_zone)  # noqa: DTZ001 - naive, as the cell is
    except (ValueError, OverflowError):
        return None
    if low != high or not is_trading_time(us_of(low)):
        return None
    shown = _SECONDS_SHOWN.search(text)
    precision = MINUTE if shown is None else SECOND if shown[1] is None else fraction_step(shown[1])
    offset = low.utcoffset()
    seconds = None if offset is None else round(offset.total_seconds())
    return Stamp(us_of(low), precision, seconds)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Numbers and UTC only: a zone's letters mean different offsets to different machines."""
    from dateutil.tz import tzoffset  # noqa: PLC0415 - as in _wordy

    if offset is not None:
        return tzoffset(None, offset)
    if name is None:
        return None
    if name.upper() in ("UTC", "GMT", "Z"):
        return tzoffset(None, 0)
    raise ValueError(name)
