"""What workers do with a source: look at its head, read it, read a part of it, hash it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.location import SourceKind
from logaudit.ingest.codec import HeldExtract, pack, pack_note, pack_part, unpack_note
from logaudit.ingest.executor import Lost
from logaudit.ingest.executor.worker import surviving
from logaudit.ingest.extract import extract
from logaudit.ingest.extract_log import FAST_FROM, insight_of
from logaudit.ingest.format_choice import better_formats
from logaudit.ingest.probe import ProbeResult, probe
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import LogExtract, SourceExtract, summary_of
from logaudit.logformats import LogFormatSet
from logaudit.profiles import Profile
from logaudit.sources import TARS, Container, Source, file_blocks, prefetch

if TYPE_CHECKING:
    from logaudit.core.spool import Spool
    from logaudit.ingest.vectorized.ranges import Range

#: What looking at a source costs, in bytes read.
_GLANCE: Final = 1 << 17
#: How many times its packed size a text of unstated size is taken to have.
_UNPACKS_TO: Final = 8
#: Kinds that are read.
READ: Final = frozenset(
    {SourceKind.LOG, SourceKind.LEDGER, SourceKind.TABLE, SourceKind.HEALTH, SourceKind.UNREAD_TABLE}
)


def weight_of(source: Source) -> int:
    """Bytes to read, as far as the container tells."""
    return source.size if source.size >= 0 else source.packed * _UNPACKS_TO


class ReadResult(Struct, frozen=True):
    """An extract, and how far a growing file was read, where that was asked for."""

    extract: HeldExtract
    note: bytes = b""

    def within(self, spool: Spool | None) -> ReadResult:
        """The same, the extract held by a spool."""
        return replace(self, extract=self.extract.within(spool))


class ProbeTaskResult(Struct, frozen=True):
    """What a source's head shows and, where a profile was named beforehand, what reading gave."""

    probe: ProbeResult
    reading: ReadResult | None = None

    def within(self, spool: Spool | None) -> ProbeTaskResult:
        """The same, what was read held by a spool."""
        return self if self.reading is None else replace(self, reading=self.reading.within(spool))


class _SourceTask(Struct, frozen=True):
    """What all tasks with one source have of `logaudit.ingest.executor.Task`."""

    source: Source

    @property
    def name(self) -> str:
        """The source's address."""
        return str(self.source.address)

    @property
    def weight(self) -> int:
        """Bytes to read."""
        return weight_of(self.source)

    @property
    def strand(self) -> str:
        """Members of one compressed tar can only be unpacked one after another."""
        return str(self.source.file) if self.source.container in TARS else ""

    def announce(self) -> None:
        """Tells the system what will be read."""
        prefetch(self.source)


class ProbeTask(_SourceTask, frozen=True):
    """Looks at the head of a source, and reads it at once if a profile is named.

    Attributes:
        scored: the profiles that its lines are held against.
        guess: the profile it likely will be read with, empty for none.
        note, hashed: as for `ReadTask`.
    """

    scored: tuple[str, ...]
    guess: str = ""
    note: bytes | None = None
    hashed: bool = True

    @property
    def weight(self) -> int:
        """As `logaudit.ingest.executor.Task` has it."""
        return weight_of(self.source) if self.guess else _GLANCE

    def run(self, context: ReadContext) -> ProbeTaskResult | Lost:
        """As `logaudit.ingest.executor.Task` has it."""
        return surviving(lambda: self._run(context))

    def _run(self, context: ReadContext) -> ProbeTaskResult | Lost:
        found = probe(self.source, context, self.scored)
        if not self.guess or found.kind not in READ:
            return ProbeTaskResult(found)
        reading = ReadTask(self.source, found.kind, self.guess, self.note, self.hashed).run(context)
        return reading if isinstance(reading, Lost) else ProbeTaskResult(found, reading)


class ReadTask(_SourceTask, frozen=True):
    """Reads a source with a profile.

    Attributes:
        note: how far it was read before, empty for not at all; None when nobody wants to read on later.
        hashed: whether a log's hash is wanted.
    """

    kind: SourceKind
    profile: str
    note: bytes | None = None
    hashed: bool = True

    def run(self, context: ReadContext) -> ReadResult | Lost:
        """As `logaudit.ingest.executor.Task` has it."""
        return surviving(lambda: self._run(context))

    def _run(self, context: ReadContext) -> ReadResult:
        profile = context.profile_for(self.profile, self.source.address)
        log_formats = context.log_formats(self.profile)
        if self.note is not None and self.kind is SourceKind.LOG and may_grow(self.source, context):
            reading = _read_on(self.source, self.note, profile, log_formats, context)
            if reading is not None:
                return reading
        encoding = context.encoding or None
        found = extract(self.source, self.kind, profile, log_formats, encoding, hashed=self.hashed)
        return ReadResult(_held(found, self.source, context))


class ReadRangeTask(Struct, frozen=True):
    """Reads a part of a plain log; the result is empty where the log must be read as one."""

    part: Range
    profile: str

    @property
    def progress(self) -> int:
        """Bytes of the source that are read then."""
        return self.part.stop - self.part.start

    @property
    def name(self) -> str:
        """As `logaudit.ingest.executor.Task` has it."""
        return str(self.part.source.address)

    @property
    def weight(self) -> int:
        """As `logaudit.ingest.executor.Task` has it."""
        return self.part.stop - self.part.start

    @property
    def strand(self) -> str:
        """None: parts of one file are read at once."""
        return ""

    def announce(self) -> None:
        """Nothing: parts follow each other, which the system sees by itself."""

    def run(self, context: ReadContext) -> bytes:
        """As `logaudit.ingest.executor.Task` has it."""
        from logaudit.ingest.vectorized.ranges import read_range  # noqa: PLC0415 - numpy is for large sources only

        try:
            found = read_range(self.part, context.profile(self.profile), context.log_formats(self.profile))
        except Exception:  # noqa: BLE001 - whatever it is, the whole is read as one, which says what is wrong
            return b""
        return b"" if found is None else pack_part(found)


class HashTask(_SourceTask, frozen=True):
    """Hashes the first ``size`` bytes of a plain file; None when it has fewer, an empty text unless ``hashed``."""

    size: int
    hashed: bool = True

    @property
    def progress(self) -> int:
        """Nothing: whoever hashes does not get on with reading."""
        return 0

    @property
    def weight(self) -> int:
        """As `logaudit.ingest.executor.Task` has it."""
        return self.size // 8 if self.hashed else 0

    def announce(self) -> None:
        """Nothing: who reads the parts of the file does so at the same time."""

    def run(self, _context: ReadContext) -> str | None:
        """As `logaudit.ingest.executor.Task` has it."""
        found = hashlib.sha256()
        size = 0
        try:
            if not self.hashed:
                return "" if self.source.file.stat().st_size >= self.size else None
            with self.source.file.open("rb", buffering=0) as handle:
                for block in file_blocks(handle, 0, self.size):
                    found.update(block)
                    size += len(block)
        except OSError:
            return None
        return found.hexdigest() if size == self.size else None


def warm(context: ReadContext, profiles: Iterable[str]) -> None:
    """Loads and makes what reading large logs needs, so that processes forked later find it done."""
    from logaudit.ingest.vectorized import ranges  # noqa: F401, PLC0415 - as above

    for name in profiles:
        profile = context.profile(name)
        insight_of(profile, context.log_formats(name))
        for pattern in profile.patterns:
            pattern.regex  # noqa: B018 - compiled on first use, here once for all workers


def may_grow(source: Source, context: ReadContext) -> bool:
    """Whether a log is of the sort that is read on where it was read to."""
    return source.container is Container.PLAIN and source.size >= FAST_FROM and not context.encoding


def bounded(extract: SourceExtract, source: Source) -> SourceExtract:
    """The extract of ``source``, of a log that tells more than one may only to where it does."""
    if not isinstance(extract, LogExtract):
        return extract
    if len(extract.matches) <= min(source.limits.markets, source.most_matches):
        return extract
    from logaudit.ingest.match_limits import within_limits  # noqa: PLC0415 - few logs are that long

    return within_limits(extract, source)


def _held(read: SourceExtract, source: Source, context: ReadContext) -> HeldExtract:
    extract = bounded(read, source)
    return HeldExtract.of(summary_of(extract), pack(extract), compressed=context.crowded)


def _read_on(
    source: Source, note: bytes, profile: Profile, log_formats: LogFormatSet, context: ReadContext
) -> ReadResult | None:
    """Reads a log from where it was read to, else from its beginning; None where it must be read as one."""
    from logaudit.ingest.vectorized.ranges import begin, resume  # noqa: PLC0415 - numpy is for large sources only

    try:
        found = resume(source, *unpack_note(note), profile, log_formats) if note else None
        if found is None:
            start = begin(source, profile, log_formats)
            found = None if start is None else resume(source, *start, profile, log_formats)
    except (OSError, ValueError):
        return None
    if found is None or better_formats(found[0], source, log_formats, None, profile) is not None:
        return None
    read, done = found
    return ReadResult(
        _held(read, source, context), b"" if done is None else pack_note(done, (read.size, read.sha256))
    )
