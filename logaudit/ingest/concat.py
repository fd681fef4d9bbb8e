"""Joins the extracts of consecutive parts of one log into the extract of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from logaudit.ingest.byte_stream import newline_of
from logaudit.ingest.context import ContextList, Crowd, shortened
from logaudit.ingest.log_stats import MAX_JUMPS, LogStats
from logaudit.ingest.secret_lines import added
from logaudit.ingest.source_extract import (
    Excerpt,
    LogContext,
    LogExtract,
    MatchList,
    NearbyRecord,
    PatternCount,
    PatternMatch,
)
from logaudit.sources import Problem, ProblemKind


class LogPart(Struct, frozen=True):
    """A log, or a part of one that begins with a record.

    Attributes:
        extract: of the part, as if it were all there is: lines and records are counted from its start, but
            bytes from that of the source. Its hash and its encoding mean nothing.
        crlf: line ends with a carriage return.
        opening: the first record's first line, None without a record.
    """

    extract: LogExtract
    crlf: int
    opening: Excerpt | None


class Checkpoint(Struct, frozen=True):
    """How far a growing file was read, and what that gave: nothing behind it can change any of it.

    Attributes:
        part: what was read.
        stop: where in the file the next record begins.
        base: bytes before the file's text: those of a byte order mark.
    """

    part: LogPart
    stop: int
    base: int


def join(parts: Iterable[LogPart], sha256: str, encoding: str) -> LogExtract:
    """The extract of the source that ``parts``, of which there is at least one, make up in their order.

    Equal to the extract of the source read as one: surroundings of closes reach across the borders already.
    Parts are not needed any longer once the next one is asked for.
    """
    return replace(joined(parts, encoding).extract, sha256=sha256)


def joined(parts: Iterable[LogPart], encoding: str) -> LogPart:
    """Consecutive parts as one; as `join` otherwise."""
    joiner = _Joiner()
    for part in parts:
        joiner.add(part)
    return joiner.result(encoding)


class _Joiner(LogStats):
    """Gathers part after part."""

    def __init__(self) -> None:
        super().__init__()
        self._like: LogExtract | None = None
        self._opening: Excerpt | None = None
        self._size = 0
        self._crlf = 0
        self._lines = 0
        self._matches = MatchList()
        self._contexts = ContextList()
        self._crowd = Crowd()
        self._tallies: dict[str, PatternCount] = {}

    def add(self, part: LogPart) -> None:
        extract = part.extract
        self._border(part)
        if self._opening is None and part.opening is not None:
            self._opening = replace(part.opening, line=part.opening.line + self._lines)
        room = max(MAX_JUMPS - len(self.jumps), 0)
        self.jumps += [replace(jump, line=jump.line + self._lines) for jump in extract.jumps[:room]]
        for silence in extract.gaps:
            self.gap(silence.start, silence.end, silence.line + self._lines)
        self.samples += [replace(e, line=e.line + self._lines) for e in extract.unparsed_samples]
        self._matches.extend(map(self._mark, extract.matches))
        self._surround(extract)
        for name, tally in extract.tallies.items():
            self._tallies[name] = self._tally(name, tally)
        self.gap_histogram += Counter(extract.gap_histogram)
        self.levels += Counter(extract.levels)
        self.log_formats += Counter(extract.log_formats)
        self.secrets.found = added(self.secrets.found, extract.secrets, self._lines)
        self.leading_lines += extract.leading_lines
        self.unparsed += extract.unparsed
        self._span(extract)
        self.records += extract.records
        self._lines += extract.lines
        self._size += extract.size
        self._crlf += part.crlf
        problem = extract.problem if self._like is None else _graver(self._like.problem, extract.problem)
        self._like = replace(extract, matches=(), contexts=(), problem=problem)

    def result(self, encoding: str) -> LogPart:
        if self._like is None:
            raise ValueError("nothing to join")
        extract = replace(
            self._like,
            problem=None if self._like.problem is None else replace(self._like.problem, read=self._size),
            size=self._size,
            encoding=encoding,
            newline=newline_of(self._lines, self._crlf),
            lines=self._lines,
            matches=self._matches.all,
            contexts=self._contexts.in_order(),
            tallies=dict(sorted(self._tallies.items())),
            **self.fields(),
        )
        return LogPart(extract, self._crlf, self._opening)

    def _surround(self, extract: LogExtract) -> None:
        """Adds a part's contexts, each with no more than is kept of it in the whole."""
        if not extract.contexts:
            return
        times = {mark.record: mark.stamp.us for mark in extract.matches if mark.stamp is not None}
        for context in extract.contexts:
            room = self._crowd.room(times[context.record])
            self._contexts.append(self._context(shortened(context, room)))

    def _border(self, part: LogPart) -> None:
        """The step from the last record of the part before to the first of this one."""
        first = part.extract.first
        if self.last is None or first is None or part.opening is None or first.us == self.last.us:
            return
        text, line = part.opening.text, part.opening.line + self._lines
        self.step(self.last.us, first.us, line, part.opening.byte, lambda: text)

    def _span(self, extract: LogExtract) -> None:
        if extract.first is None:
            return
        if self.first is None:
            self.first, self.earliest, self.latest = extract.first, extract.earliest, extract.latest
        self.last = extract.last
        self.earliest = min(self.earliest, extract.earliest)
        self.latest = max(self.latest, extract.latest)

    def _mark(self, mark: PatternMatch) -> PatternMatch:
        if not self._lines:
            return mark
        return replace(mark, line=mark.line + self._lines, record=mark.record + self.records)

    def _context(self, context: LogContext) -> LogContext:
        if not self._lines:
            return context
        before, after = (tuple(self._moved(side)) for side in (context.before, context.after))
        return replace(context, record=context.record + self.records, before=before, after=after)

    def _moved(self, side: Sequence[NearbyRecord]) -> Iterator[NearbyRecord]:
        shift = self._lines
        return (
            NearbyRecord(e, level, t, delta, line + shift, byte) for e, level, t, delta, line, byte in side
        )

    def _tally(self, name: str, tally: PatternCount) -> PatternCount:
        near = tally.first_near_miss
        if near is not None:
            near = replace(near, line=near.line + self._lines)
        if (known := self._tallies.get(name)) is not None:
            return PatternCount(
                known.hits + tally.hits, known.near_misses + tally.near_misses, known.first_near_miss or near
            )
        return PatternCount(tally.hits, tally.near_misses, near)


def _graver(one: Problem | None, other: Problem | None) -> Problem | None:
    """Of what two parts say the graver, and of equals the first: damage, a hole that lacks nothing, a limit."""
    if one is None or other is None:
        return one or other
    order = (ProblemKind.DAMAGED, ProblemKind.UNREADABLE)
    ranks = [order.index(p.kind) if p.kind in order else len(order) for p in (one, other)]
    return other if ranks[1] < ranks[0] else one
