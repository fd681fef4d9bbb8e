"""Recognises, in many lines at once, texts that were looked at before."""

from __future__ import annotations

from typing import Final

import numpy as np

from logaudit.digest.columns import WORD, Ints, Numbers, Words

#: Bytes of a text; a longer one is not remembered.
WIDTH: Final = 128
#: Texts that are remembered. A log has some hundreds of places that write to it.
MOST: Final = 8192
_SLOT_BITS: Final = 15
_LAST: Final = np.uint64((1 << _SLOT_BITS) - 1)
#: Odd numbers that mix the bits of a key; an unlucky choice costs time, not truth.
_FACTORS: Final = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


class HeadTable:
    """Texts, each with a number that says what it means.

    A text is found by a key and then compared in full: nothing is left to chance.
    """

    def __init__(self) -> None:
        # Number 0 stands for nothing, and is unequal to any text.
        self._slots = np.zeros((2, 1 << _SLOT_BITS), np.int32)
        self._texts = np.full((64, WIDTH // WORD), ~np.uint64(0), np.uint64)
        self._meanings = np.full(64, -1, np.int32)
        self._count = 1

    @property
    def full(self) -> bool:
        """Whether nothing more is remembered."""
        return self._count >= MOST

    def find(self, texts: Words, keys: Words) -> Numbers:
        """The meaning of each text; -1 for an unknown one.

        Args:
            texts: a row of words each, zeros behind the text; rows may be cut where all end.
            keys: a number each, the same for the same text.
        """
        found = self._look(texts, keys, 0)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            found[missing] = self._look(texts[missing], keys[missing], 1)
        return found

    def add(self, text: Words, key: np.uint64, meaning: int) -> None:
        """Remembers one text, unless both of its places are taken."""
        if self.full:
            return
        for place in (0, 1):
            slot = int(_slots_of(np.array([key]), place)[0])
            if not self._slots[place, slot]:
                self._slots[place, slot] = self._count
                self._grow()
                self._texts[self._count] = 0
                self._texts[self._count, : len(text)] = text
                self._meanings[self._count] = meaning
                self._count += 1
                return

    def _look(self, texts: Words, keys: Words, place: int) -> Numbers:
        numbers = self._slots[place].take(_slots_of(keys, place))
        known = self._texts[: self._count, : texts.shape[1]].take(numbers, axis=0)
        found: Numbers = np.where((known == texts).all(axis=1), self._meanings.take(numbers), np.int32(-1))
        return found

    def _grow(self) -> None:
        if self._count == len(self._texts):
            self._texts = np.concatenate([self._texts, np.full_like(self._texts, ~np.uint64(0))])
            self._meanings = np.concatenate([self._meanings, np.full_like(self._meanings, -1)])


def keys_of(*words: Words) -> Words:
    """A number for each row, mixed from up to three words of it."""
    keys = words[0] * _FACTORS[0]
    for more, factor in zip(words[1:], _FACTORS[1:], strict=False):
        keys ^= more * factor
        keys ^= keys >> np.uint64(29)
    return keys * _FACTORS[0]


def _slots_of(keys: Words, place: int) -> Ints:
    shift = np.uint64(64 - _SLOT_BITS * (place + 1))
    return ((keys >> shift) & _LAST).astype(np.int64)
