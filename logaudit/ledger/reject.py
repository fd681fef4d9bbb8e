"""Why a line of a table is not a row."""

from enum import StrEnum

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.core.message import Code, Message, Text, Time, msg
from logaudit.core.timestamp import FIRST_YEAR, LAST_YEAR, Stamp


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
    detail: Message


def no_trading(name: str, at: Stamp) -> Message:
    """That a time can be read and is none of a trade."""
    return msg(
        "{name}: {at} lies outside of the years {first} to {last}",
        name=Code(name),
        at=Time(at),
        first=Text(str(FIRST_YEAR)),
        last=Text(str(LAST_YEAR)),
    )


def too_short(cells: int, width: int) -> Message:
    """That a line has fewer cells than its table has columns."""
    return msg("{cells} of {width} columns", cells=Text(str(cells)), width=Text(str(width)))


def broken_off(detail: Message) -> Message:
    """That a line is no row as the file ends within it."""
    return msg("the file breaks off: {detail}", detail=detail)
