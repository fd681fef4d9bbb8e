"""Reads the written times of many lines at once, where they stand at fixed columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from logaudit.core.timestamp import HOUR, MINUTE, SECOND, us_of_day
from logaudit.ingest.vectorized.columns import WORD, Bools, Bytes, Ints, WordArray, fits, masked, take
from logaudit.ingest.vectorized.layouts import ANY_DIGIT, Layout
from logaudit.logformats.time_tokens import TimeRole

_ZERO: Final = ord("0")
_MICRO: Final = 6
#: Lines that begin alike are read once where there are so many of them on average.
_RUN: Final = 4
_MANY: Final = 500
#: Stretches after one with short runs in which none are looked for.
_PATIENCE: Final = 8
_DATE: Final = (TimeRole.YEAR, TimeRole.MONTH, TimeRole.DAY)
_ROLES: Final = (*_DATE, TimeRole.HOUR, TimeRole.MINUTE, TimeRole.SECOND, TimeRole.FRACTION)


class TimestampColumns:
    """Knows the layouts that lines may begin with; tries those first that it has met."""

    def __init__(self, layouts: Sequence[Layout]) -> None:
        # The longest first: a time with a fraction begins like one without.
        ordered = sorted(layouts, key=lambda layout: (-len(layout), layout.template))
        self._layouts = {layout: masked(layout.template.encode("ascii")) for layout in ordered}
        self._written = [(x, x.template.encode("ascii"), _columns(x)) for x in ordered]
        self._met: set[Layout] = set()
        self._width = -(-max(map(len, layouts), default=0) // WORD) * WORD
        self._days: dict[tuple[int, int, int], int | None] = {}
        self._digit_class = np.arange(256, dtype=np.uint8)
        self._digit_class[_ZERO : _ZERO + 10] = ord(ANY_DIGIT)
        # By their first two characters, most lines that begin with no time are told at once.
        self._first_words = np.zeros(1 << 16, np.bool_)
        for layout in ordered:
            self._first_words[np.frombuffer(layout.template[:2].encode("ascii"), np.uint16)] = True
        self._skip = 0

    @property
    def layouts(self) -> Iterator[tuple[Layout, bytes, bool, bytes]]:
        """The layouts in the order in which they are tried, as `KnownLayout` begins."""
        return ((x, template, x in self._met, columns) for x, template, columns in self._written)

    def read(self, data: bytearray, starts: Ints) -> Iterator[tuple[Layout, Ints, Ints]]:
        """For each layout that lines begin with: which of the ``starts``, ascending, and their naive µs.

        Lines whose digits are no time (a 13th month, an hour 24) are left out.
        """
        if not self._width or not len(starts):
            return
        runs = self._runs(data, starts)
        if runs is None:
            yield from self._read(take(data, starts, self._width))
            return
        firsts, which = runs
        for layout, rows, us in self._read(take(data, starts[firsts], self._width)):
            if len(rows) == len(firsts):
                yield layout, np.arange(len(starts)), us[which]
                continue
            place = np.full(len(firsts), -1)
            place[rows] = np.arange(len(rows))
            place = place[which]
            found = np.flatnonzero(place >= 0)
            yield layout, found, us[place[found]]

    def _read(self, heads: Bytes) -> Iterator[tuple[Layout, Ints, Ints]]:
        for layout, rows in self._assign(self._digit_class.take(heads).view(np.uint64)):
            us, valid = self._times(heads if len(rows) == len(heads) else heads[rows], layout)
            yield (layout, rows, us) if valid.all() else (layout, rows[valid], us[valid])

    def _runs(self, data: bytearray, starts: Ints) -> tuple[Ints, Ints] | None:
        """The first line of each run of lines with one time, and each line's run; None where runs are short.

        Lines are told apart by the longest layout that was met and the character behind it. Where a longer
        one goes on with that character, every line is to be looked at.
        """
        size = max(map(len, self._met), default=0) + 1
        if size <= WORD or len(starts) < _MANY:
            return None
        if self._skip:
            self._skip -= 1
            return None
        fresh = _changes(data, starts, size)
        firsts = np.flatnonzero(fresh)
        if len(firsts) * _RUN > len(starts):
            self._skip = _PATIENCE
            return None
        plain = self._digit_class.take(take(data, starts[firsts], self._width)).view(np.uint64)
        longer = {x.template[:size].encode() for x in self._layouts if len(x) >= size}
        if any(fits(plain, masked(beginning)).any() for beginning in longer):
            return None
        return firsts, np.cumsum(fresh) - 1

    def _assign(self, words: WordArray) -> list[tuple[Layout, Ints]]:
        """The lines of each layout."""
        everything = np.arange(len(words))
        while True:
            found, rest = self._split(words, everything, [x for x in self._layouts if x in self._met])
            rest = rest[self._first_words[words.view(np.uint16)[rest, 0]]] if len(rest) else rest
            fresh, _ = self._split(words, rest, [x for x in self._layouts if x not in self._met])
            new = {layout for layout, _ in fresh} | self._longer(words, found)
            if not new:
                return found
            self._met |= new

    def _longer(self, words: WordArray, found: Sequence[tuple[Layout, Ints]]) -> set[Layout]:
        """Layouts not met before that go on where a shorter one ends, in lines that the shorter one claims."""
        heads = words.view(np.uint8)
        new: set[Layout] = set()
        for layout, rows in found:
            size = len(layout)
            more = [
                x
                for x in self._layouts
                if x not in self._met and len(x) > size and x.template.startswith(layout.template)
            ]
            if not more:
                continue
            behind = heads[:, size].take(rows)
            for character in {ord(x.template[size]) for x in more}:
                maybe = rows[behind == character]
                if len(maybe):
                    new |= {x for x in more if fits(words[maybe], self._layouts[x]).any()}
        return new

    def _split(
        self, words: WordArray, left: Ints, layouts: Sequence[Layout]
    ) -> tuple[list[tuple[Layout, Ints]], Ints]:
        found: list[tuple[Layout, Ints]] = []
        for layout in layouts:
            if not len(left):
                break
            same = fits(words if len(left) == len(words) else words[left], self._layouts[layout])
            if same.all():
                return [*found, (layout, left)], left[:0]
            if same.any():
                found.append((layout, left[same]))
                left = left[~same]
        return found, left

    def _times(self, heads: Bytes, layout: Layout) -> tuple[Ints, Bools]:
        columns = {role: (start, stop) for role, start, stop in layout.columns}
        hour, minute, second = (
            _number(heads, *columns[r]) for r in (TimeRole.HOUR, TimeRole.MINUTE, TimeRole.SECOND)
        )
        valid: Bools = (hour < 24) & (minute < 60) & (second < 60)  # noqa: PLR2004 - the clock's own limits
        us = (hour * (HOUR // SECOND) + minute * (MINUTE // SECOND) + second) * SECOND
        if TimeRole.FRACTION in columns:
            start, stop = columns[TimeRole.FRACTION]
            us += _number(heads, start, min(stop, start + _MICRO)) * 10 ** max(_MICRO - (stop - start), 0)
        for rows, day in self._dates(heads, columns):
            if day is None:
                valid[rows] = False
            else:
                us[rows] += day
        return us, valid

    def _dates(
        self, heads: Bytes, columns: dict[TimeRole, tuple[int, int]]
    ) -> Iterator[tuple[Ints | slice, int | None]]:
        """Groups of lines of one date, and naive µs at its midnight; None for no date at all."""
        words = heads.view(np.uint64)
        left = np.arange(len(heads))
        while len(left):
            row = bytes(heads[left[0]])
            wanted = b"".join(
                row[i : i + 1] if any(a <= i < b for a, b in (columns[r] for r in _DATE)) else b"\0"
                for i in range(len(row))
            )
            mask = bytes(0xFF if byte else 0 for byte in wanted)
            rules = tuple(
                (i, m, v)
                for i, (m, v) in enumerate(
                    zip(np.frombuffer(mask, np.uint64), np.frombuffer(wanted, np.uint64), strict=True)
                )
                if m
            )
            whole = len(left) == len(heads)
            same = fits(words if whole else words[left], rules)
            year, month, day = (int(row[slice(*columns[r])]) for r in _DATE)
            if columns[TimeRole.YEAR][1] - columns[TimeRole.YEAR][0] < len("2000"):
                year += 2000
            if whole and same.all():
                yield slice(None), self._day(year, month, day)
                return
            yield left[same], self._day(year, month, day)
            left = left[~same]

    def _day(self, year: int, month: int, day: int) -> int | None:
        key = year, month, day
        if key not in self._days:
            try:
                self._days[key] = us_of_day(date(*key))
            except ValueError:
                self._days[key] = None
        return self._days[key]


def _changes(data: bytearray, starts: Ints, size: int) -> Bools:
    """Whether each line, the first one aside, begins otherwise than the one before it in ``size`` bytes."""
    fresh = np.ones(len(starts), np.bool_)
    width = -(-size // WORD) * WORD
    mask = np.frombuffer((b"\xff" * size).ljust(width, b"\0"), np.uint64)
    words = take(data, starts, width).view(np.uint64) & mask
    np.logical_or.reduce(tuple((words[1:] != words[:-1]).T), out=fresh[1:])
    return fresh


def _columns(layout: Layout) -> bytes:
    """Where the parts of a time begin and end, 0 and 0 for one that is missing."""
    places = {role: (start, stop) for role, start, stop in layout.columns}
    return bytes(place for role in _ROLES for place in places.get(role, (0, 0)))


def _number(heads: Bytes, start: int, stop: int) -> Ints:
    """The number in some columns, of at most nine digits."""
    value = heads[:, start].astype(np.int64)
    for column in range(start + 1, stop):
        value *= 10
        value += heads[:, column]
    value -= _ZERO * int("1" * (stop - start))
    return value
