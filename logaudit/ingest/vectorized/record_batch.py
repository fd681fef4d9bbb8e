"""The records of one stretch, as arrays; made into `Record` objects one by one where that is worth it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logaudit.ingest.records import MORE_CHARS, Record
from logaudit.ingest.vectorized.chunk import Chunk
from logaudit.ingest.vectorized.columns import Bools, Ints, distinct
from logaudit.ingest.vectorized.history import RawRecords
from logaudit.ingest.vectorized.line_table import OPENS, STRANGE


class RecordBatch:
    """What is complete in a stretch: records, and lines that belong to none.

    Attributes:
        count: lines.
        used: bytes.
        opens: the index of each record's first line.
        us: each record's time, naive µs.
        open_ended: whether the lines behind the stretch may go on with lines that belong to no record.
        seq: ordinal of the first record.
    """

    def __init__(self, chunk: Chunk, seq: int, *, whole: bool) -> None:
        """``whole`` says that the text ends with the stretch; else its last record may go on behind it."""
        lines = chunk.lines
        opens = np.flatnonzero(lines.kinds == OPENS)
        count = len(lines.starts)
        _end_overfull(lines.kinds, opens, count, chunk.limits.record_lines)
        self.open_ended = not whole and bool(len(opens)) and _is_ended(lines.kinds, opens)
        if len(opens) and not whole and not self.open_ended:
            count = int(opens[-1])
            opens = opens[:-1]
        self.chunk = chunk
        self.seq = seq
        self.count = count
        self.opens = opens
        self.us = lines.us[opens]
        self.used = _start(chunk, count, whole=whole)
        strange = np.flatnonzero(lines.kinds[:count] == STRANGE)
        self.unrecognised = bool(len(strange))
        breaks = np.sort(np.append(opens, strange)) if len(strange) else opens
        self._ends = np.append(breaks[1:], count)[: len(breaks)]
        if len(strange):
            self._ends = self._ends[np.searchsorted(breaks, opens)]
        self._breaks = breaks

    @property
    def fits(self) -> bool:
        """Whether no line, and no record in its characters, may be longer than what is kept of one."""
        lines = self.chunk.lines
        if (
            self.count
            and (lines.ends[: self.count] - lines.starts[: self.count]).max() > self.chunk.limits.line_size
        ):
            return False
        if not len(self.opens):
            return True
        starts = np.append(lines.starts, self.used)
        sizes = starts[self._ends] - starts[self.opens]
        return bool(sizes.max() <= MORE_CHARS)

    def unparsed_lines(self) -> Ints:
        """The lines that belong to no record."""
        first = int(self.opens[0]) if len(self.opens) else self.count
        if not self.unrecognised:
            return np.arange(first)
        kinds = self.chunk.lines.kinds
        last = np.searchsorted(self._breaks, np.arange(self.count), "right") - 1
        inside = (last >= 0) & (kinds[self._breaks[np.maximum(last, 0)]] == OPENS)
        return np.flatnonzero(~inside)

    def of_lines(self, lines: Ints) -> list[int]:
        """The records that hold any of ``lines``, none of which is loose; ascending."""
        found: list[int] = distinct(np.searchsorted(self.opens, lines, "right") - 1).tolist()
        return found

    def record(self, index: int) -> Record:
        """One record."""
        return self.chunk.record(int(self.opens[index]), int(self._ends[index]), self.seq + index)

    def holding(self, start: int, stop: int, text: str, asked: Bools) -> Bools:
        """Which of the records from ``start`` to ``stop`` that are ``asked`` for hold ``text`` in their first lines."""
        opens = self.opens[start:stop]
        found = np.zeros(len(opens), np.bool_)
        rows = np.flatnonzero(asked)
        if not self.chunk.is_plain_text(opens):
            found[rows] = [self.chunk.holds(line, text) for line in opens[rows].tolist()]
            return found
        first, last = opens[rows[0]], opens[rows[-1]]
        lines = first + self.chunk.lines_with(text, int(first), int(last) + 1)
        places = np.searchsorted(opens, lines)
        found[places[opens[np.minimum(places, len(opens) - 1)] == lines]] = True
        return found & asked

    def tail(self, most: int) -> RawRecords | None:
        """The last records, up to ``most`` of them, as bytes; None without any."""
        if not len(self.opens):
            return None
        first = max(len(self.opens) - most, 0)
        line = int(self.opens[first])
        start = int(self.chunk.lines.starts[line])
        return RawRecords(
            self.chunk.part(start, self.used),
            self.chunk.line + line,
            self.chunk.offset + start,
            self.seq + first,
            len(self.opens) - first,
        )


def _end_overfull(kinds: NDArray[np.uint8], opens: Ints, count: int, most: int) -> None:
    """Ends records at the first line that they have no room for; what follows it belongs to none."""
    if not len(opens) or count - len(opens) <= most:
        return
    ends = opens + most + 1
    stop = np.append(opens[1:], count)
    strange = np.flatnonzero(kinds == STRANGE)
    if len(strange):
        stop = np.minimum(stop, np.append(strange, count)[np.searchsorted(strange, opens)])
    kinds[ends[ends < stop]] = STRANGE


def _is_ended(kinds: NDArray[np.uint8], opens: Ints) -> bool:
    """Whether a line that belongs to no record follows the last record."""
    return bool((kinds[int(opens[-1]) :] == STRANGE).any())


def _start(chunk: Chunk, line: int, *, whole: bool) -> int:
    """Where a line begins; behind the last one, where the text that is complete ends."""
    lines = chunk.lines
    if line < len(lines.starts):
        return int(lines.starts[line])
    if whole:
        return chunk.end
    return int(lines.ends[-1]) + 1 if line else 0
