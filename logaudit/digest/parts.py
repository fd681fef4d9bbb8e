"""Joins the digests of consecutive parts of one log into the digest of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from logaudit.digest.tally import MAX_JUMPS, LogTally
from logaudit.digest.tap import newline_of
from logaudit.digest.types import Context, Excerpt, LogDigest, Mark, Neighbour, PatternTally


class LogPart(Struct, frozen=True):
    """A log, or a part of one that begins with a record.

    Attributes:
        digest: of the part, as if it were all there is: lines and records are counted from its start, but
            bytes from that of the source. Its hash and its encoding mean nothing.
        crlf: line ends with a carriage return.
        opening: the first record's first line, None without a record.
    """

    digest: LogDigest
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


def join(parts: Iterable[LogPart], sha256: str, encoding: str) -> LogDigest:
    """The digest of the source that ``parts``, of which there is at least one, make up in their order.

    Equal to the digest of the source read as one: surroundings of closes reach across the borders already.
    Parts are not needed any longer once the next one is asked for.
    """
    return replace(joined(parts, encoding).digest, sha256=sha256)


def joined(parts: Iterable[LogPart], encoding: str) -> LogPart:
    """Consecutive parts as one; as `join` otherwise."""
    joiner = _Joiner()
    for part in parts:
        joiner.add(part)
    return joiner.result(encoding)


class _Joiner(LogTally):
    """Gathers part after part."""

    def __init__(self) -> None:
        super().__init__()
        self._like: LogDigest | None = None
        self._opening: Excerpt | None = None
        self._size = 0
        self._crlf = 0
        self._lines = 0
        self._marks: list[Mark] = []
        self._contexts: list[Context] = []
        self._tallies: dict[str, PatternTally] = {}

    def add(self, part: LogPart) -> None:
        digest = part.digest
        self._border(part)
        if self._opening is None and part.opening is not None:
            self._opening = replace(part.opening, line=part.opening.line + self._lines)
        room = max(MAX_JUMPS - len(self.jumps), 0)
        self.jumps += [replace(jump, line=jump.line + self._lines) for jump in digest.jumps[:room]]
        for silence in digest.silences:
            self.silence(silence.start, silence.end, silence.line + self._lines)
        self.samples += [replace(e, line=e.line + self._lines) for e in digest.unparsed_samples]
        self._marks += [self._mark(mark) for mark in digest.marks]
        self._contexts += [self._context(context) for context in digest.contexts]
        for name, tally in digest.tallies.items():
            self._tallies[name] = self._tally(name, tally)
        self.pace += Counter(digest.pace)
        self.levels += Counter(digest.levels)
        self.dialects += Counter(digest.dialects)
        self.loose += digest.loose
        self.unparsed += digest.unparsed
        self._span(digest)
        self.records += digest.records
        self._lines += digest.lines
        self._size += digest.size
        self._crlf += part.crlf
        self._like = replace(digest, marks=(), contexts=())

    def result(self, encoding: str) -> LogPart:
        if self._like is None:
            raise ValueError("nothing to join")
        digest = replace(
            self._like,
            size=self._size,
            encoding=encoding,
            newline=newline_of(self._lines, self._crlf),
            lines=self._lines,
            marks=tuple(self._marks),
            contexts=tuple(self._contexts),
            tallies=dict(sorted(self._tallies.items())),
            **self.fields(),
        )
        return LogPart(digest, self._crlf, self._opening)

    def _border(self, part: LogPart) -> None:
        """The step from the last record of the part before to the first of this one."""
        first = part.digest.first
        if self.last is None or first is None or part.opening is None or first.us == self.last.us:
            return
        text, line = part.opening.text, part.opening.line + self._lines
        self.step(self.last.us, first.us, line, part.opening.byte, lambda: text)

    def _span(self, digest: LogDigest) -> None:
        if digest.first is None:
            return
        if self.first is None:
            self.first, self.earliest, self.latest = digest.first, digest.earliest, digest.latest
        self.last = digest.last
        self.earliest = min(self.earliest, digest.earliest)
        self.latest = max(self.latest, digest.latest)

    def _mark(self, mark: Mark) -> Mark:
        if not self._lines:
            return mark
        return replace(mark, line=mark.line + self._lines, record=mark.record + self.records)

    def _context(self, context: Context) -> Context:
        if not self._lines:
            return context
        before, after = (tuple(self._moved(side)) for side in (context.before, context.after))
        return replace(context, record=context.record + self.records, before=before, after=after)

    def _moved(self, side: Sequence[Neighbour]) -> Iterator[Neighbour]:
        shift = self._lines
        return (Neighbour(e, level, t, delta, line + shift, byte) for e, level, t, delta, line, byte in side)

    def _tally(self, name: str, tally: PatternTally) -> PatternTally:
        near = tally.first_near
        if near is not None:
            near = replace(near, line=near.line + self._lines)
        if (known := self._tallies.get(name)) is not None:
            return PatternTally(known.hits + tally.hits, known.near + tally.near, known.first_near or near)
        return PatternTally(tally.hits, tally.near, near)
