"""Sorts the lines of a stretch of text, many at once: which open a record, when, at which level, in which dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from logaudit.dialect import DialectSet, Head, Opening
from logaudit.dialect.text import TextDialect, shape_of
from logaudit.dialect.types import apart
from logaudit.digest.columns import distinct
from logaudit.digest.headers import Headers
from logaudit.digest.heads import HeadFact, Heads
from logaudit.digest.layouts import layout_of
from logaudit.digest.moments import Moments
from logaudit.digest.native import newlines

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: What a line is: one that belongs to the record before it, one that opens a record, one that begins like a
#: record of an unknown dialect.
MORE, OPENS, STRANGE = 0, 1, 2
_NEWLINE, _RETURN, _TAB, _SPACE, _ESCAPE = 10, 13, 9, 32, 27

#: Reads one line by itself, given its index: what opens with it, else whether it begins strangely.
Single: TypeAlias = Callable[[int], Opening | bool]


@dataclass(slots=True)
class Lines:
    """The lines of a stretch; every array has one entry a line.

    Attributes:
        starts, ends: byte offsets in the stretch, the line feed left out.
        kinds: `MORE`, `OPENS` or `STRANGE`.
        us: written time of a line that opens a record, naive µs.
        heads: numbers of what their beginnings say, in `Sorter.heads`.
        odd: lines whose text is not what its bytes show: NULs, terminal codes, JSON.
    """

    starts: Ints
    ends: Ints
    kinds: NDArray[np.uint8]
    us: Ints
    heads: NDArray[np.int32]
    odd: Ints

    @classmethod
    def at(cls, starts: Ints, ends: Ints, odd: Ints) -> Self:
        """Lines of which nothing is known yet."""
        count = len(starts)
        return cls(
            starts,
            ends,
            np.zeros(count, np.uint8),
            np.zeros(count, np.int64),
            np.zeros(count, np.int32),
            odd,
        )

    @classmethod
    def none(cls) -> Self:
        """No lines."""
        return cls.at(*(np.zeros(0, np.int64) for _ in range(3)))


class Sorter:
    """Remembers what it has learned of the beginnings of lines from one stretch, and one source, to the next."""

    def __init__(self, dialects: DialectSet) -> None:
        self.heads = Heads()
        texts = [d for d in dialects.dialects if isinstance(d, TextDialect)]
        layouts = dict.fromkeys(layout for d in texts if (layout := layout_of(d)) is not None)
        self._moments = Moments(tuple(layouts))
        self._headers = {layout: Headers(dialects, layout, self.heads) for layout in layouts}
        self._blanks_may_open = not all(_needs_ink(d) for d in texts)

    def find(self, data: bytearray, size: int, *, whole: bool) -> Lines:
        """The lines in the first ``size`` bytes of ``data``; its last, unfinished one only if ``whole``."""
        starts, ends = _lines(data, size, whole=whole)
        return Lines.at(starts, ends, _odd(data, np.frombuffer(data, np.uint8, size), ends))

    def recognise(self, lines: Lines, data: bytearray) -> Ints:
        """Enters in ``lines``, which were found in ``data``, those that open a record for certain.

        Returns the lines that must be looked at one by one.
        """
        unknown = np.ones(len(lines.starts), np.bool_)
        if not self._blanks_may_open:
            unknown &= ~_blank(data, lines.starts)
        unknown[lines.odd] = False
        left = np.flatnonzero(unknown)
        unknown[lines.odd] = True
        starts = lines.starts[left]
        for layout, rows, us in self._moments.read(data, starts):
            found, begin = (left, starts) if len(rows) == len(left) else (left[rows], starts[rows])
            heads = self._headers[layout].read(data, begin, lines.ends[found] - begin)
            known = heads >= 0
            sure = slice(None) if known.all() else known
            found = found[sure]
            lines.kinds[found] = OPENS
            lines.us[found] = us[sure]
            lines.heads[found] = heads[sure]
            unknown[found] = False
        return np.flatnonzero(unknown)

    def enter(self, lines: Lines, one_by_one: Ints, single: Single) -> None:
        """Enters lines that were looked at one by one."""
        serialized: list[int] = []
        for index in one_by_one.tolist():
            found = single(index)
            if isinstance(found, bool):
                lines.kinds[index] = STRANGE if found else MORE
                continue
            stamp, reading, match = found
            lines.kinds[index] = OPENS
            lines.us[index] = stamp.us
            lines.heads[index] = self.heads.number(HeadFact(reading.level(match), reading.dialect.name))
            if isinstance(match, Head):
                serialized.append(index)
        if serialized:
            lines.odd = distinct(np.concatenate([lines.odd, np.array(serialized)]))


def _lines(data: bytearray, size: int, *, whole: bool) -> tuple[Ints, Ints]:
    ends = newlines(data, size)
    if whole and size and data[size - 1] != _NEWLINE:
        ends = np.append(ends, size)
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
    return starts, ends


def _blank(data: bytearray, starts: Ints) -> Bools:
    """Lines that are empty or begin with a space or a tab: they open no record."""
    text = np.frombuffer(data, np.uint8)
    first = text[starts]
    blank: Bools = (first == _SPACE) | (first == _TAB) | (first == _NEWLINE)
    returns = np.flatnonzero(first == _RETURN)
    blank[returns] = text[starts[returns] + 1] == _NEWLINE
    return blank


def _odd(data: bytearray, text: NDArray[np.uint8], ends: Ints) -> Ints:
    """Lines with a NUL or an escape."""
    if data.find(0, 0, len(text)) < 0 and data.find(_ESCAPE, 0, len(text)) < 0:
        return np.zeros(0, np.int64)
    places = np.flatnonzero((text == 0) | (text == _ESCAPE))
    lines = distinct(np.searchsorted(ends, places))
    return lines[lines < len(ends)]


def _needs_ink(dialect: TextDialect) -> bool:
    """Whether no line that is empty or begins with a space or a tab opens a record."""
    shape: Sequence[str] = shape_of(dialect.pieces)
    return bool(shape) and apart(shape[0], " ") and apart(shape[0], "\t")
