"""Recognises, in many lines at once, texts that were looked at before."""

from __future__ import annotations

from typing import Final, Self

import numpy as np
from msgspec import Struct

from logaudit.ingest.vectorized.columns import WORD, Bools, Ints, Numbers, WordArray, take, word

#: Bytes of a text; a longer one is not remembered.
WIDTH: Final = 128
#: Texts that are remembered. A log has some hundreds of places that write to it.
MOST: Final = 8192
_SPACE: Final = 32
_SLOT_BITS: Final = 15
_LAST: Final = np.uint64((1 << _SLOT_BITS) - 1)
#: Odd numbers that mix the bits of a key; an unlucky choice costs time, not truth.
_FACTORS: Final = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
#: For each length below a word, the mask of its bytes.
_MASKS: Final[WordArray] = (
    np.where(np.arange(WORD) < np.arange(WORD + 1)[:, None], 0xFF, 0).astype(np.uint8).view(np.uint64).ravel()
)


class PrefixTexts(Struct, frozen=True):
    """A text of each of many lines, where it stands.

    Attributes:
        words: the bytes from its start on, whatever follows it, a row of words for each.
        sizes: its bytes; 0 for a line without one.
        tails: its last word; of a shorter one all of it.
        keys: a number, the same for the same text.
    """

    words: WordArray
    sizes: Ints
    tails: WordArray
    keys: WordArray

    @classmethod
    def up_to_space(cls, data: bytearray, starts: Ints, lengths: Ints, width: int, gap: int) -> Self:
        """From each start up to the first space and ``gap`` bytes more, if that is within ``width`` and the line."""
        rows = take(data, starts, width)
        spaces = rows == _SPACE
        sizes = spaces.argmax(axis=1)
        none = (sizes == 0) & (rows[:, 0] != _SPACE)
        sizes += gap
        sizes[none | (sizes > np.minimum(lengths, width))] = 0
        return cls._of(data, starts, sizes, rows.view(np.uint64))

    @classmethod
    def _of(cls, data: bytearray, starts: Ints, sizes: Ints, words: WordArray) -> Self:
        tails = word(data, starts + np.maximum(sizes - WORD, 0))
        # The word before the last tells a function's name, the last one its line.
        middles = word(data, starts + np.maximum(sizes - 2 * WORD, 0))
        short = np.flatnonzero(sizes < WORD)
        if len(short):
            tails[short] &= _MASKS[sizes[short]]
            middles[short] = tails[short]
        keys = tails * _FACTORS[0]
        keys ^= middles * _FACTORS[1]
        keys ^= keys >> np.uint64(29)
        keys ^= sizes.view(np.uint64) * _FACTORS[2]
        keys *= _FACTORS[0]
        return cls(words, sizes, tails, keys)

    def __getitem__(self, rows: Ints) -> PrefixTexts:
        return PrefixTexts(self.words[rows], self.sizes[rows], self.tails[rows], self.keys[rows])


class PrefixHashTable:
    """Texts, each with a number that says what it means.

    A text is found by a key and then compared in full: nothing is left to chance.

    Attributes:
        longest: size of the longest text, in bytes.
    """

    def __init__(self) -> None:
        self.longest = 0
        # Number 0 stands for nothing, and has the size of no text.
        self._slots = np.zeros((2, 1 << _SLOT_BITS), np.int32)
        self._words = np.zeros((64, WIDTH // WORD), np.uint64)
        # Words that a text does not fill: its tail holds what of them belongs to it.
        self._behind = np.ones((64, WIDTH // WORD), np.bool_)
        self._tails = np.zeros(64, np.uint64)
        self._sizes = np.full(64, -1, np.int64)
        self._meanings = np.full(64, -1, np.int32)
        self._count = 1

    @property
    def width(self) -> int:
        """Whole words that hold any of the texts, in bytes."""
        return -(-self.longest // WORD) * WORD

    @property
    def arrays(self) -> tuple[Numbers, WordArray, Ints, Numbers]:
        """Numbers by slot in both places; by number the text, its size, and what it means."""
        return self._slots, self._words, self._sizes, self._meanings

    @property
    def full(self) -> bool:
        """Whether nothing more is remembered."""
        return self._count >= MOST

    def find(self, texts: PrefixTexts) -> Numbers:
        """The meaning of each text; -1 for an unknown one."""
        found = self._look(texts, 0)
        missing = np.flatnonzero(found < 0)
        if len(missing):
            found[missing] = self._look(texts[missing], 1)
        return found

    def add(self, text: bytes, tail: np.uint64, key: np.uint64, meaning: int) -> None:
        """Remembers one text, unless both of its places are taken."""
        if self.full:
            return
        for place in (0, 1):
            slot = int(_slots_of(np.array([key]), place)[0])
            if not self._slots[place, slot]:
                self._slots[place, slot] = self._count
                self._grow()
                whole = len(text) // WORD
                self._words[self._count] = np.frombuffer(text.ljust(WIDTH, b"\0"), np.uint64)
                self._behind[self._count, :whole] = False
                self._tails[self._count] = tail
                self._sizes[self._count] = len(text)
                self._meanings[self._count] = meaning
                self._count += 1
                self.longest = max(self.longest, len(text))
                return

    def _look(self, texts: PrefixTexts, place: int) -> Numbers:
        numbers = self._slots[place].take(_slots_of(texts.keys, place))
        width = texts.words.shape[1]
        same = self._words[:, :width].take(numbers, axis=0) == texts.words
        same |= self._behind[:, :width].take(numbers, axis=0)
        known: Bools = _all(same)
        known &= self._tails.take(numbers) == texts.tails
        known &= self._sizes.take(numbers) == texts.sizes
        found: Numbers = np.where(known, self._meanings.take(numbers), np.int32(-1))
        return found

    def _grow(self) -> None:
        if self._count < len(self._sizes):
            return
        self._words = np.concatenate([self._words, np.zeros_like(self._words)])
        self._behind = np.concatenate([self._behind, np.ones_like(self._behind)])
        self._tails = np.concatenate([self._tails, np.zeros_like(self._tails)])
        self._sizes = np.concatenate([self._sizes, np.full_like(self._sizes, -1)])
        self._meanings = np.concatenate([self._meanings, np.full_like(self._meanings, -1)])


def _all(rows: Bools) -> Bools:
    """Whether all of a row holds; column by column, as a reduction of many short rows is slow."""
    found = rows[:, 0].copy()
    for column in range(1, rows.shape[1]):
        found &= rows[:, column]
    return found


def _slots_of(keys: WordArray, place: int) -> Ints:
    shift = np.uint64(64 - _SLOT_BITS * (place + 1))
    return ((keys >> shift) & _LAST).astype(np.int64)
