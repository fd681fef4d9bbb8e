"""Two loops over a stretch: compiled ones where the installation could build them, else Python's and numpy's.

Both give the same; the compiled ones take less time.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import TypeAlias

import numpy as np

from logaudit.ingest.vectorized.columns import WORD, Bools, Ints, Numbers, WordArray
from logaudit.ingest.vectorized.line_table import LineTable

compiled: ModuleType | None
try:
    from logaudit.ingest.vectorized import _native as compiled
except ImportError:
    compiled = None

if np.dtype(np.intp).itemsize != WORD:  # the compiled loops take 64-bit places
    compiled = None

#: Lines that begin alike up to their level: what follows the time, what it means (-1 where that depends on what
#: follows), bytes from the first space behind it up to the message, and what may follow, as `PrefixHashTable.arrays`.
KnownClass: TypeAlias = tuple[bytes, int, int, Numbers, WordArray, Ints, Numbers]
#: Lines whose time has one layout: the template, whether it was met before, where year, month, day, hour, minute,
#: second and fraction begin and end (0 and 0 without one), and what may follow.
KnownLayout: TypeAlias = tuple[bytes, bool, bytes, tuple[KnownClass, ...]]

_NEWLINE, _RETURN, _TAB, _SPACE = 10, 13, 9, 32
_ONE_DIGIT = bytes.maketrans(b"123456789", b"000000000")
#: For how many lines room is made at first; grows with the longest stretch, up to so many.
_room = [1 << 12]
_MOST_ROOM = 1 << 18


def sweep(
    data: bytearray,
    size: int,
    known: Sequence[KnownLayout],
    *,
    whole: bool,
    blanks_may_open: bool,
    room: int = 0,
) -> LineTable:
    """The lines in the first ``size`` bytes, and as far as that is ``known`` already, what they are.

    Args:
        data: holds `logaudit.ingest.vectorized.buffer.SPARE` bytes more.
        known: the layouts in the order in which they are tried.
        whole: whether what follows the last line feed is a line, too.
        blanks_may_open: whether lines that are empty or begin with a space or a tab may open a record.
        room: for how many lines there is room at first; 0 for as many as are usual.
    """
    if compiled is None:
        return _by_numpy(data, size, whole=whole, blanks_may_open=blanks_may_open)
    room = room or _room[0]
    starts, ends, us, unknown = (np.empty(room, np.int64) for _ in range(4))
    kinds, heads = np.empty(room, np.uint8), np.empty(room, np.int32)
    out = (starts, ends, us, unknown, kinds, heads)
    count, left = compiled.sweep(data, size, whole, blanks_may_open, tuple(known), *out)
    if count > room:
        _room[0] = min(count + count // 4, _MOST_ROOM)
        return sweep(data, size, known, whole=whole, blanks_may_open=blanks_may_open, room=count)
    none = np.zeros(0, np.int64)
    return LineTable(
        starts[:count], ends[:count], kinds[:count], us[:count], heads[:count], unknown[:left], none
    )


def _by_numpy(data: bytearray, size: int, *, whole: bool, blanks_may_open: bool) -> LineTable:
    """As `sweep` when nothing is known."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8, size) == _NEWLINE)
    if whole and size and data[size - 1] != _NEWLINE:
        ends = np.append(ends, size)
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
    unknown = np.arange(len(ends)) if blanks_may_open else np.flatnonzero(~_blank(data, starts))
    return LineTable.at(starts, ends, unknown)


def _blank(data: bytearray, starts: Ints) -> Bools:
    """Lines that are empty or begin with a space or a tab."""
    text = np.frombuffer(data, np.uint8)
    first = text[starts]
    blank: Bools = (first == _SPACE) | (first == _TAB) | (first == _NEWLINE)
    returns = np.flatnonzero(first == _RETURN)
    blank[returns] = text[starts[returns] + 1] == _NEWLINE
    return blank


def squeezed(data: bytearray, starts: Ints, ends: Ints, most: int) -> Sequence[bytes]:
    """Parts of a text, UTF-8, each cut behind ``most`` characters, with a single 0 in place of every run of digits."""
    if compiled is not None:
        found: list[bytes] = compiled.squeezed(data, starts, ends, most)
        return found
    return [_squeezed(bytes(data[a:b]), most) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def _squeezed(part: bytes, most: int) -> bytes:
    if len(part) > most:
        # Bytes 10xxxxxx go on with a character.
        begins = np.flatnonzero(np.frombuffer(part, np.uint8) & 0xC0 != 0x80)  # noqa: PLR2004 - said above
        part = part[: begins[most]] if len(begins) > most else part
    part = part.translate(_ONE_DIGIT)
    while b"00" in part:
        part = part.replace(b"0000", b"0").replace(b"00", b"0")
    return part
