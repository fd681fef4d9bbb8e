"""Why a line of a table is not a row."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.core.timestamp import FIRST_YEAR, LAST_YEAR

#: Why a time that can be read is none of a trade.
NO_TRADING: Final = f"lies outside of the years {FIRST_YEAR} to {LAST_YEAR}"


class RejectReason(StrEnum):
    """Why a line of a table is not a row; ``glued`` ones are several rows, which were read."""

    NO_HEADER = "no-header"
    TORN = "torn"
    SHORT = "short"
    OVER_LONG = "over-long"
    GLUED = "glued"
    UNCLOSED_QUOTE = "unclosed-quote"
    NO_TIME = "no-time"
    BAD_TIME = "bad-time"
    BAD_NUMBER = "bad-number"
    NO_SYMBOL = "no-symbol"


class RejectedRow(Struct, frozen=True):
    """A line that is not a row.

    Attributes:
        location: 1-based line, quoted in ``location.text``.
        detail: what exactly is wrong, for people; may quote the cell, hostile.
    """

    location: Location
    reason: RejectReason
    detail: str
