"""What an extract keeps of the records of one log: counts, span, pace, silences and jumps."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from logaudit.core.text import quote
from logaudit.core.time_window import Gap
from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp
from logaudit.ingest.records import UnparsedLine, Why
from logaudit.ingest.secret_lines import SecretCounter
from logaudit.ingest.source_extract import ClockJump, Excerpt

#: Threads may log microseconds out of order; a step back of more than this is a clock's doing.
JUMP: Final = 2 * SECOND
MAX_JUMPS: Final = 100
MAX_SILENCES: Final = 64
#: Shorter silences are never of interest, whatever the stream's pace.
MIN_SILENCE: Final = 30 * SECOND
MAX_SAMPLES: Final = 5


class LogStats:
    """Accumulates the attributes of a `LogExtract` that need no pattern; times are naive µs."""

    def __init__(self) -> None:
        self.records = 0
        self.leading_lines = 0
        self.unparsed = 0
        self.samples: list[Excerpt] = []
        self.log_formats: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.first: Stamp | None = None
        self.last: Stamp | None = None
        self.earliest = 0
        self.latest = 0
        self.gap_histogram: Counter[int] = Counter()
        self.jumps: list[ClockJump] = []
        self.secrets = SecretCounter()
        self._loose: list[UnparsedLine] = []
        self._gaps: list[tuple[int, int, Gap]] = []

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The longest silences, in file order."""
        return tuple(s for _, _, s in sorted(self._gaps, key=lambda item: item[2].line))

    def fields(self) -> dict[str, Any]:
        """What is gathered, by the names that a `LogExtract` has for it."""
        return {
            "records": self.records,
            "leading_lines": self.leading_lines,
            "unparsed": self.unparsed,
            "unparsed_samples": tuple(self.samples[:MAX_SAMPLES]),
            "log_formats": dict(sorted(self.log_formats.items())),
            "levels": dict(sorted(self.levels.items())),
            "first": self.first,
            "last": self.last,
            "earliest": self.earliest,
            "latest": self.latest,
            "gap_histogram": dict(sorted(self.gap_histogram.items())),
            "gaps": self.gaps,
            "jumps": tuple(self.jumps),
            "secrets": dict(sorted(self.secrets.found.items())),
        }

    def step(self, before: int, after: int, line: int, offset: int, text: Callable[[], str]) -> None:
        """Two consecutive records with different times; the second one's line, offset and quoted text."""
        if after < before:
            self.earliest = min(self.earliest, after)
            self.back(before, after, line, offset, text)
            return
        self.latest = max(self.latest, after)
        self.gap_histogram[gap_bucket(after - before)] += 1
        self.gap(before, after, line)

    def back(self, before: int, after: int, line: int, offset: int, text: Callable[[], str]) -> None:
        """A record stamped earlier than the one before it; ``text`` gives its first line as quoted."""
        if before - after > JUMP and len(self.jumps) < MAX_JUMPS:
            self.jumps.append(ClockJump(before, after, line, offset, text()))

    def gap(self, start: int, end: int, line: int) -> None:
        """A gap that ends with the record at ``line``; only the longest ones are kept."""
        if end - start < MIN_SILENCE:
            return
        # The line breaks ties, so that the kept ones do not depend on anything but the content.
        entry = (end - start, line, Gap(start, end, line))
        if len(self._gaps) < MAX_SILENCES:
            heapq.heappush(self._gaps, entry)
        else:
            heapq.heappushpop(self._gaps, entry)

    def count_unparsed(self, item: UnparsedLine) -> bool:
        """Counts a line that belongs to no record; whether it may continue the part before this one."""
        if item.why is Why.HEAD:
            self.leading_lines += 1
            return True
        self.unparsed += 1
        if len(self.samples) < MAX_SAMPLES:
            from logaudit.core.secrets.below import hide_below  # noqa: PLC0415 - most logs have none

            if not self._loose or self._loose[-1].line != item.line - 1:
                self._loose.clear()
            shown = hide_below(item.text, [line.text for line in self._loose])
            self.samples.append(Excerpt(item.line, item.offset, quote(shown)))
            self._loose.append(item)
        return False


def gap_bucket(gap: int) -> int:
    """The bucket of a gap in µs: k for one of [2^(k-1), 2^k) ms, 0 for one below 1 ms."""
    return (gap // MILLISECOND).bit_length()
