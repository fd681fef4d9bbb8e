"""Reads one log source record by record: the plain way, which the fast one must agree with."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial

from logaudit.dialect import DialectSet
from logaudit.digest.context import MOST, ContextKeeper, Whole
from logaudit.digest.matcher import Matcher
from logaudit.digest.tally import LogTally
from logaudit.digest.types import Context
from logaudit.model.text import quote
from logaudit.records import Loose, Record, read_records


class LogReader(LogTally):
    """Accumulates what a digest keeps while records stream by."""

    def __init__(self, matcher: Matcher) -> None:
        super().__init__()
        self._matcher = matcher
        self._keeper = ContextKeeper()
        self._recent: deque[Record] = deque(maxlen=MOST)

    @property
    def contexts(self) -> tuple[Context, ...]:
        """What was logged around each close."""
        return self._keeper.finish()

    def read(self, lines: Iterable[tuple[int, bytes]], dialects: DialectSet) -> None:
        """Consumes all lines of the source."""
        matcher, keeper, recent = self._matcher, self._keeper, self._recent
        for item in read_records(lines, dialects):
            if isinstance(item, Loose):
                if self.stray(item):
                    matcher.loose(item.line, item.offset, item.text)
                continue
            self.records += 1
            self.dialects[item.dialect.name] += 1
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
                keeper.record(Whole(item))
            stated = matcher.record(item)
            if stated is not None and matcher.closes(stated):
                keeper.close(item, stated.captures.fields.symbol, map(Whole, reversed(recent)))
            recent.append(item)


def _quoted(record: Record) -> str:
    """A record's first line, made only when a finding quotes it."""
    return quote(record.text)
