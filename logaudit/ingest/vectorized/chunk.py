"""One stretch of a log: its lines, and the records that are worth making of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.ingest.records import (
    LINE_LIMIT,
    Record,
    UnparsedLine,
    Why,
    decode_line,
    looks_like_unknown_record,
    read_records,
)
from logaudit.ingest.vectorized.columns import Ints
from logaudit.ingest.vectorized.line_table import LineTable
from logaudit.logformats import LogFormatSet, Opening, RecordHeader
from logaudit.sources import clean, is_torn

_BOM = "\ufeff"
_BRACE = ord("{")
#: Bytes of a line that is likely to occur again.
_SHORT = 4
#: Lines that are remembered with what opens with them, and the bytes of the longest of them.
_REMEMBERED = 256
_LONGEST = 512


class Chunk:
    """Reads single lines and records of a stretch.

    Attributes:
        lines: where its lines are and what they are; to be set once they are found.
        line, offset: number and offset of its first line in the source.
        data: its text, and whatever follows.
        limits: how much of the source is read.
    """

    def __init__(
        self,
        data: bytearray,
        size: int,
        line: int,
        offset: int,
        log_formats: LogFormatSet,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.lines = LineTable.none()
        self.limits = limits
        self.line = line
        self.offset = offset
        self.end = size
        self.data = data
        self._log_formats = log_formats
        # Short lines that open no record → whether they begin strangely: a text may have millions of few kinds.
        self._short: dict[bytes, bool] = {}
        # What opens with lines that were looked at before: a line may stand there a million times.
        self._openings: dict[bytes, Opening] = {}
        # The long line that was asked for last, as it takes long to clean.
        self._long = -1, b""

    @property
    def longest(self) -> int:
        """Bytes of its longest line."""
        return int((self.lines.ends - self.lines.starts).max(initial=0))

    def part(self, start: int, end: int) -> bytes:
        """A part of its text."""
        return bytes(self.data[start:end])

    def raw(self, index: int) -> bytes:
        """A line as `read_records` takes it."""
        start, end = int(self.lines.starts[index]), int(self.lines.ends[index])
        if end - start <= LINE_LIMIT:
            return clean(self.part(start, end).rstrip(b"\r"))
        if self._long[0] != index:
            self._long = index, clean(self.part(start, end).rstrip(b"\r"))
        return self._long[1]

    def is_torn(self, index: int) -> bool:
        """Whether there is a hole in a line."""
        return is_torn(self.part(int(self.lines.starts[index]), int(self.lines.ends[index])))

    def text(self, index: int) -> str:
        """A line's text, cut where it is too long."""
        return decode_line(self.raw(index))

    def single(self, index: int) -> Opening | bool:
        """What opens with a line; of one that opens nothing, whether it begins strangely."""
        raw = self.raw(index)
        if (known := self._short.get(raw)) is not None:
            return known
        if (opened := self._openings.get(raw)) is not None:
            return opened
        text = decode_line(raw)
        opening = self._log_formats.open(text)
        if opening is None and text[:1] == _BOM and self._is_first(index):
            text = text[1:]
            opening = self._log_formats.open(text)
        if opening is not None:
            if len(raw) <= _LONGEST and not self._is_first(index):
                self._remember(raw, opening)
            return opening
        strange = looks_like_unknown_record(text[:LINE_LIMIT].removesuffix("\r"))
        if len(raw) <= _SHORT and not self._is_first(index):
            self._short[raw] = strange
        return strange

    def _remember(self, raw: bytes, opening: Opening) -> None:
        if len(self._openings) == _REMEMBERED:
            self._openings.clear()
        self._openings[raw] = opening

    def long_ones(self, indexes: Ints) -> int:
        """How many of these lines are too long to occur again and again."""
        return int(np.count_nonzero(self.lines.ends[indexes] - self.lines.starts[indexes] > _SHORT))

    def head(self, index: int) -> RecordHeader:
        """What a line that opens a record says."""
        stamp, reading, found = self._opening(index)
        return reading.head(found, stamp)

    def _opening(self, index: int) -> Opening:
        opening = self.single(index)
        if isinstance(opening, bool):
            raise TypeError(index)
        return opening

    def holds(self, index: int, text: str) -> bool:
        """Whether a line that opens a record holds ``text``; of a JSON record, its message."""
        line = self.text(index)
        return text in (self.head(index).message if line.startswith("{") else line)

    def is_plain_text(self, indexes: Ints) -> bool:
        """Whether the text of these ascending lines is what their bytes show."""
        lines = self.lines
        starts = lines.starts[indexes]
        first, last = indexes[0], indexes[-1]
        odd = np.searchsorted(lines.odd, (first, last + 1))
        text = np.frombuffer(self.data, np.uint8)
        long = lines.ends[indexes] - starts > LINE_LIMIT
        return bool(odd[0] == odd[1] and not long.any() and (text[starts] != _BRACE).all())

    def lines_with(self, text: str, first: int, stop: int) -> Ints:
        """Which of the lines from ``first`` on hold ``text``, counted from ``first``; they are `plain`."""
        wanted = text.encode()
        ends = self.lines.ends[first:stop]
        at, end = int(self.lines.starts[first]), int(ends[-1])
        found: list[int] = []
        while (at := self.data.find(wanted, at, end)) >= 0:
            line = int(np.searchsorted(ends, at))
            found.append(line)
            at = int(ends[line])
        return np.array(found, np.int64)

    def unparsed_line(self, index: int, why: Why) -> UnparsedLine:
        """A line that belongs to no record."""
        text = self.text(index)
        if self._is_first(index):
            text = text.removeprefix(_BOM)
        place = self.offset + int(self.lines.starts[index])
        return UnparsedLine(self.line + index, place, text[:LINE_LIMIT].removesuffix("\r"), why)

    def _is_first(self, index: int) -> bool:
        """Whether a line is the source's first one."""
        return not index and not self.offset

    def record(self, first: int, end: int, seq: int) -> Record:
        """The record whose lines are ``first`` up to ``end``."""
        if end == first + 1:
            place = self.offset + int(self.lines.starts[first])
            return Record(seq, self.line + first, place, *self._opening(first), [])
        numbered = ((self.offset + int(self.lines.starts[i]), self.raw(i)) for i in range(first, end))
        return next(records(numbered, self._log_formats, self.line + first, seq, self.limits))


def records(
    lines: Iterable[tuple[int, bytes]], log_formats: LogFormatSet, line: int, seq: int, limits: Limits
) -> Iterator[Record]:
    """The records of a part of a source, numbered as in the whole.

    Args:
        lines: offset and bytes of each; the first opens a record.
        log_formats: those of the source.
        line: number of the first line.
        seq: ordinal of the first record.
        limits: how much of the source is read.
    """
    shift = line - 1
    for item in read_records(lines, log_formats, limits.record_lines):
        if isinstance(item, Record):
            more = [text._replace(line=text.line + shift) for text in item.more]
            yield item._replace(seq=item.seq + seq, line=item.line + shift, more=more)
