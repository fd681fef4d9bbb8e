"""Lines before a table's header: a preamble, or rows that no header explains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from logaudit.core.location import Location
from logaudit.core.message import msg
from logaudit.ledger.columns import DELIMITERS, split, stated_offset
from logaudit.ledger.reject import RejectedRow, RejectReason
from logaudit.ledger.stamps import parse_stamp

#: Lines before the header that may be a preamble; exports write one or two.
PREAMBLE: Final = 10


def headless(location: Location) -> RejectedRow:
    """A line that no header explains."""
    return RejectedRow(location, RejectReason.NO_HEADER, msg("no header above it says what its columns mean"))


def shows_time(text: str) -> bool:
    """Whether the line is data rather than a preamble: one of its cells is a time."""
    return any(
        parse_stamp(cell) is not None
        for delimiter in DELIMITERS
        if delimiter in text
        for cell in split(text, delimiter) or ()
    )


def preamble_offset(preamble: Iterable[Location]) -> int | None:
    """The UTC offset that the lines before a header state."""
    offsets = (stated_offset(place.text) for place in preamble)
    return next((offset for offset in offsets if offset is not None), None)
