"""Remembers the beginnings of lines whose meaning is settled, and recognises them in many lines at once."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from msgspec import Struct, field

from logaudit.core.events import Emitter
from logaudit.ingest.vectorized.columns import WORD, Bools, Ints, Numbers, WordArray, masked, word
from logaudit.ingest.vectorized.layouts import Layout
from logaudit.ingest.vectorized.native import KnownClass
from logaudit.ingest.vectorized.prefix_analysis import PrefixAnalysis, analyse_prefix, end_of_level
from logaudit.ingest.vectorized.prefix_hash_table import WIDTH, PrefixHashTable, PrefixTexts
from logaudit.ingest.vectorized.prefix_ids import PrefixIds, PrefixInfo
from logaudit.logformats import LogFormatSet, RecordHeader
from logaudit.logformats.text_format import TextFormat, TextMatch

#: Bytes of a line within which its level must end.
_FRONT: Final = 64
#: Beginnings up to the level that are told apart; a log has a few levels, or a few names with a few levels.
_MAX_CLASSES: Final = 512
#: Lines in a row of which nothing can be learned, before the rest of the stretch is taken for alike.
_MAX_MISSES: Final = 16
#: New beginnings up to the message that are looked at in one stretch; those of single lines only if few.
_MAX_NEW: Final = 512
_FEW: Final = 32
_WHOLE: Final = ~np.uint64(0)


class _Class(Struct):
    """Lines that begin alike up to their level.

    Attributes:
        beginning: the text, with the time of one such line.
        length: its bytes.
        words: which words of a line, counted from behind its time, must hold what, under which mask.
        verdict: what the beginning settles.
        head: the number of what it says, where it settles the log format.
        gap: bytes from the first space behind it up to the message.
        seen: how many lines were met, so that the commonest is tried first.
        table: what follows up to the message, which tells the log format where the beginning leaves it open.
        hopeless: what follows and settles nothing, by its key.
    """

    beginning: str
    length: int
    words: tuple[tuple[int, np.uint64, np.uint64], ...]
    verdict: PrefixAnalysis
    head: int
    gap: int
    table: PrefixHashTable
    seen: int = 0
    hopeless: set[int] = field(default_factory=set)


class PrefixCache:
    """What is known of the lines whose time has one layout."""

    def __init__(self, log_formats: LogFormatSet, layout: Layout, heads: PrefixIds) -> None:
        """``heads`` numbers what beginnings say."""
        self._log_formats = log_formats
        self._layout = layout
        self._heads = heads
        self._classes: list[_Class] = []

    @property
    def classes(self) -> tuple[KnownClass, ...]:
        """What may follow the time of a line, in the order in which it is tried."""
        size = len(self._layout)
        return tuple((c.beginning[size:].encode(), c.head, c.gap, *c.table.arrays) for c in self._classes)

    def read(self, data: bytearray, starts: Ints, lengths: Ints) -> Numbers:
        """What each line's beginning says, by its number in ``heads``; -1 where that is not certain.

        Args:
            data: the stretch.
            starts: where lines with a valid time in this layout begin.
            lengths: their bytes.
        """
        heads = np.full(len(starts), -1, np.int32)
        for group, places in self._classify(data, starts, lengths):
            if group.head >= 0:
                heads[places] = group.head
            else:
                behind = starts[places] + group.length
                heads[places] = self._by_header(group, data, behind, lengths[places] - group.length)
        return heads

    def _classify(self, data: bytearray, starts: Ints, lengths: Ints) -> list[tuple[_Class, Ints]]:
        """The classes that occur, and the places in ``starts`` of their lines."""
        columns = _Columns(data, starts + len(self._layout))
        found: list[tuple[_Class, Ints]] = []
        left = np.ones(len(starts), np.bool_)
        count = len(starts)
        for group in self._classes:
            if count:
                count -= _pick(group, columns, left, found)
        misses = 0
        rest = np.flatnonzero(left) if count else _NONE
        while len(rest) and len(self._classes) < _MAX_CLASSES and misses < _MAX_MISSES:
            place = rest[0]
            fresh = self._learn(bytes(data[starts[place] : starts[place] + lengths[place]]))
            if fresh is None:
                misses += 1
                rest = rest[1:]
            else:
                self._classes.append(fresh)
                _pick(fresh, columns, left, found)
                rest = rest[left[rest]]
        self._classes.sort(key=lambda group: -group.seen)
        return found

    def _learn(self, head: bytes) -> _Class | None:
        """The class that a line belongs to; None when its beginning settles nothing."""
        line = head.rstrip(b"\r").decode("utf-8", "replace")
        opening = self._log_formats.open(line)
        if opening is None or not isinstance(opening[2], re.Match):
            return None
        log_format = opening[1].log_format
        end = end_of_level(log_format, line) if isinstance(log_format, TextFormat) else 0
        beginning = line[:end].encode()
        if not 0 < len(beginning) <= _FRONT or not head.startswith(beginning):
            return None
        verdict = analyse_prefix(self._log_formats, self._layout, line[:end])
        if verdict is None:
            return None
        rest = line[end : opening[2].end()]
        space = rest.find(" ")
        known = (
            self._heads.number(PrefixInfo(verdict.level, verdict.log_format)) if verdict.log_format else -1
        )
        return _Class(
            beginning=line[:end],
            length=len(beginning),
            words=masked(beginning[len(self._layout) :]),
            verdict=verdict,
            head=known,
            gap=len(rest[space:].encode()) if space >= 0 else 1,
            table=PrefixHashTable(),
        )

    def _by_header(self, group: _Class, data: bytearray, starts: Ints, lengths: Ints) -> Numbers:
        """As `extract`, for the lines of a class; ``starts`` and ``lengths`` are what follows its beginning."""
        table = group.table
        if not table.longest:
            return self._study(group, data, starts, lengths)
        found = table.find(PrefixTexts.up_to_space(data, starts, lengths, table.width, group.gap))
        missing = np.flatnonzero(found < 0)
        if len(missing):
            found[missing] = self._study(group, data, starts[missing], lengths[missing])
        return found

    def _study(self, group: _Class, data: bytearray, starts: Ints, lengths: Ints) -> Numbers:
        """As `_by_header`; looks at headers not met before, those of most lines first."""
        texts = PrefixTexts.up_to_space(data, starts, lengths, WIDTH, group.gap)
        found = group.table.find(texts)
        missing = np.flatnonzero((found < 0) & (texts.sizes > 0))
        if not len(missing) or group.table.full:
            return found
        first, counts = _groups(texts.keys[missing])
        order = np.argsort(-counts, kind="stable")[:_MAX_NEW]
        if len(first) > _FEW:
            order = order[counts[order] > 1]
        for place in missing[first[order]].tolist():
            key = texts.keys[place]
            if int(key) in group.hopeless:
                continue
            header = bytes(data[starts[place] : starts[place] + texts.sizes[place]])
            fact = self._fact(group, header)
            if fact is not None:
                group.table.add(header, texts.tails[place], key, self._heads.number(fact))
            elif len(group.hopeless) < _MAX_NEW:
                group.hopeless.add(int(key))
        found[missing] = group.table.find(texts[missing])
        return found

    def _fact(self, group: _Class, header: bytes) -> PrefixInfo | None:
        """What every line of the class that goes on so says; None where it is not certain."""
        try:
            text = group.beginning + header.decode("utf-8")
        except UnicodeDecodeError:  # cut within a letter, too
            return None
        verdict = analyse_prefix(self._log_formats, self._layout, text, group.verdict.alive)
        if verdict is None or not verdict.log_format or verdict.level != group.verdict.level:
            return None
        opening = self._log_formats.open(text)
        reading = None if opening is None else opening[1]
        if opening is None or not isinstance(reading, TextMatch) or not reading.message_last:
            return PrefixInfo(verdict.level, verdict.log_format)
        head = reading.head(opening[2], opening[0])
        # The message may be shorter than what follows: a carriage return at its end is none of it.
        begins = len(text) if isinstance(opening[2], RecordHeader) else opening[2].end()
        size = len(text[:begins].encode())
        return PrefixInfo(verdict.level, verdict.log_format, Emitter(head.module, head.function).path, size)


_NONE: Final = np.zeros(0, np.int64)


class _Columns:
    """Words of many lines, each column taken when it is asked for."""

    def __init__(self, data: bytearray, starts: Ints) -> None:
        self._data = data
        self._starts = starts
        self._taken: dict[int, WordArray] = {}

    def __getitem__(self, column: int) -> WordArray:
        if column not in self._taken:
            self._taken[column] = word(self._data, self._starts + column * WORD)
        return self._taken[column]


def _pick(group: _Class, columns: _Columns, left: Bools, found: list[tuple[_Class, Ints]]) -> int:
    """Enters the lines of a class in ``found``, and takes them out of what is ``left``; how many there are."""
    same = left
    for column, mask, value in group.words:
        words = columns[column]
        same = same & ((words if mask == _WHOLE else words & mask) == value)
    places = np.flatnonzero(same)
    if len(places):
        group.seen += len(places)
        found.append((group, places))
        left[places] = False
    return len(places)


def _groups(keys: WordArray) -> tuple[Ints, Ints]:
    """Where each key stands first, in the order of the keys, and how often it does."""
    order = np.argsort(keys, kind="stable")
    fresh = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[order[1:]], keys[order[:-1]], out=fresh[1:-1])
    borders = np.flatnonzero(fresh)
    return order[borders[:-1]], np.diff(borders)
