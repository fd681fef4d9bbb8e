"""Rows that stand on one line because a line end was never written."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.core.location import Location
from logaudit.core.text import quote
from logaudit.core.trades import LedgerEntry
from logaudit.ledger.rows import RowReader
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day


def glued_rows(reader: RowReader, cells: Sequence[str], first: int, place: Location) -> list[LedgerEntry]:
    """The rows on one line, each with a place of its own; none unless every one of them can be read.

    Args:
        first: the number of the first of them.
    """
    found: list[LedgerEntry] = []
    for i, part in enumerate(_unglued(cells, len(reader.header.cells))):
        text = quote(reader.header.delimiter.join(part))
        row = reader.read(part, first + i, replace(place, text=text, byte=place.byte + i))
        if not isinstance(row, LedgerEntry):
            return []
        found.append(row)
    return found


def _unglued(cells: Sequence[str], width: int) -> list[list[str]]:
    """The rows that the cells of one line make, each with ``width`` cells; none where nothing shows where one begins.

    The last cell of a row and the first of the next are one cell; that the first is a time, or an id, tells them apart.
    """
    if width < 2 or len(cells) <= width or (len(cells) - 1) % (width - 1):  # noqa: PLR2004 - one cell joins nothing
        return []
    rows: list[list[str]] = []
    rest = list(cells)
    while len(rest) > width:
        joint = rest[width - 1]
        begins = _begins(joint, rest[0].strip())
        if begins is None:
            return []
        rows.append([*rest[: width - 1], joint[:begins]])
        rest = [joint[begins:], *rest[width:]]
    return [*rows, rest]


def _begins(joint: str, first: str) -> int | None:
    """Where the time, or the number, at the end of a cell begins that stands first in the other row, as ``first`` does.

    Of several times it is the one as long as that one. Bare digits, of an id or of seconds since 1970, begin nowhere:
    they are as many as in the other row.
    """
    usual = len(joint) - len(first)
    found = [i for i in range(len(joint)) if not joint[i:].isdecimal() and _is_time(joint[i:])]
    if not found and first.isdecimal():
        return usual if usual > 0 and joint[usual:].isdecimal() else None
    if len(found) > 1:
        found = [i for i in found if i == usual]
    return found[0] if len(found) == 1 else None


def _is_time(text: str) -> bool:
    return text[:1].isdecimal() and (parse_stamp(text) is not None or parse_time_of_day(text) is not None)
