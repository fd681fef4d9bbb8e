"""Written times converted to stamps, by arithmetic on their digits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND, Stamp, is_offset_like, parse_offset, us_of_day
from logaudit.logformats.pieces import LogFormatError
from logaudit.logformats.time_tokens import TimeRole, TimeToken

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_NOON: Final = 12
#: The year of a time that prints none, in which every date exists; the day of one that prints no date.
_LEAP_YEAR: Final = 1972
_NO_DATE: Final = date(1970, 1, 1)
#: Digits of a second that a stamp keeps; nanoseconds are cut.
_MICRO: Final = 6


class StampReader:
    """Reads one layout of written times; remembers the last, as neighbouring records share it.

    A time without a year, or without a date, is one of 1972, or of the first day of 1970.
    """

    __slots__ = (
        "_base",
        "_lead",
        "_pattern",
        "_rest",
        "_roles",
        "_scale",
        "_start",
        "_stop",
        "_utc",
        "stamp",
        "text",
    )

    def __init__(self, tokens: Sequence[TimeToken], *, utc: bool) -> None:
        self._roles = _distinct_roles(tokens)
        self._utc = utc
        self._pattern = _with_groups(tokens, self._roles)
        self._start, self._stop = _fraction_columns(tokens)
        self._scale = 10 ** max(_MICRO - (self._stop - self._start), 0)
        self._lead = self._rest = ""
        self._base: Stamp | None = None
        self.text = ""
        self.stamp: Stamp | None = None

    def read(self, text: str) -> Stamp | None:
        """The stamp that ``text`` shows; None when it is no time (a 13th month, an hour 24)."""
        if text == self.text:
            return self.stamp
        self.stamp = self._parse_by_columns(text) if self._stop else self._parse(text)
        self.text = text
        return self.stamp

    def _parse(self, text: str) -> Stamp | None:
        found = re.fullmatch(self._pattern, text)
        if found is None:
            return None
        try:
            return _stamp(dict(zip(self._roles, found.groups(), strict=True)), utc=self._utc)
        except ValueError:
            return None

    def _parse_by_columns(self, text: str) -> Stamp | None:
        """As `_parse`, for layouts whose fraction has known columns: mostly nothing else has changed."""
        start, stop = self._start, self._stop
        lead, rest = text[:start], text[stop:]
        if lead != self._lead or rest != self._rest:
            self._base = self._parse(f"{lead}{'0' * (stop - start)}{rest}")
            self._lead, self._rest = lead, rest
        base, fraction = self._base, text[start:stop]
        if base is None or not (fraction.isdecimal() and fraction.isascii()):
            return None
        return Stamp(base.us + int(fraction[:_MICRO]) * self._scale, base.precision, base.offset)


def _distinct_roles(tokens: Sequence[TimeToken]) -> tuple[TimeRole, ...]:
    return tuple(dict.fromkeys(token.role for token in tokens if token.role is not None))


def _with_groups(tokens: Sequence[TimeToken], roles: Sequence[TimeRole]) -> str:
    left = list(roles)
    parts = []
    for token in tokens:
        if token.role in left:
            left.remove(token.role)
            parts.append(f"({token.regex})")
        else:
            parts.append(f"(?:{token.regex})")
    return "".join(parts)


def lacks_date(tokens: Sequence[TimeToken]) -> bool:
    """Whether times leave open on which day of which year they are."""
    has = set(_distinct_roles(tokens))
    if has & {TimeRole.EPOCH, TimeRole.EPOCH_US}:
        return False
    return TimeRole.YEAR not in has or not ({TimeRole.MONTH, TimeRole.DAY} <= has or TimeRole.YEAR_DAY in has)


def require_whole(tokens: Sequence[TimeToken], *, date: bool) -> None:
    """Refuses times that leave the half of the day open, or the ``date``.

    Raises:
        LogFormatError: they do.
    """
    has = set(_distinct_roles(tokens))
    if date and lacks_date(tokens):
        raise LogFormatError(
            "the written time needs a date (year, month and day).",
            "Records without a date cannot be placed in time; give the format of a sink that prints it.",
        )
    if TimeRole.HOUR_12 in has and TimeRole.HALF not in has and TimeRole.HOUR not in has:
        raise LogFormatError(
            "a 12-hour clock without AM or PM leaves half of the day open.", "Use HH, or add A (%p)."
        )


def _fraction_columns(tokens: Sequence[TimeToken]) -> tuple[int, int]:
    """Where the fraction of a second begins and ends, when all before it has a fixed width; else zeros."""
    at = 0
    for token in tokens:
        width = len(token.shape)
        if token.role is TimeRole.FRACTION and token.fixed:
            return at, at + width
        if not token.fixed:
            break
        at += width
    return 0, 0


def _stamp(found: Mapping[TimeRole, str], *, utc: bool) -> Stamp | None:
    if TimeRole.EPOCH in found:
        whole, _, fraction = found[TimeRole.EPOCH].partition(".")
        us, precision = _fraction(fraction or found.get(TimeRole.FRACTION, ""))
        return Stamp(int(whole) * SECOND + us, precision, 0)
    if TimeRole.EPOCH_US in found:
        # loguru's `x` adds the microseconds twice: the time lies within the second before the number.
        return Stamp(int(found[TimeRole.EPOCH_US]) - SECOND + 1, SECOND, 0)
    day = us_of_day(_date(found))
    clock = _clock(found)
    offset = _offset(found.get(TimeRole.OFFSET) or found.get(TimeRole.ZONE) or "")
    return Stamp(day + clock[0], clock[1], 0 if utc and offset is None else offset)


def _date(found: Mapping[TimeRole, str]) -> date:
    if TimeRole.YEAR not in found:
        monthly = TimeRole.MONTH in found and TimeRole.DAY in found
        return date(_LEAP_YEAR, _month(found), int(found[TimeRole.DAY])) if monthly else _NO_DATE
    year = int(found[TimeRole.YEAR])
    if len(found[TimeRole.YEAR]) == 2:  # noqa: PLR2004 - a two-digit year: no bot logged before 2000
        year += 2000
    if TimeRole.MONTH not in found or TimeRole.DAY not in found:
        first, nth = date(year, 1, 1), int(found[TimeRole.YEAR_DAY])
        if not 1 <= nth <= (date(year, 12, 31) - first).days + 1:
            raise ValueError(nth)
        return date.fromordinal(first.toordinal() + nth - 1)
    return date(year, _month(found), int(found[TimeRole.DAY]))


def _month(found: Mapping[TimeRole, str]) -> int:
    month = found[TimeRole.MONTH]
    return _MONTHS.get(month[:3].lower()) or int(month)


def _clock(found: Mapping[TimeRole, str]) -> tuple[int, int]:
    """Microseconds since midnight, and the smallest step that is printed."""
    if TimeRole.HOUR in found:
        hour = int(found[TimeRole.HOUR])
    elif TimeRole.HOUR_12 in found:
        twelve = int(found[TimeRole.HOUR_12])
        if not 1 <= twelve <= _NOON:
            raise ValueError(twelve)
        hour = twelve % _NOON + (_NOON if found[TimeRole.HALF].upper() == "PM" else 0)
    else:
        return 0, DAY
    us, precision = hour * HOUR, HOUR
    if TimeRole.MINUTE in found:
        minute = int(found[TimeRole.MINUTE])
        us, precision = us + minute * MINUTE, MINUTE
        if minute > 59:  # noqa: PLR2004 - minutes of an hour
            raise ValueError(minute)
        if TimeRole.SECOND in found:
            second = int(found[TimeRole.SECOND])
            if second > 59:  # noqa: PLR2004 - seconds of a minute
                raise ValueError(second)
            below, precision = _below_second(found)
            us += second * SECOND + below
    if us >= DAY:
        raise ValueError(hour)
    return us, precision


def _below_second(found: Mapping[TimeRole, str]) -> tuple[int, int]:
    if TimeRole.MILLISECONDS in found:
        return int(found[TimeRole.MILLISECONDS].partition(".")[0]) % 1000 * 1000, 1000
    fraction = found.get(TimeRole.FRACTION, "")
    return _fraction(fraction if fraction.isdecimal() else "")


def _fraction(text: str) -> tuple[int, int]:
    """Digits after the decimal point as microseconds, and what the last digit counts."""
    return int(text[:_MICRO].ljust(_MICRO, "0")), 10 ** max(_MICRO - len(text), 0)


def _offset(text: str) -> int | None:
    """Seconds east of UTC; None for a zone name that tells none.

    Raises:
        ValueError: digits that are no offset: the text is no time.
    """
    offset = parse_offset(text)
    if offset is None and is_offset_like(text):
        raise ValueError(text)
    return offset
