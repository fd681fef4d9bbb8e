"""Sorts the lines of a stretch of text, many at once: which open a record, when, at which level, in which format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from logaudit.ingest.vectorized import native
from logaudit.ingest.vectorized.columns import Ints, among, distinct
from logaudit.ingest.vectorized.layouts import layout_of
from logaudit.ingest.vectorized.line_table import MORE, OPENS, STRANGE, LineTable
from logaudit.ingest.vectorized.prefix_cache import PrefixCache
from logaudit.ingest.vectorized.prefix_ids import PrefixIds, PrefixInfo
from logaudit.ingest.vectorized.timestamps import TimestampColumns
from logaudit.logformats import LogFormatSet, Opening, RecordHeader
from logaudit.logformats.pieces import disjoint
from logaudit.logformats.text_format import TextFormat, shape_of

_ESCAPE: Final = 27
#: So many unknown lines are too many to be looked at as they are; what so many teach is tried first.
_MANY: Final = 6_000
_FIRST: Final = 2_000
#: Lines that are read at once: more than a stretch of any log has; each takes some two hundred bytes meanwhile.
_TOGETHER: Final = 1 << 18

#: Reads one line by itself, given its index: what opens with it, else whether it begins strangely.
Single: TypeAlias = Callable[[int], Opening | bool]


class LineClassifier:
    """Remembers what it has learned of the beginnings of lines from one stretch, and one source, to the next."""

    def __init__(self, log_formats: LogFormatSet) -> None:
        self.heads = PrefixIds()
        texts = [d for d in log_formats.log_formats if isinstance(d, TextFormat)]
        layouts = dict.fromkeys(layout for d in texts if (layout := layout_of(d)) is not None)
        self._moments = TimestampColumns(tuple(layouts))
        self._headers = {layout: PrefixCache(log_formats, layout, self.heads) for layout in layouts}
        self._blanks_may_open = not all(_needs_ink(d) for d in texts)

    def find(self, data: bytearray, size: int, *, whole: bool) -> LineTable:
        """The lines in the first ``size`` bytes of ``data``; its last, unfinished one only if ``whole``.

        What was learned of their beginnings before is entered.
        """
        lines = self._swept(data, size, whole=whole)
        if native.compiled is not None and len(lines.unknown) > _MANY:
            # The first of them teach what most others are: to look at all of them takes longer.
            self._read(data, lines, lines.unknown[:_FIRST])
            lines = self._swept(data, size, whole=whole)
        lines.odd = _odd(data, size, lines.ends)
        if len(lines.odd):
            for column in (lines.kinds, lines.us, lines.heads):
                column[lines.odd] = MORE
            lines.unknown = distinct(np.concatenate([lines.unknown, lines.odd]))
        return lines

    def recognise(self, lines: LineTable, data: bytearray) -> Ints:
        """Learns from the unknown of the ``lines``, which were found in ``data``, and enters what is certain.

        Returns the lines that must be looked at one by one.
        """
        unknown = lines.unknown
        left = unknown[~among(unknown, lines.odd)] if len(lines.odd) else unknown
        if len(left):
            self._read(data, lines, left)
            unknown = unknown[lines.kinds[unknown] != OPENS]
        return unknown

    def _swept(self, data: bytearray, size: int, *, whole: bool) -> LineTable:
        known = [
            (template, met, columns, self._headers[layout].classes if met else ())
            for layout, template, met, columns in self._moments.layouts
        ]
        return native.sweep(data, size, known, whole=whole, blanks_may_open=self._blanks_may_open)

    def _read(self, data: bytearray, lines: LineTable, left: Ints) -> None:
        """Enters those of the lines ``left`` that open a record for certain."""
        for at in range(0, len(left), _TOGETHER):
            self._read_some(data, lines, left[at : at + _TOGETHER])

    def _read_some(self, data: bytearray, lines: LineTable, left: Ints) -> None:
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

    def enter(self, lines: LineTable, one_by_one: Ints, single: Single) -> None:
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
            lines.heads[index] = self.heads.number(PrefixInfo(reading.level(match), reading.log_format.name))
            if isinstance(match, RecordHeader):
                serialized.append(index)
        if serialized:
            lines.odd = distinct(np.concatenate([lines.odd, np.array(serialized)]))


def _odd(data: bytearray, size: int, ends: Ints) -> Ints:
    """Lines with a NUL or an escape."""
    if data.find(0, 0, size) < 0 and data.find(_ESCAPE, 0, size) < 0:
        return np.zeros(0, np.int64)
    if not len(ends):
        return np.zeros(0, np.int64)
    # Line by line, as a file may hold nothing but NULs: the places of all of them would take eight times its size.
    text = np.frombuffer(data, np.uint8, min(int(ends[-1]) + 1, size))
    starts = np.append(0, ends[:-1] + 1)
    if int(starts[-1]) == len(text):  # an empty last line
        starts = starts[:-1]
    return np.flatnonzero(np.logical_or.reduceat((text == 0) | (text == _ESCAPE), starts))


def _needs_ink(log_format: TextFormat) -> bool:
    """Whether no line that is empty or begins with a space or a tab opens a record."""
    shape: Sequence[str] = shape_of(log_format.pieces)
    return bool(shape) and disjoint(shape[0], " ") and disjoint(shape[0], "\t")
