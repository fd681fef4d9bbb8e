"""Extracts as bytes: for other processes, for the cache, and until their session's turn."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from sys import intern
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import msgspec
from msgspec.structs import replace

from logaudit.ingest.concat import Checkpoint, LogPart
from logaudit.ingest.source_extract import (
    PLAIN_NEIGHBOURS,
    Excerpt,
    ExtractSummary,
    HealthExtract,
    LedgerExtract,
    LogContext,
    LogExtract,
    NearbyRecord,
    OtherExtract,
    SourceExtract,
    summary_of,
)

if TYPE_CHECKING:
    from logaudit.core.spool import Spool, Spooled
    from logaudit.ingest.packed_neighbours import Sayings

#: As `NearbyRecord` makes one of six values, without a function in between.
_neighbour: Final[Callable[[tuple[Any, ...]], NearbyRecord]] = partial(tuple.__new__, NearbyRecord)
#: What a neighbour shares with many others: emitter, level, template.
_Said: TypeAlias = tuple[str, str, str]
#: How a list begins whose length follows in four bytes (MessagePack).
_LIST: Final = b"\xdd"
_DONE: Final = msgspec.Raw()
#: Bytes of an extract beyond which it is compressed while it waits.
_LARGE: Final = 4 << 20
#: How many different sayings are remembered.
_REMEMBERED: Final = 1 << 16


class _Around(msgspec.Struct, array_like=True, frozen=True):
    """A context; each neighbour is four numbers in a list: which of the shared sayings, delta, line, byte."""

    record: int
    before: msgspec.Raw
    after: msgspec.Raw
    cut_before: bool
    cut_after: bool


class _Log(msgspec.Struct, array_like=True, frozen=True, tag="log"):
    """A log; ``matches``: those of a log that has very many, in parts, which then are not in the extract."""

    extract: LogExtract
    said: list[msgspec.Raw]
    contexts: list[_Around]
    matches: list[msgspec.Raw] = []


class _Ledger(msgspec.Struct, array_like=True, frozen=True, tag="ledger"):
    extract: LedgerExtract


class _Health(msgspec.Struct, array_like=True, frozen=True, tag="health"):
    extract: HealthExtract


class _Other(msgspec.Struct, array_like=True, frozen=True, tag="other"):
    extract: OtherExtract


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(_Log | _Ledger | _Health | _Other)
_SAID_DECODER: Final = msgspec.msgpack.Decoder(_Said)
_NUMBERS_DECODER: Final = msgspec.msgpack.Decoder(list[int])


class _Sayings(dict[bytes, _Said]):
    """Sayings by their bytes: most of them stand in most sources, and there are hundreds of sources."""

    def __missing__(self, data: bytes) -> _Said:
        if len(self) >= _REMEMBERED:
            self.clear()
        emitter, level, template = _SAID_DECODER.decode(data)
        # Many share an emitter or a template, and are compared by them.
        said = self[data] = intern(emitter), intern(level), intern(template)
        return said


_sayings: Final = _Sayings()


def pack(extract: SourceExtract) -> bytes:
    """The extract as bytes."""
    match extract:
        case LogExtract():
            return _encoded(_wire(extract))
        case LedgerExtract():
            return _ENCODER.encode(_Ledger(extract))
        case HealthExtract():
            return _ENCODER.encode(_Health(extract))
        case OtherExtract():
            return _ENCODER.encode(_Other(extract))


def unpack(data: bytes | memoryview) -> SourceExtract:
    """The extract that `pack` made ``data`` of.

    Raises:
        ValueError: the bytes are damaged.
    """
    found = _DECODER.decode(data)
    return _log(found) if isinstance(found, _Log) else found.extract


class HeldExtract(msgspec.Struct, frozen=True):
    """An extract as bytes, perhaps compressed, here or in a spool; or as it is where it was never packed."""

    summary: ExtractSummary
    data: "bytes | Spooled | SourceExtract"
    compressed: bool = False

    @classmethod
    def of(cls, summary: ExtractSummary, packed: bytes, *, compressed: bool) -> Self:
        """As `pack` made it; ``compressed`` where many wait beside it. One that is large always is."""
        compressed = compressed or len(packed) > _LARGE
        return cls(summary, zlib.compress(packed, 1) if compressed else packed, compressed)

    @classmethod
    def unpacked(cls, extract: SourceExtract) -> Self:
        """An extract as it is."""
        return cls(summary_of(extract), extract)

    def within(self, spool: "Spool | None") -> Self:
        """The same, its bytes held by a spool, if there is one."""
        return replace(self, data=spool.put(self.data)) if spool and isinstance(self.data, bytes) else self

    @property
    def waits(self) -> int:
        """Bytes that it takes while it waits; 0 where it was never packed."""
        return 0 if isinstance(self.data, SourceExtract) else len(self.data)

    @property
    def packed(self) -> bytes:
        """The extract as `logaudit.ingest.codec.pack` makes it; empty where it was never packed."""
        if isinstance(self.data, SourceExtract):
            return b""
        data = bytes(self.data)
        return zlib.decompress(data) if self.compressed else data

    def opened(self) -> SourceExtract:
        """The extract."""
        extract = self.data if isinstance(self.data, SourceExtract) else unpack(self.packed)
        if isinstance(extract, OtherExtract) or extract.sha256 == self.summary.sha256:
            return extract
        return replace(extract, sha256=self.summary.sha256)


class _Part(msgspec.Struct, array_like=True, frozen=True):
    log: _Log
    crlf: int
    opening: Excerpt | None


_PART_DECODER: Final = msgspec.msgpack.Decoder(_Part)


def pack_part(part: LogPart) -> bytes:
    """The part as bytes."""
    return _ENCODER.encode(_Part(_wire(part.extract), part.crlf, part.opening))


def unpack_part(data: bytes | memoryview) -> LogPart:
    """The part that `pack_part` made ``data`` of.

    Raises:
        ValueError: the bytes are damaged.
    """
    found = _PART_DECODER.decode(data)
    return LogPart(_log(found.log), found.crlf, found.opening)


class _Note(msgspec.Struct, array_like=True, frozen=True):
    part: _Part
    stop: int
    base: int
    size: int
    sha256: str


_NOTE_DECODER: Final = msgspec.msgpack.Decoder(_Note)


def pack_note(done: Checkpoint, known: tuple[int, str]) -> bytes:
    """How far a file was read, and how many bytes with which hash it had, as bytes."""
    part = _Part(_wire(done.part.extract), done.part.crlf, done.part.opening)
    return _ENCODER.encode(_Note(part, done.stop, done.base, *known))


def unpack_note(data: bytes | memoryview) -> tuple[Checkpoint, tuple[int, str]]:
    """What `pack_note` made ``data`` of.

    Raises:
        ValueError: the bytes are damaged.
    """
    found = _NOTE_DECODER.decode(data)
    part = LogPart(_log(found.part.log), found.part.crlf, found.part.opening)
    return Checkpoint(part, found.stop, found.base), (found.size, found.sha256)


def _encoded(wire: _Log) -> bytes:
    """It as bytes; many matches, which come last, are joined without another copy of them beside."""
    if not wire.matches:
        return _ENCODER.encode(wire)
    parts = wire.matches
    joined = bytearray(_ENCODER.encode(replace(wire, matches=[]))[:-1])
    joined += _LIST + len(parts).to_bytes(4, "big")
    for place, part in enumerate(parts):
        joined += memoryview(part)
        parts[place] = _DONE
    return bytes(joined)


def _wire(extract: LogExtract) -> _Log:
    said: dict[_Said, int] = {}
    contexts = [_log_context(context, said) for context in extract.contexts]
    matches: list[msgspec.Raw] = []
    if not isinstance(extract.matches, tuple):
        from logaudit.ingest.packed_matches import PackedMatches  # noqa: PLC0415 - few logs have so many

        parts = (
            extract.matches if isinstance(extract.matches, PackedMatches) else PackedMatches(extract.matches)
        )
        matches, extract = list(map(msgspec.Raw, parts.parts())), replace(extract, matches=())
    return _Log(
        replace(extract, contexts=()),
        [msgspec.Raw(_ENCODER.encode(item)) for item in said],
        contexts,
        matches,
    )


def _log(wire: _Log) -> LogExtract:
    extract = wire.extract
    if wire.matches:
        from logaudit.ingest.packed_matches import PackedMatches  # noqa: PLC0415 - few logs have so many

        extract = replace(extract, matches=PackedMatches.of(map(memoryview, wire.matches)))
    if not wire.contexts:
        return extract
    try:
        said = map(_sayings.__getitem__, map(bytes, wire.said))
        sayings: list[tuple[str, ...]] = list(zip(*said, strict=True)) or [()] * 3
        contexts = tuple(_contexts(wire.contexts, sayings))
    except (IndexError, TypeError) as error:
        raise ValueError("a context is damaged") from error
    return replace(extract, contexts=contexts)


def _log_context(context: LogContext, said: dict[_Said, int]) -> _Around:
    return _Around(
        context.record,
        _numbers(context.before, said),
        _numbers(context.after, said),
        context.cut_before,
        context.cut_after,
    )


def _numbers(neighbours: Sequence[NearbyRecord], said: dict[_Said, int]) -> msgspec.Raw:
    found: list[int] = []
    for emitter, level, template, delta, line, byte in neighbours:
        found += (said.setdefault((emitter, level, template), len(said)), delta, line, byte)
    return msgspec.Raw(_ENCODER.encode(found))


def _contexts(wire: list[_Around], sayings: list[tuple[str, ...]]) -> Iterator[LogContext]:
    """Each as it is; those behind the first so many records packed, when they are whole."""
    neighbours = 0
    known: Sayings | None = None
    for around in wire:
        whole = _context(around, sayings)
        neighbours += len(whole.before) + len(whole.after)
        if neighbours <= PLAIN_NEIGHBOURS:
            yield whole
            continue
        from logaudit.ingest import packed_neighbours  # noqa: PLC0415 - few logs have so many

        known = known or packed_neighbours.Sayings(sayings)
        before, after = (
            packed_neighbours.PackedNeighbours(known, bytes(numbers), len(side))
            for numbers, side in ((around.before, whole.before), (around.after, whole.after))
        )
        yield replace(whole, before=before, after=after)


def _context(around: _Around, sayings: list[tuple[str, ...]]) -> LogContext:
    return LogContext(
        around.record,
        _neighbours(around.before, sayings),
        _neighbours(around.after, sayings),
        around.cut_before,
        around.cut_after,
    )


def _neighbours(raw: msgspec.Raw, sayings: list[tuple[str, ...]]) -> tuple[NearbyRecord, ...]:
    """Neighbours of their numbers and the emitters, levels and templates; there are many, so it is done in columns."""
    numbers = _NUMBERS_DECODER.decode(raw)
    which = numbers[0::4]
    if min(which, default=0) < 0:
        raise IndexError
    said = [map(column.__getitem__, which) for column in sayings]
    return tuple(map(_neighbour, zip(*said, numbers[1::4], numbers[2::4], numbers[3::4], strict=True)))
