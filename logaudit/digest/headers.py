"""Remembers the beginnings of lines whose meaning is settled, and recognises them in many lines at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from logaudit.dialect import DialectSet
from logaudit.dialect.text import TextDialect
from logaudit.digest.columns import WORD, Bools, Bytes, Ints, Numbers, Words, fits, masked, take, word
from logaudit.digest.headtable import WIDTH, HeadTable, keys_of
from logaudit.digest.layouts import Layout
from logaudit.digest.settle import Verdict, end_of_level, settle

#: Bytes of a line within which its level must end.
_FRONT: Final = 64
#: Beginnings up to the level that are told apart; a log has a few levels, or a few names with a few levels.
_MAX_CLASSES: Final = 512
#: Lines in a row of which nothing can be learned, before the rest of the stretch is taken for alike.
_MAX_MISSES: Final = 16
#: New beginnings up to the message that are looked at in one stretch; those of single lines only if few.
_MAX_NEW: Final = 512
_FEW: Final = 32
_SPACE: Final = 32
#: For each length of a text, its masks.
_MASKS: Final[Words] = (
    np.where(np.arange(WIDTH) < np.arange(WIDTH + 1)[:, None], 0xFF, 0).astype(np.uint8).view(np.uint64)
)


@dataclass(slots=True)
class _Class:
    """Lines that begin alike up to their level.

    Attributes:
        beginning: the text, with the time of one such line.
        length: its bytes.
        words: which words of a line must hold what, under which mask.
        verdict: what the beginning settles.
        gap: bytes from the first space behind it up to the message.
        seen: how many lines were met, so that the commonest is tried first.
        table: what follows up to the message, which tells the dialect where the beginning leaves it open.
        hopeless: what follows and settles nothing, by its key.
    """

    beginning: str
    length: int
    words: tuple[tuple[int, np.uint64, np.uint64], ...]
    verdict: Verdict
    gap: int
    table: HeadTable
    seen: int = 0
    hopeless: set[int] = field(default_factory=set)


class Headers:
    """What is known of the lines whose time has one layout."""

    def __init__(self, dialects: DialectSet, layout: Layout, number: Callable[[str], int]) -> None:
        """``number`` gives the number that stands for a name."""
        self._dialects = dialects
        self._layout = layout
        self._number = number
        self._classes: list[_Class] = []

    def read(self, data: bytearray, starts: Ints, lengths: Ints) -> tuple[Bools, Numbers, Numbers]:
        """Which lines open a record for certain, and the numbers of their levels and dialects.

        Args:
            data: the stretch.
            starts: where lines with a valid time in this layout begin.
            lengths: their bytes.
        """
        known = np.zeros(len(starts), np.bool_)
        levels = np.zeros(len(starts), np.int32)
        dialects = np.zeros(len(starts), np.int32)
        for group, places in self._classify(data, starts, lengths):
            levels[places] = self._number(group.verdict.level)
            if group.verdict.dialect:
                known[places] = True
                dialects[places] = self._number(group.verdict.dialect)
            else:
                rest = lengths[places] - group.length
                found = self._by_header(group, data, starts[places] + group.length, rest)
                known[places] = found >= 0
                dialects[places] = found
        return known, levels, dialects

    def _classify(self, data: bytearray, starts: Ints, lengths: Ints) -> list[tuple[_Class, Ints]]:
        """The classes that occur, and the places in ``starts`` of their lines."""
        words = take(data, starts, _FRONT).view(np.uint64)
        found: list[tuple[_Class, Ints]] = []
        left = np.arange(len(starts))
        for group in self._classes:
            left = _pick(group, words, left, found)
        misses = 0
        while len(left) and len(self._classes) < _MAX_CLASSES and misses < _MAX_MISSES:
            place = left[0]
            fresh = self._learn(bytes(data[starts[place] : starts[place] + lengths[place]]))
            if fresh is None:
                misses += 1
                left = left[1:]
            else:
                self._classes.append(fresh)
                left = _pick(fresh, words, left, found)
        self._classes.sort(key=lambda group: -group.seen)
        return found

    def _learn(self, head: bytes) -> _Class | None:
        """The class that a line belongs to; None when its beginning settles nothing."""
        line = head.rstrip(b"\r").decode("utf-8", "replace")
        opening = self._dialects.open(line)
        if opening is None or not isinstance(opening[2], re.Match):
            return None
        dialect = opening[1].dialect
        end = end_of_level(dialect, line) if isinstance(dialect, TextDialect) else 0
        beginning = line[:end].encode()
        if not 0 < len(beginning) <= _FRONT or not head.startswith(beginning):
            return None
        verdict = settle(self._dialects, self._layout, line[:end])
        if verdict is None:
            return None
        rest = line[end : opening[2].end()]
        space = rest.find(" ")
        gap = len(rest[space:].encode()) if space >= 0 else 1
        return _Class(
            line[:end], len(beginning), masked(beginning, len(self._layout)), verdict, gap, HeadTable()
        )

    def _by_header(self, group: _Class, data: bytearray, starts: Ints, lengths: Ints) -> Numbers:
        """The number of each line's dialect; -1 where it is not certain."""
        texts = take(data, starts, WIDTH)
        ends = _first_space(texts) + group.gap
        ends[(ends > WIDTH) | (ends > lengths)] = 0
        # A header's last bytes name its function and line: they tell most apart.
        keys = keys_of(
            word(data, starts + np.maximum(ends - WORD, 0)), word(data, starts), ends.view(np.uint64)
        )
        count = -(-int(ends.max(initial=WORD)) // WORD)
        words = texts.view(np.uint64)[:, :count] & _MASKS[:, :count].take(ends, axis=0)
        found = group.table.find(words, keys)
        missing = np.flatnonzero((found < 0) & (ends > 0))
        if len(missing) and not group.table.full:
            self._study(group, texts, ends, words, keys, missing)
            found[missing] = group.table.find(words[missing], keys[missing])
        return found

    def _study(
        self, group: _Class, texts: Bytes, ends: Ints, words: Words, keys: Words, missing: Ints
    ) -> None:
        """Looks at headers not met before, those of most lines first."""
        fresh, first, counts = np.unique(keys[missing], return_index=True, return_counts=True)
        order = np.argsort(-counts, kind="stable")[:_MAX_NEW]
        if len(fresh) > _FEW:
            order = order[counts[order] > 1]
        for index in order.tolist():
            key = fresh[index]
            if int(key) in group.hopeless:
                continue
            place = missing[first[index]]
            name = self._dialect(group, bytes(texts[place, : ends[place]]))
            if name:
                group.table.add(words[place], key, self._number(name))
            elif len(group.hopeless) < _MAX_NEW:
                group.hopeless.add(int(key))

    def _dialect(self, group: _Class, header: bytes) -> str:
        """The dialect of every line of the class that goes on so; empty where it is not certain."""
        try:
            text = group.beginning + header.decode("utf-8")
        except UnicodeDecodeError:  # cut within a letter, too
            return ""
        verdict = settle(self._dialects, self._layout, text, group.verdict.alive)
        return verdict.dialect if verdict is not None and verdict.level == group.verdict.level else ""


def _pick(group: _Class, words: Words, left: Ints, found: list[tuple[_Class, Ints]]) -> Ints:
    """Enters the lines of a class in ``found``; those that are left."""
    if not len(left):
        return left
    same = fits(words if len(left) == len(words) else words[left], group.words)
    places = left[same]
    if not len(places):
        return left
    group.seen += len(places)
    found.append((group, places))
    return left[~same]


def _first_space(texts: Bytes) -> Ints:
    """Where the first space stands in each row; `WIDTH` where there is none."""
    spaces = texts == _SPACE
    found: Ints = spaces.argmax(axis=1)
    found[~spaces[np.arange(len(texts)), found]] = WIDTH
    return found
