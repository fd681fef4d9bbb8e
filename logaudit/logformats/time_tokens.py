"""The tokens that written times are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.logformats.pieces import DIGIT, LETTER, SIGN


class TimeRole(StrEnum):
    """What a captured token of a written time stands for."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    YEAR_DAY = "day of the year"
    HOUR = "hour"
    HOUR_12 = "hour of twelve"
    HALF = "AM or PM"
    MINUTE = "minute"
    SECOND = "second"
    FRACTION = "fraction of a second"
    MILLISECONDS = "milliseconds as a number"
    OFFSET = "UTC offset"
    ZONE = "zone name"
    EPOCH = "seconds since 1970"
    EPOCH_US = "microseconds since 1970, as loguru prints them"


class TimeToken(Struct, frozen=True):
    """One token or literal of a written time.

    Attributes:
        regex: what it matches; holds no capturing group.
        role: None for text without meaning (literals, weekdays).
        shape: classes of its leading character positions.
        fixed: whether ``shape`` covers all of it.
    """

    regex: str
    role: TimeRole | None = None
    shape: tuple[str, ...] = ()
    fixed: bool = False


def digits(count: int, role: TimeRole | None) -> TimeToken:
    """Exactly ``count`` digits."""
    return TimeToken("[0-9]" * count, role, (DIGIT,) * count, fixed=True)


def number(most: int, role: TimeRole | None) -> TimeToken:
    """One to ``most`` digits."""
    return TimeToken(f"[0-9]{{1,{most}}}", role, (DIGIT,))


def spaced(role: TimeRole | None) -> TimeToken:
    """Two characters, the first of which may be a space."""
    return TimeToken("[ 0-9][0-9]", role)


def words(choices: Sequence[str], role: TimeRole | None) -> TimeToken:
    """One of a few names, in any case."""
    width = min(map(len, choices))
    same_width = width == max(map(len, choices))
    return TimeToken(f"(?i:{'|'.join(choices)})", role, (LETTER,) * width, same_width)


def literal(text: str) -> TimeToken:
    """The text itself."""
    return TimeToken(re.escape(text), None, tuple(text), fixed=True)


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAME: Final = words(_MONTHS, TimeRole.MONTH)
MONTH_SHORT: Final = words([name[:3] for name in _MONTHS], TimeRole.MONTH)
DAY_NAME: Final = words(_DAYS, None)
DAY_SHORT: Final = words([name[:3] for name in _DAYS], None)
HALF: Final = words(("AM", "PM"), TimeRole.HALF)
#: ``+03:00`` and ``+0300``, with seconds where a zone has them.
OFFSET: Final = TimeToken(
    r"[+-][0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]{1,6})?)?", TimeRole.OFFSET, (SIGN, DIGIT, DIGIT)
)
#: ``MSK``, ``UTC+03:00``, ``-03``, ``Central Standard Time``.
ZONE: Final = TimeToken(
    r"(?:[+-][0-9]{2,4}|[^\W\d_]{1,30}(?:[+-][0-9]{2}:?[0-9]{2})?(?: [^\W\d_]\w{0,30}){0,4}?)", TimeRole.ZONE
)
_ZULU: Final = lazy_pattern(r"(?P<gap> ?)(?P<name>Z|UTC|GMT)(?![A-Za-z])")
_BEFORE_ZULU: Final = (TimeRole.MINUTE, TimeRole.SECOND, TimeRole.FRACTION)


def with_zulu(tokens: Sequence[TimeToken], text: str) -> tuple[list[TimeToken], str]:
    """Moves a ``Z`` or ``UTC`` that directly follows a written time into it; returns the rest of ``text``."""
    found = _ZULU.match(text) if tokens and tokens[-1].role in _BEFORE_ZULU else None
    if found is None:
        return list(tokens), text
    gap = [literal(found["gap"])] if found["gap"] else []
    zone = TimeToken(found["name"], TimeRole.ZONE, tuple(found["name"]), fixed=True)
    return [*tokens, *gap, zone], text[found.end() :]
