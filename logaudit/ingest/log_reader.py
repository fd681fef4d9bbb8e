"""Reads one log source record by record: the plain way, which the fast one must agree with."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial

from logaudit.core.text import quote
from logaudit.ingest.context import MOST, ContextCollector, ParsedRecord
from logaudit.ingest.log_stats import LogStats
from logaudit.ingest.pattern_matcher import PatternMatcher
from logaudit.ingest.records import Record, UnparsedLine, read_records
from logaudit.ingest.source_extract import LogContext
from logaudit.logformats import LogFormatSet


class LogReader(LogStats):
    """Accumulates what an extract keeps while records stream by."""

    def __init__(self, matcher: PatternMatcher) -> None:
        super().__init__()
        self._matcher = matcher
        self._keeper = ContextCollector()
        self._recent: deque[Record] = deque(maxlen=MOST)

    @property
    def contexts(self) -> tuple[LogContext, ...]:
        """What was logged around each close."""
        return self._keeper.finish()

    def read(self, lines: Iterable[tuple[int, bytes]], log_formats: LogFormatSet) -> None:
        """Consumes all lines of the source."""
        matcher, keeper, recent = self._matcher, self._keeper, self._recent
        for item in read_records(self._searched(lines), log_formats, matcher.limits.record_lines):
            if isinstance(item, UnparsedLine):
                if self.count_unparsed(item):
                    matcher.unparsed_line(item.line, item.offset, item.text)
                continue
            self.records += 1
            self.log_formats[item.log_format.name] += 1
            self.levels[item.level] += 1
            stamp = item.stamp
            last = self.last
            if last is None:
                self.first = stamp
                self.earliest = self.latest = stamp.us
            elif stamp.us != last.us:
                self.step(last.us, stamp.us, item.line, item.offset, partial(_quoted, item))
            self.last = stamp
            if keeper.collecting:
                keeper.record(ParsedRecord(item))
            stated = matcher.record(item)
            if stated is not None and matcher.closes(stated):
                keeper.close(item, stated.captures.fields.symbol, map(ParsedRecord, reversed(recent)))
            recent.append(item)

    def _searched(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        for number, (offset, raw) in enumerate(lines, 1):
            self.secrets.line(number, offset, raw)
            yield offset, raw


def _quoted(record: Record) -> str:
    """A record's first line, made only when a finding quotes it."""
    return quote(record.text)
