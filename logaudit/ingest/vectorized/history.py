"""The records just before a stretch, kept as bytes: few are ever looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from logaudit.core.limits import Limits
from logaudit.ingest.context import MOST, ParsedRecord
from logaudit.ingest.records import Record
from logaudit.ingest.vectorized.chunk import records
from logaudit.logformats import LogFormatSet
from logaudit.sources import clean, lines


class RawRecords(Struct, frozen=True):
    """A run of whole records.

    Attributes:
        text: their bytes, beginning with the first record's.
        line, offset, seq: those of the first record in the source.
        count: how many records there are.
    """

    text: bytes
    line: int
    offset: int
    seq: int
    count: int


#: Gives the last records before a part of a source, in their order, numbered as if the part began the source.
HistorySource: TypeAlias = Callable[[], Sequence[Record]]


class RecordHistory:
    """Holds at least the last `MOST` records that were added, and knows where to find those before them."""

    def __init__(self, log_formats: LogFormatSet, earlier: HistorySource | None, limits: Limits) -> None:
        """``earlier`` is asked for what was before the first record added, at most once."""
        self._limits = limits
        self._log_formats = log_formats
        self._earlier = earlier
        self._before: list[ParsedRecord] | None = None
        self._runs: deque[RawRecords] = deque()
        self._count = 0

    def add(self, run: RawRecords) -> None:
        """The next records."""
        self._runs.append(run)
        self._count += run.count
        while self._count - self._runs[0].count >= MOST:
            self._count -= self._runs.popleft().count
            self._earlier = None

    def __iter__(self) -> Iterator[ParsedRecord]:
        """The records, the last one first."""
        for run in reversed(self._runs):
            found = lines([run.text], longest=self._limits.line_size)
            numbered = ((run.offset + at, clean(raw)) for at, raw in found)
            held = list(records(numbered, self._log_formats, run.line, run.seq, self._limits))
            yield from map(ParsedRecord, reversed(held))
        if self._earlier is not None:
            if self._before is None:
                self._before = [ParsedRecord(record) for record in reversed(self._earlier())]
            yield from self._before
