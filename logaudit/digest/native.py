"""Three loops over a stretch: compiled ones where the installation could build them, else numpy's.

Both give the same; the compiled ones take less time.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from logaudit.digest.columns import WORD, Bools, Ints, Numbers, take
from logaudit.digest.headtable import HeadTable, Texts

compiled: ModuleType | None
try:
    from logaudit.digest import _native as compiled
except ImportError:
    compiled = None

if np.dtype(np.intp).itemsize != WORD:  # the compiled loops take 64-bit places
    compiled = None

_NEWLINE = 10
#: Where the compiled loop puts line ends; grows with the longest stretch.
_room = [np.empty(1 << 16, np.int64)]


def newlines(data: bytearray, size: int) -> Ints:
    """Where the line feeds stand in the first ``size`` bytes."""
    if compiled is None:
        return np.flatnonzero(np.frombuffer(data, np.uint8, size) == _NEWLINE)
    count = compiled.newlines(data, size, _room[0])
    if count > len(_room[0]):
        _room[0] = np.empty(count + count // 4, np.int64)
        compiled.newlines(data, size, _room[0])
    found: Ints = _room[0][:count].copy()
    return found


def changes(data: bytearray, starts: Ints, size: int) -> Bools:
    """Whether each line, the first one aside, begins otherwise than the one before it in ``size`` bytes."""
    fresh = np.ones(len(starts), np.bool_)
    if compiled is not None:
        compiled.changes(data, starts, size, fresh)
        return fresh
    width = -(-size // WORD) * WORD
    mask = np.frombuffer((b"\xff" * size).ljust(width, b"\0"), np.uint64)
    words = take(data, starts, width).view(np.uint64) & mask
    np.logical_or.reduce(tuple((words[1:] != words[:-1]).T), out=fresh[1:])
    return fresh


def meanings(table: HeadTable, data: bytearray, starts: Ints, lengths: Ints, gap: int) -> Numbers:
    """What each line's beginning up to its first space and ``gap`` bytes more means; -1 if the table lacks it."""
    if compiled is None:
        return table.find(Texts.up_to_space(data, starts, lengths, table.width, gap))
    found = np.empty(len(starts), np.int32)
    compiled.meanings(data, starts, lengths, gap, *table.arrays, found)
    return found
