"""What a digest keeps of the records of one log: counts, span, pace, silences and jumps."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from logaudit.digest.types import Excerpt, Jump, Silence
from logaudit.model.stamp import MILLISECOND, SECOND, Stamp
from logaudit.model.text import quote
from logaudit.records import Loose, Why

#: Threads may log microseconds out of order; a step back of more than this is a clock's doing.
JUMP: Final = 2 * SECOND
MAX_JUMPS: Final = 100
MAX_SILENCES: Final = 64
#: Shorter silences are never of interest, whatever the stream's pace.
MIN_SILENCE: Final = 30 * SECOND
MAX_SAMPLES: Final = 5


class LogTally:
    """Accumulates the attributes of a `LogDigest` that need no pattern; times are naive µs."""

    def __init__(self) -> None:
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

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The longest silences, in file order."""
        return tuple(s for _, _, s in sorted(self._silences, key=lambda item: item[2].line))

    def fields(self) -> dict[str, Any]:
        """What is gathered, by the names that a `LogDigest` has for it."""
        return {
            "records": self.records,
            "loose": self.loose,
            "unparsed": self.unparsed,
            "unparsed_samples": tuple(self.samples[:MAX_SAMPLES]),
            "dialects": dict(sorted(self.dialects.items())),
            "levels": dict(sorted(self.levels.items())),
            "first": self.first,
            "last": self.last,
            "earliest": self.earliest,
            "latest": self.latest,
            "pace": dict(sorted(self.pace.items())),
            "silences": self.silences,
            "jumps": tuple(self.jumps),
        }

    def step(self, before: int, after: int, line: int, offset: int, text: Callable[[], str]) -> None:
        """Two consecutive records with different times; the second one's line, offset and quoted text."""
        if after < before:
            self.earliest = min(self.earliest, after)
            self.back(before, after, line, offset, text)
            return
        self.latest = max(self.latest, after)
        self.pace[pace_of(after - before)] += 1
        self.silence(before, after, line)

    def back(self, before: int, after: int, line: int, offset: int, text: Callable[[], str]) -> None:
        """A record stamped earlier than the one before it; ``text`` gives its first line as quoted."""
        if before - after > JUMP and len(self.jumps) < MAX_JUMPS:
            self.jumps.append(Jump(before, after, line, offset, text()))

    def silence(self, start: int, end: int, line: int) -> None:
        """A gap that ends with the record at ``line``; only the longest ones are kept."""
        if end - start < MIN_SILENCE:
            return
        # The line breaks ties, so that the kept ones do not depend on anything but the content.
        entry = (end - start, line, Silence(start, end, line))
        if len(self._silences) < MAX_SILENCES:
            heapq.heappush(self._silences, entry)
        else:
            heapq.heappushpop(self._silences, entry)

    def stray(self, item: Loose) -> bool:
        """Counts a line that belongs to no record; whether it may continue the part before this one."""
        if item.why is Why.HEAD:
            self.loose += 1
            return True
        self.unparsed += 1
        if len(self.samples) < MAX_SAMPLES:
            self.samples.append(Excerpt(item.line, item.offset, quote(item.text)))
        return False


def pace_of(gap: int) -> int:
    """The bucket of a gap in µs: k for one of [2^(k-1), 2^k) ms, 0 for one below 1 ms."""
    return (gap // MILLISECOND).bit_length()
