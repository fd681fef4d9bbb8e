"""What sources gave, kept by their content: an entry for each scanned file, a row for each source in it."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.cache.files import SKETCHED, Files, state_proof
from logaudit.cache.frames import frame
from logaudit.cache.keys import extracts_key, key_of
from logaudit.cache.store import CacheEntryKind, Store
from logaudit.core.location import Address, Location
from logaudit.core.secrets import says_secret
from logaudit.ingest.cache_protocol import CachedExtract
from logaudit.ingest.chunked_files import PART, is_large
from logaudit.ingest.codec import HeldExtract, pack, unpack
from logaudit.ingest.probe import ProbeResult
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary
from logaudit.sources import Container, Problem, ProblemKind, Source


class CachedItem(msgspec.Struct, array_like=True, frozen=True):
    """One source's part of an entry; ``proof`` is that of the file."""

    proof: bytes
    address: Address
    probe: ProbeResult
    profile: str
    extract: bytes
    summary: ExtractSummary | None


class _Note(msgspec.Struct, array_like=True, frozen=True):
    """How far a growing file was read; ``size`` is what it had then, in bytes."""

    size: int
    note: bytes


_ITEM: Final = msgspec.msgpack.Decoder(CachedItem)
_NOTE: Final = msgspec.msgpack.Decoder(_Note)
_ENCODER: Final = msgspec.msgpack.Encoder()


class _Kept(Struct):
    """What the sources of one file gave.

    Attributes:
        fresh: whether any of it was not known before.
        sound: whether none of it may be better at the next try.
        hashed: the hash of the file's bytes as they were read, where its only source is the file itself.
        unread: whether nothing but the beginning was looked at.
        secret: whether it holds a credential or the mark of one: nothing of it is kept.
    """

    rows: list[tuple[Source, CachedExtract]] = field(default_factory=list)
    fresh: bool = False
    sound: bool = True
    hashed: bytes = b""
    unread: bool = True
    secret: bool = False


class CachedExtracts:
    """As `logaudit.ingest.Memory` has it.

    Attributes:
        complete: after `save`, whether all that was read is known to be what the files hold.
    """

    def __init__(self, store: Store, files: Files, reading: str) -> None:
        """``reading`` is the key of how sources are read."""
        self._store = store
        self._files = files
        self._reading = reading
        self._kept: dict[str, _Kept] = {}
        self._notes: list[tuple[str, _Note]] = []
        self._entry: tuple[str, dict[str, CachedItem]] = "", {}
        self.complete = False

    def cached(self, source: Source) -> CachedExtract | None:
        """As `logaudit.ingest.Memory` has it."""
        label = source.address.path
        if self._entry[0] != label:
            self._entry = label, self._load(label)
        item = self._entry[1].get(source.address.member)
        if item is None:
            return None
        if item.address == source.address:
            return CachedExtract(item.probe, item.profile, held_of(item.summary, item.extract))
        try:
            extract = pack(moved(unpack(item.extract), source.address)) if item.extract else b""
        except ValueError:
            return None
        probe, summary = (moved(value, source.address) for value in (item.probe, item.summary))
        return CachedExtract(probe, item.profile, held_of(summary, extract))

    def note(self, source: Source, profile: str) -> bytes:
        """As `logaudit.ingest.Memory` has it."""
        payloads = self._store.get(CacheEntryKind.CHECKPOINT, self._note_key(source, profile))
        if payloads is None:
            return b""
        try:
            found = _NOTE.decode(payloads[0])
        except msgspec.DecodeError:
            return b""
        # What has shrunk was begun anew; what has grown by much is read faster in parts.
        return found.note if 0 <= source.size - found.size < 2 * PART else b""

    def keep(self, source: Source, known: CachedExtract, note: bytes, *, fresh: bool) -> None:
        """As `logaudit.ingest.Memory` has it."""
        kept = self._kept.setdefault(source.address.path, _Kept())
        kept.rows.append((source, known))
        kept.fresh |= fresh
        if fresh and (
            says_secret(packed_of(known)) or says_secret(note) or says_secret(_ENCODER.encode(known.probe))
        ):
            kept.secret, note = True, b""
        summary = None if known.held is None else known.held.summary
        problem = None if summary is None else summary.problem
        kept.sound &= not any(map(_passing, (problem, known.probe.problem)))
        if summary is None or summary.kind is ExtractKind.OTHER:
            return
        kept.unread = False
        if source.container is Container.PLAIN and summary.problem is None:
            kept.hashed = bytes.fromhex(summary.sha256)
            # A large log's parts are read at one time and hashed at another.
            if note and (not is_large(source) or self._files.quiet(source.address.path)):
                key = self._note_key(source, known.profile)
                self._notes.append((key, _Note(summary.size, note)))

    def file_hashes(self, labels: Sequence[str]) -> dict[str, bytes]:
        """As `logaudit.ingest.Memory` has it."""
        return self._files.sha256(labels)

    def save(self) -> None:
        """Writes what is new."""
        proven = self._prove()
        self.complete = len(proven) == len(self._kept)
        if not self._store.ready():
            return
        for label in proven:
            kept = self._kept[label]
            if (
                kept.fresh
                and not kept.secret
                and not (kept.unread and self._files.found_file(label).size > SKETCHED)
            ):
                self._put(label, kept)
        for key, note in self._notes:
            self._write(CacheEntryKind.CHECKPOINT, key, [note])
        self._kept.clear()

    def _prove(self) -> list[str]:
        """The files of which it is certain that what was read is what they hold."""
        found = [label for label, kept in self._kept.items() if kept.sound and self._files.sketch(label)]
        asked: list[str] = []
        proven: list[str] = []
        for label in found:
            kept = self._kept[label]
            if (not kept.fresh and self._files.proof(label)) or kept.hashed == self._files.sketch(label):
                proven.append(label)
            elif not self._files.quiet(label):
                continue
            elif kept.hashed:
                self._files.prove(label, kept.hashed)
                proven.append(label)
            elif self._files.proof(label):
                proven.append(label)
            elif kept.unread:
                self._files.prove(label, state_proof(self._files.found_file(label).state))
                proven.append(label)
            else:
                asked.append(label)
        self._files.hash_all(asked)
        return proven + [label for label in asked if self._files.proof(label) and self._files.quiet(label)]

    def _load(self, label: str) -> dict[str, CachedItem]:
        """The entry of a file, by member."""
        sketch = self._files.sketch(label)
        key = self._key(label)
        payloads = self._store.get(CacheEntryKind.EXTRACT, key) if sketch else None
        if payloads is None:
            return {}
        try:
            items = [_ITEM.decode(payload) for payload in payloads]
        except msgspec.DecodeError:
            self._store.drop(CacheEntryKind.EXTRACT, key)
            return {}
        if any(item.proof != items[0].proof for item in items) or not self._files.has(
            {label: items[0].proof}
        ):
            return {}
        return {item.address.member: item for item in items}

    def _put(self, label: str, kept: _Kept) -> None:
        """Writes the entry of a file; its extracts, which may be large, are let go of."""
        proof = self._files.proof(label)
        items: list[Struct] = []
        kept.rows.reverse()
        while kept.rows:
            source, known = kept.rows.pop()
            items.append(item_of(proof, source, known))
        self._write(CacheEntryKind.EXTRACT, self._key(label), items)

    def _write(self, kind: CacheEntryKind, key: str, items: list[Struct]) -> None:
        """Writes an entry of so many frames; the items are let go of as they are packed."""
        data = bytearray()
        items.reverse()
        try:
            while items:
                packed = frame(key, items.pop())
                if data:
                    data += packed
                else:
                    data = packed
        except (TypeError, ValueError):  # a text that is no Unicode
            return
        self._store.put(kind, key, data)

    def _key(self, label: str) -> str:
        return extracts_key(self._reading, label, self._files.sketch(label))

    def _note_key(self, source: Source, profile: str) -> str:
        place = str(self._files.found_file(source.address.path).path)
        return key_of("checkpoint", self._reading, profile, place)


def held_of(summary: ExtractSummary | None, packed: bytes) -> HeldExtract | None:
    """What an item holds of an extract."""
    return None if summary is None else HeldExtract(summary, packed)


def packed_of(known: CachedExtract) -> bytes:
    """The extract as bytes, empty if it was not read."""
    return b"" if known.held is None else known.held.packed


def item_of(proof: bytes, source: Source, known: CachedExtract) -> CachedItem:
    """A source's part of an entry; ``proof`` is that of its file."""
    summary = None if known.held is None else known.held.summary
    return CachedItem(proof, source.address, known.probe, known.profile, packed_of(known), summary)


def _passing(problem: Problem | None) -> bool:
    """Whether a problem may be gone at the next try."""
    return problem is not None and problem.kind is ProblemKind.UNREADABLE


def moved(value: Any, address: Address) -> Any:  # noqa: ANN401 - the type of what goes in
    """What was read at another place, as read here."""
    if isinstance(value, Location):
        return replace(value, path=address.path, member=address.member)
    if isinstance(value, Address):
        return address
    if isinstance(value, tuple) and not hasattr(value, "_fields"):  # a neighbour names no place
        return tuple(moved(item, address) for item in value)
    if not isinstance(value, Struct):
        return value
    pairs = [(name, getattr(value, name)) for name in value.__struct_fields__]
    changed = {name: new for name, old in pairs if (new := moved(old, address)) is not old}
    return replace(value, **changed)
