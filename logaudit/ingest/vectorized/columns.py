"""Takes the same columns of many lines at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int32]
WordArray: TypeAlias = NDArray[np.uint64]
Bytes: TypeAlias = NDArray[np.uint8]
Bools: TypeAlias = NDArray[np.bool_]

#: Bytes in a word.
WORD = 8


def take(data: bytearray, starts: Ints, width: int) -> Bytes:
    """The ``width`` bytes of ``data`` at each start, whatever they are: an array of shape (starts, width).

    ``data`` must hold as many bytes behind the last start; `Window` sees to it.
    """
    overlapping = np.ndarray((len(data) - width + 1,), f"V{width}", data, strides=(1,))
    return overlapping[starts].view(np.uint8).reshape(len(starts), width)


def word(data: bytearray, places: Ints) -> WordArray:
    """The eight bytes of ``data`` at each place, as one number."""
    # Bytes without a meaning are copied as they are; numbers that lie anywhere would be aligned one by one.
    overlapping = np.ndarray((len(data) - WORD + 1,), f"V{WORD}", data, strides=(1,))
    return overlapping[places].view(np.uint64)


def distinct(values: Ints) -> Ints:
    """The values, ascending, each once; `numpy.unique` imports what costs more than a small log's reading."""
    ordered = np.sort(values)
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def among(values: Ints, known: Ints) -> Bools:
    """Which of the values are ``known``, an ascending list."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: Bools = known[places] == values
    return found


def masked(text: bytes, start: int = 0) -> tuple[tuple[int, np.uint64, np.uint64], ...]:
    """For each word of ``text`` from byte ``start`` on: its index, its mask and its value."""
    size = -(-len(text) // WORD) * WORD
    masks = np.frombuffer((b"\0" * start + b"\xff" * (len(text) - start)).ljust(size, b"\0"), np.uint64)
    values = np.frombuffer((b"\0" * start + text[start:]).ljust(size, b"\0"), np.uint64)
    return tuple((i, masks[i], values[i]) for i in range(len(masks)) if masks[i])


def fits(words: WordArray, wanted: tuple[tuple[int, np.uint64, np.uint64], ...]) -> Bools:
    """Which rows of ``words`` hold what is ``wanted``, as `masked` gives it."""
    found = np.ones(len(words), np.bool_)
    for column, mask, value in wanted:
        found &= (words[:, column] & mask) == value
    return found
