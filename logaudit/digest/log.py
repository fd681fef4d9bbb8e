"""Reads one log source record by record: marks, pace, silences, jumps and tallies."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from typing import Final

from logaudit.dialect import DialectSet
from logaudit.digest.context import ContextKeeper
from logaudit.digest.matcher import Matcher
from logaudit.digest.types import Context, Excerpt, Jump, Silence
from logaudit.model.events import FieldName
from logaudit.model.stamp import MILLISECOND, SECOND, Stamp
from logaudit.model.text import quote
from logaudit.records import Loose, Record, Why, read_records

#: Threads may log microseconds out of order; a step back of more than this is a clock's doing.
JUMP: Final = 2 * SECOND
MAX_JUMPS: Final = 100
MAX_SILENCES: Final = 64
#: Shorter silences are never of interest, whatever the stream's pace.
MIN_SILENCE: Final = 30 * SECOND
MAX_SAMPLES: Final = 5


class LogReader:
    """Accumulates what a digest keeps while records stream by."""

    def __init__(self, matcher: Matcher) -> None:
        self.records = 0
        self.loose = 0
        self.unparsed = 0
        self.samples: list[Excerpt] = []
        self.dialects: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.first: Stamp | None = None
        self.last: Stamp | None = None
        self.earliest = 0
        self.latest = 0
        self.pace: Counter[int] = Counter()
        self.jumps: list[Jump] = []
        self._silences: list[tuple[int, int, Silence]] = []
        self._matcher = matcher
        self._keeper = ContextKeeper()

    @property
    def contexts(self) -> tuple[Context, ...]:
        """What was logged around each close."""
        return self._keeper.finish()

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The longest silences, in file order."""
        return tuple(s for _, _, s in sorted(self._silences, key=lambda item: item[2].line))

    def read(self, lines: Iterable[tuple[int, bytes]], dialects: DialectSet) -> None:
        """Consumes all lines of the source."""
        matcher, keeper = self._matcher, self._keeper
        for item in read_records(lines, dialects):
            if isinstance(item, Loose):
                self._loose(item)
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
                self._step(last, stamp, item)
            self.last = stamp
            keeper.record(item)
            stated = matcher.record(item)
            if stated is not None and matcher.closes(stated):
                keeper.close(item, stated.values.get(FieldName.SYMBOL, ""))

    def _step(self, last: Stamp, stamp: Stamp, record: Record) -> None:
        gap = stamp.us - last.us
        if gap < 0:
            self.earliest = min(self.earliest, stamp.us)
            if -gap > JUMP and len(self.jumps) < MAX_JUMPS:
                self.jumps.append(Jump(last.us, stamp.us, record.line, record.offset, quote(record.text)))
            return
        self.latest = max(self.latest, stamp.us)
        self.pace[(gap // MILLISECOND).bit_length()] += 1
        if gap >= MIN_SILENCE:
            # The line breaks ties, so that the kept ones do not depend on anything but the content.
            entry = (gap, record.line, Silence(last.us, stamp.us, record.line))
            if len(self._silences) < MAX_SILENCES:
                heapq.heappush(self._silences, entry)
            else:
                heapq.heappushpop(self._silences, entry)

    def _loose(self, item: Loose) -> None:
        if item.why is not Why.HEAD:
            self.unparsed += 1
            if len(self.samples) < MAX_SAMPLES:
                self.samples.append(Excerpt(item.line, item.offset, quote(item.text)))
        else:
            self.loose += 1
            self._matcher.loose(item.line, item.offset, item.text)
