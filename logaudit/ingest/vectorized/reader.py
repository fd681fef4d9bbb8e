"""Reads one log source in large stretches: the extract that the plain way gives, at a tenth of its cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np

from logaudit.core.secrets.prefilter import stem_places
from logaudit.core.text import quote
from logaudit.core.timestamp import MILLISECOND
from logaudit.ingest.byte_stream import HOLE
from logaudit.ingest.context import MOST, ParsedRecord
from logaudit.ingest.log_stats import JUMP, MAX_SAMPLES, MIN_SILENCE, LogStats
from logaudit.ingest.pattern_matcher import PatternMatcher
from logaudit.ingest.records import MORE_CHARS, Why
from logaudit.ingest.secret_lines import HEAD, LONGEST_BYTES, STEMS
from logaudit.ingest.source_extract import Excerpt, LogContext
from logaudit.ingest.vectorized.buffer import SPARE, TextBuffer
from logaudit.ingest.vectorized.chunk import Chunk, records
from logaudit.ingest.vectorized.columns import Ints, among, distinct
from logaudit.ingest.vectorized.context import BatchContextCollector, Templates
from logaudit.ingest.vectorized.history import HistorySource, RecordHistory
from logaudit.ingest.vectorized.line_classifier import LineClassifier
from logaudit.ingest.vectorized.line_table import MORE
from logaudit.ingest.vectorized.literal_search import LiteralFinder
from logaudit.ingest.vectorized.record_batch import RecordBatch
from logaudit.logformats import LogFormatSet
from logaudit.logformats.json_lines import JsonFormat
from logaudit.profiles import Profile

#: Bytes looked at together: many sinks rotate at 5 MB, and one stretch for all of it costs least.
STRETCH: Final = 6 << 20
#: So many lines that must be looked at one by one are not too many, whatever their share.
_DOUBTFUL: Final = 500


_RETURN: Final = 13


class UnsupportedByFastPathError(Exception):
    """The text is for the plain way: a record beyond what is kept of one, or no time that is read at once."""


class Insight:
    """What one profile and one set of log formats teach about lines; grows from source to source.

    Attributes:
        usable: whether the fast way can be taken at all.
        memory: what the window of the source read last has left.
    """

    def __init__(self, profile: Profile, log_formats: LogFormatSet) -> None:
        self.profile = profile
        self.log_formats = log_formats
        self.finder = LiteralFinder(profile.patterns, STEMS)
        self.sorter = LineClassifier(log_formats)
        prefixed = any(isinstance(d, JsonFormat) and d.prefixed for d in log_formats.log_formats)
        self.usable = not (self.finder.blind or prefixed or log_formats.undated)
        self.templates = Templates()
        self.memory = bytearray(SPARE)


class FastReader(LogStats):
    """Accumulates what an extract keeps, stretch by stretch.

    Attributes:
        feeds: line feeds; crlf: those behind a carriage return.
        opening: the first record's first line.
        holes: whether there were NULs in a row where text should be; torn: whether some stood within a line.
    """

    def __init__(
        self,
        matcher: PatternMatcher,
        insight: Insight,
        chunk: int = STRETCH,
        earlier: HistorySource | None = None,
    ) -> None:
        """``earlier`` finds the records before the text, which then begins with a record."""
        super().__init__()
        self.feeds = 0
        self.crlf = 0
        self.opening: Excerpt | None = None
        self._matcher = matcher
        self._insight = insight
        self._size = chunk
        self._keeper = BatchContextCollector(insight.sorter.heads, insight.templates)
        self._past = RecordHistory(insight.log_formats, earlier, matcher.limits)
        self._line = 1
        self._at_record = True
        self.holes = self.torn = False

    @property
    def contexts(self) -> tuple[LogContext, ...]:
        """What was logged around each close."""
        return self._keeper.finish()

    @property
    def settled(self) -> bool:
        """Whether what follows cannot change what was read before it."""
        return not self._keeper.collecting

    def read(self, blocks: Iterator[bytes], offset: int = 0) -> None:
        """Consumes a text, UTF-8, that stands at ``offset`` in its source.

        Raises:
            OddError: the plain way must be taken; what was gathered is of no use.
        """
        for _ in self._steps(blocks, offset, last=False):
            pass

    def steps(self, blocks: Iterator[bytes], offset: int = 0) -> Iterator[int]:
        """As `extract`; stops wherever a new record begins, and at last before the last one, and says where."""
        return self._steps(blocks, offset, last=True)

    def _steps(self, blocks: Iterator[bytes], offset: int, *, last: bool) -> Iterator[int]:
        """As `steps`; unless ``last`` it does not stop before the last record."""
        window = TextBuffer(blocks, offset, self._insight.memory)
        wanted = self._size
        try:
            while True:
                window.fill(wanted)
                if window.ended and not last:
                    break
                used = self._read(window, whole=False)
                window.drop(used)
                if used and self._at_record:
                    yield window.offset
                if window.ended:
                    break
                if window.size > 3 * MORE_CHARS:
                    raise UnsupportedByFastPathError
                # The record that is left over may fill the window all by itself.
                wanted = max(self._size, 2 * window.size)
            self._read(window, whole=True)
        finally:
            self._insight.memory = window.data

    def follow(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """What comes after the text, as far as it still belongs to a close in it."""
        formats = self._insight.log_formats
        for record in records(lines, formats, self._line, self.records, self._matcher.limits):
            if not self._keeper.collecting:
                return
            self._keeper.record(ParsedRecord(record))

    def _read(self, window: TextBuffer, *, whole: bool) -> int:
        """Reads what is complete in the window, or the ``whole`` of it; returns how many bytes that was."""
        sorter = self._insight.sorter
        formats, limits = self._insight.log_formats, self._matcher.limits
        chunk = Chunk(window.data, window.size, self._line, window.offset, formats, limits)
        chunk.lines = sorter.find(window.data, window.size, whole=whole)
        if len(chunk.lines.odd) and window.data.find(0, 0, window.size) >= 0:
            self.holes = self.holes or window.data.find(HOLE, 0, window.size) >= 0
            self.torn = self.torn or any(map(chunk.is_torn, chunk.lines.odd.tolist()))
        if chunk.longest > limits.line_size:
            raise UnsupportedByFastPathError
        doubtful = sorter.recognise(chunk.lines, window.data)
        if self._line == 1 and chunk.long_ones(doubtful) > max(_DOUBTFUL, len(chunk.lines.starts) // 2):
            raise UnsupportedByFastPathError
        sorter.enter(chunk.lines, doubtful, chunk.single)
        batch = RecordBatch(chunk, self.records, whole=whole)
        if not batch.fits:
            raise UnsupportedByFastPathError
        if batch.count:
            self._ends(batch, window.data)
            self._count(batch)
            self._search(batch, window.data)
            self.records += len(batch.opens)
            self._line += batch.count
            self._at_record = not batch.open_ended
            if (run := batch.tail(MOST)) is not None:
                self._past.add(run)
        return batch.used

    def _ends(self, batch: RecordBatch, data: bytearray) -> None:
        """Counts line ends."""
        ends = batch.chunk.lines.ends[: batch.count]
        # Only the last line of all may have no end.
        closed = ends[:-1] if batch.count and ends[-1] >= batch.used else ends
        self.feeds += len(closed)
        before = np.frombuffer(data, np.uint8)[np.maximum(closed - 1, 0)]
        self.crlf += int(np.count_nonzero(before == _RETURN))

    def _count(self, batch: RecordBatch) -> None:
        """Counts what needs no pattern."""
        levels, log_formats = self._insight.sorter.heads.tally(batch.chunk.lines.heads[batch.opens])
        self.levels += levels
        self.log_formats += log_formats
        if not len(batch.opens):
            return
        self._gap_lengths(batch)
        low, high = int(batch.us.min()), int(batch.us.max())
        if self.first is None:
            record = batch.record(0)
            self.first = record.stamp
            self.opening = Excerpt(record.line, record.offset, quote(record.text))
            self.earliest, self.latest = low, high
        self.earliest, self.latest = min(self.earliest, low), max(self.latest, high)
        self.last = batch.record(len(batch.opens) - 1).stamp

    def _gap_lengths(self, batch: RecordBatch) -> None:
        us = batch.us if self.last is None else np.append(self.last.us, batch.us)
        gaps = np.diff(us)
        shift = len(us) - len(batch.us)
        for at in np.flatnonzero((gaps < -JUMP) | (gaps >= MIN_SILENCE)).tolist():
            index = at + 1 - shift
            line = int(batch.opens[index])
            number, before, after = batch.chunk.line + line, int(us[at]), int(us[at + 1])
            if before < after:
                self.gap(before, after, number)
            else:
                offset = batch.chunk.offset + int(batch.chunk.lines.starts[line])
                self.back(before, after, number, offset, partial(_first_line, batch, index))
        forward = gaps[gaps > 0] // MILLISECOND
        # The exponent of a float is the bit length of the whole number that it holds exactly.
        counts = np.bincount(np.frexp(forward.astype(np.float64))[1], minlength=1)
        self.gap_histogram += Counter({i: int(counts[i]) for i in np.flatnonzero(counts).tolist()})

    def _search(self, batch: RecordBatch, data: bytearray) -> None:
        """Shows the matcher what some pattern may match."""
        lines = batch.chunk.lines
        hits = self._insight.finder.hits(memoryview(data)[: batch.used])
        odd = lines.odd[lines.odd < batch.count]
        worth = distinct(np.concatenate([np.searchsorted(lines.ends, hits), odd]))
        self._secrets(batch, worth)
        loose = batch.unparsed_lines()
        if len(loose):
            self._strays(batch, loose, worth)
            worth = worth[~among(worth, loose)]
        self._match(batch, () if self._matcher.full else batch.of_lines(worth))

    def _secrets(self, batch: RecordBatch, worth: Ints) -> None:
        """Counts the lines that print credentials: among those of the log's beginning, and those ``worth`` a look."""
        chunk = batch.chunk
        lines = min(int(np.searchsorted(chunk.lines.starts, HEAD - chunk.offset)), batch.count)
        if lines:
            size = min(int(chunk.lines.ends[lines - 1]), int(chunk.lines.starts[lines - 1]) + LONGEST_BYTES)
            places = np.array(stem_places(chunk.part(0, size)), np.int64)
            odd = chunk.lines.odd[chunk.lines.odd < lines]
            head = np.searchsorted(chunk.lines.ends, places)
            worth = distinct(np.concatenate([head[head < lines], odd, worth[worth >= lines]]))
        following = 0
        for index in worth.tolist():
            for at in range(max(index, following), batch.count):
                offset = chunk.offset + int(chunk.lines.starts[at])
                self.secrets.line(self._line + at, offset, chunk.raw(at))
                following = at + 1
                if not self.secrets.awaits:
                    break

    def _strays(self, batch: RecordBatch, loose: Ints, worth: Ints) -> None:
        """The lines that belong to no record: those at the very beginning may continue the part before."""
        head = loose[: self._heads(batch, loose)]
        self.leading_lines += len(head)
        for index in head[among(head, worth)].tolist():
            item = batch.chunk.unparsed_line(index, Why.HEAD)
            self._matcher.unparsed_line(item.line, item.offset, item.text)
        rest = loose[len(head) :]
        missing = max(MAX_SAMPLES - len(self.samples), 0)
        for index in rest[:missing].tolist():
            self.count_unparsed(batch.chunk.unparsed_line(index, Why.UNPARSED))
        self.unparsed += max(len(rest) - missing, 0)

    def _heads(self, batch: RecordBatch, loose: Ints) -> int:
        """How many of the loose lines stand before the first record and the first strange line of the source."""
        if self.records or self.unparsed:
            return 0
        strange = np.flatnonzero(batch.chunk.lines.kinds[: batch.count] != MORE)
        return int(np.searchsorted(loose, strange[0])) if len(strange) else len(loose)

    def _match(self, batch: RecordBatch, candidates: Sequence[int]) -> None:
        keeper, matcher = self._keeper, self._matcher
        keeper.go_on(batch)
        for index in candidates:
            if matcher.full:
                return
            record = batch.record(index)
            stated = matcher.record(record)
            if stated is not None and matcher.closes(stated):
                symbol = stated.captures.fields.symbol
                keeper.close_in(batch, index, record, symbol, self._past)


def _first_line(batch: RecordBatch, index: int) -> str:
    """A record's first line, read only when a finding quotes it."""
    return quote(batch.record(index).text)
