"""Reads a part of a plain log file: from one record to another, aware of what stands around it."""

from __future__ import annotations

import codecs
import hashlib
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import BinaryIO, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.ingest.byte_stream import changed_size, hole_in
from logaudit.ingest.concat import Checkpoint, LogPart, join, joined
from logaudit.ingest.context import MOST
from logaudit.ingest.extract_log import PLAIN_ENCODINGS, insight_of
from logaudit.ingest.pattern_matcher import PatternMatcher
from logaudit.ingest.records import Record, decode_line
from logaudit.ingest.source_extract import LogExtract
from logaudit.ingest.vectorized.chunk import records
from logaudit.ingest.vectorized.reader import FastReader, UnsupportedByFastPathError
from logaudit.logformats import LogFormatSet
from logaudit.profiles import Profile
from logaudit.sources import Container, Source, clean, decode, file_blocks, lines
from logaudit.sources.charset import utf8_evidence

_BLOCK: Final = 1 << 20
#: Bytes before a part in which its last records are looked for at first; twice as many each further time.
_BACK: Final = 1 << 17

#: How near to a file's end it is worth noting how far it was read, bytes.
_LATE: Final = 16 << 20


class Range(Struct, frozen=True):
    """A part of a plain file, in bytes.

    Attributes:
        start: where its first record begins; the beginning of the file's text for the first part.
        stop: where the next part begins, or the file ends.
        base: bytes before the file's text: those of a byte order mark.
        sure: whether the file's text is known to be UTF-8; else the part is only read if it is.
    """

    source: Source
    start: int
    stop: int
    base: int = 0
    sure: bool = True


def cut(source: Source, log_formats: LogFormatSet, size: int) -> list[Range] | None:
    """Parts of about ``size`` bytes each that begin with a record; None for a file that is read as one.

    Where to cut depends on nothing but the file, so that any number of workers gives the same extract.
    """
    if source.container is not Container.PLAIN or source.size < 2 * size:
        return None
    with source.file.open("rb") as handle:
        head = decode(iter([handle.read(_BLOCK)]))
        if head.encoding not in PLAIN_ENCODINGS or head.returns:
            return None
        text = b"".join(head.blocks)
        if head.encoding not in PLAIN_ENCODINGS:
            return None
        base = len(codecs.BOM_UTF8) if head.encoding == "utf-8-sig" else 0
        found = [base]
        for place in range(size, source.size - size // 2, size):
            handle.seek(place)
            start = _record_in(handle.read(_BLOCK), log_formats)
            if start is not None:
                found.append(place + start)
    borders = [*found, source.size]
    sure = bool(base or utf8_evidence(text)[0])
    return [Range(source, a, b, base, sure) for a, b in pairwise(borders)]


def _record_in(text: bytes, log_formats: LogFormatSet) -> int | None:
    """Where the first line that opens a record begins, the unfinished line at the start left out."""
    start = text.find(b"\n") + 1
    while 0 < start < len(text):
        end = text.find(b"\n", start)
        if end < 0:
            return None
        if log_formats.open(decode_line(clean(text[start:end].rstrip(b"\r")))) is not None:
            return start
        start = end + 1
    return None


def read_range(part: Range, profile: Profile, log_formats: LogFormatSet) -> LogPart | None:
    """Reads a part; None where the file must be read as one.

    Raises:
        OSError: the file cannot be read.
    """
    insight = insight_of(profile, log_formats)
    if not insight.usable:
        return None
    matcher = PatternMatcher(profile, part.source.limits)
    earlier = partial(_before, part, log_formats) if part.start > part.base else None
    reader = FastReader(matcher, insight, earlier=earlier)
    with part.source.file.open("rb", buffering=0) as handle:
        blocks = file_blocks(handle, part.start, part.stop)
        try:
            reader.read(blocks if part.sure else _strictly(blocks), part.start - part.base)
        except UnsupportedByFastPathError:
            return None
        if not reader.settled:
            limits = part.source.limits
            text = lines(file_blocks(handle, part.stop, part.source.size), longest=limits.line_size)
            shift = part.stop - part.base
            reader.follow((shift + offset, clean(raw)) for offset, raw in text)
    size = part.stop - (part.start if earlier is not None else 0)
    return part_of(part.source, reader, matcher, size)


def part_of(source: Source, reader: FastReader, matcher: PatternMatcher, size: int) -> LogPart:
    """What a reader has gathered, of a text of ``size`` bytes."""
    hole = hole_in(source, size, log=not reader.torn) if reader.holes or reader.torn else None
    extract = LogExtract(
        address=source.address,
        sha256="",
        size=size,
        encoding="",
        packed=source.container is not Container.PLAIN,
        newline="",
        lines=reader.feeds,
        matches=matcher.matches,
        contexts=reader.contexts,
        tallies=matcher.tallies(),
        problem=hole or matcher.trouble(source.address, size),
        **reader.fields(),
    )
    return LogPart(extract, reader.crlf, reader.opening)


def begin(
    source: Source, profile: Profile, log_formats: LogFormatSet
) -> tuple[Checkpoint, tuple[int, str]] | None:
    """A file of which nothing was read yet, as `resume` takes it; None where it must be read as a whole.

    Raises:
        OSError: the file cannot be read.
    """
    with source.file.open("rb", buffering=0) as handle:
        head = decode(iter([handle.read(_BLOCK)]))
        for _ in head.blocks:
            pass
    if head.encoding not in PLAIN_ENCODINGS or head.returns:
        return None
    mark = codecs.BOM_UTF8 if head.encoding == "utf-8-sig" else b""
    matcher = PatternMatcher(profile, source.limits)
    nothing = part_of(source, FastReader(matcher, insight_of(profile, log_formats)), matcher, len(mark))
    nothing = replace(nothing, extract=replace(nothing.extract, encoding=head.encoding))
    return Checkpoint(nothing, len(mark), len(mark)), (len(mark), hashlib.sha256(mark).hexdigest())


def resume(
    source: Source, done: Checkpoint, known: tuple[int, str], profile: Profile, log_formats: LogFormatSet
) -> tuple[LogExtract, Checkpoint | None] | None:
    """Reads a file that has grown from where it was read to; None where it must be read as a whole.

    Args:
        source: the file, as it is now.
        done: what was read of it; what is returned beside the extract takes its place.
        known: how many bytes it had, and their hash: what they are now must have the same.
        profile: the one it was read with.
        log_formats: those it was read with.

    Raises:
        OSError: the file cannot be read.
    """
    insight = insight_of(profile, log_formats)
    if not insight.usable:
        return None
    matcher = PatternMatcher(profile, source.limits)
    encoding = done.part.extract.encoding
    part = Range(source, done.stop, source.size, done.base, sure=False)
    earlier = partial(_before, part, log_formats) if done.stop > done.base else None
    reader = FastReader(matcher, insight, earlier=earlier)
    last = done if done.stop > done.base else None
    with source.file.open("rb", buffering=0) as handle:
        grown = _Grown(handle, known, done.stop)
        try:
            for offset in reader.steps(_strictly(iter(grown)), done.stop - done.base):
                if reader.settled and source.size - offset < _LATE:
                    stop = offset + done.base
                    fresh = part_of(source, reader, matcher, stop - done.stop)
                    last = Checkpoint(joined([done.part, fresh], encoding), stop, done.base)
        except (UnsupportedByFastPathError, _ChangedError):
            return None
    fresh = part_of(source, reader, matcher, grown.size - done.stop)
    read = join([done.part, fresh], grown.sha256, encoding)
    return replace(read, problem=changed_size(source, grown.size) or read.problem), last


class _ChangedError(Exception):
    """A file is not what it was, with more behind it."""


class _Grown:
    """A file's bytes from some place on, once those that were known are proven to be the same."""

    def __init__(self, handle: BinaryIO, known: tuple[int, str], start: int) -> None:
        self.size = 0
        self._handle = handle
        self._read_before = known
        self._start = start
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all bytes, known ones too."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        size, sha256 = self._read_before
        kept: list[bytes] = []
        for block in file_blocks(self._handle, 0, size):
            self._hash.update(block)
            if fresh := block[max(self._start - self.size, 0) :]:
                kept.append(fresh)
            self.size += len(block)
        if self.size != size or self._hash.hexdigest() != sha256:
            raise _ChangedError
        yield from kept
        for block in file_blocks(self._handle, size, sys.maxsize):
            self._hash.update(block)
            self.size += len(block)
            yield block


def _before(part: Range, log_formats: LogFormatSet) -> Sequence[Record]:
    """The last records before a part."""
    reach, limits = _BACK, part.source.limits
    with part.source.file.open("rb", buffering=0) as handle:
        while True:
            begin = max(part.base, part.start - reach)
            text = b"".join(file_blocks(handle, begin, part.start))
            cut = text.find(b"\n") + 1 if begin > part.base else 0
            shift = begin + cut - part.base
            held = lines([text[cut:]], longest=limits.line_size)
            numbered = ((shift + at, clean(raw)) for at, raw in held)
            found = list(records(numbered, log_formats, 1 - text.count(b"\n", cut), 0, limits))
            if len(found) >= MOST or begin == part.base:
                return found[-MOST:]
            reach *= 2


def _strictly(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks, as long as they are UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    waiting = False
    for block in blocks:
        if waiting or not block.isascii():
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                raise UnsupportedByFastPathError from None
            waiting = bool(decoder.getstate()[0])
        yield block
    if waiting:
        raise UnsupportedByFastPathError
