"""The scanned files' content, known without reading where their state vouches for it, else from their bytes."""

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from logaudit.cache.frames import frame
from logaudit.cache.keys import key_of, program
from logaudit.cache.store import CacheEntryKind, Store
from logaudit.core.limits import DEFAULT_LIMITS, Limits, only_changed
from logaudit.core.location import Address
from logaudit.core.source_report import Skipped
from logaudit.sources import Admitted, Container, MemberShare, Problem, ProblemKind, Source
from logaudit.sources.file_hash import each_file, file_sha256
from logaudit.sources.roots import Root
from logaudit.sources.source import FileState, FoundFile

#: A file that changed so shortly before it was looked at may change again without its times showing it, ns.
SETTLED: Final = 2_000_000_000
#: The most bytes of which all are read to recognise a file; of a larger one, half of it from either end.
SKETCHED: Final = 1 << 20

_Source: TypeAlias = tuple[str, str, Container, int, int, int, int, int, MemberShare | None]


class AdmittedRecord(msgspec.Struct, array_like=True, frozen=True):
    """`Admitted`, without the places of its files."""

    sources: list[_Source]
    problems: list[Problem]
    skipped: list[Skipped]
    archives: int


class FileRecord(msgspec.Struct, array_like=True, frozen=True):
    """One file as an earlier scan saw it.

    Attributes:
        sketch: see `Files.sketch`; empty for a file without sources.
        proof: see `Files.proof`; empty when it is not known.
    """

    state: FileState
    admitted: AdmittedRecord
    sketch: bytes = b""
    proof: bytes = b""


_RECORDS: Final = msgspec.msgpack.Decoder(dict[str, FileRecord])


class _File(Struct):
    """One file of this scan."""

    found_file: FoundFile
    admitted: Admitted
    record: FileRecord | None = None
    sketch: bytes = b""
    proof: bytes = b""
    usable: bool = True


class Files:
    """Remembers files by their place, and says what identifies their content wherever they lie.

    A record is only believed where the file's times were clearly older than the scan that made it, and on
    systems where every change moves a time that nobody can set back.
    """

    def __init__(self, store: Store, roots: Sequence[Root], limits: Limits = DEFAULT_LIMITS) -> None:
        """``limits`` are those that the files are read with: which members an archive has depends on them."""
        self._store = store
        places = [(root.real, root.label) for root in roots]
        self._key = key_of("files", program(), places, *only_changed(limits))
        self._began = time.time_ns()
        self._records = self._load()
        self._files: dict[str, _File] = {}

    def cached(self, found: FoundFile) -> Admitted | None:
        """As `logaudit.sources.discover.DiscoveryCache` has it."""
        record = self._records.get(found.label)
        if record is None or record.state != found.state or not self._settled(found.state):
            return None
        admitted = admitted_of(record.admitted, found.path, found.limits)
        self._files[found.label] = _File(found, admitted, record, record.sketch, record.proof)
        return admitted

    def note(self, found: FoundFile, admitted: Admitted) -> None:
        """As `logaudit.sources.discover.DiscoveryCache` has it."""
        self._files[found.label] = _File(found, admitted)

    def recognise(self) -> bool:
        """Sketches the files that are not known; false where one cannot be read."""
        unknown = [file for file in self._files.values() if file.admitted.sources and not file.sketch]
        sketches = each_file(_sketch, [file.found_file for file in unknown])
        for file, sketch in zip(unknown, sketches, strict=True):
            file.sketch = sketch
            file.usable = bool(sketch)
        return all(sketches)

    @property
    def sketches(self) -> dict[str, bytes]:
        """What identifies files well enough to look them up, by their labels."""
        return {label: file.sketch for label, file in self._files.items() if file.admitted.sources}

    @property
    def labels(self) -> list[str]:
        """Files with sources."""
        return [label for label, file in self._files.items() if file.admitted.sources]

    def sketch(self, label: str) -> bytes:
        """A hash of a file's size and of its first and last bytes; empty when it cannot be read."""
        return self._files[label].sketch

    def found_file(self, label: str) -> FoundFile:
        """The file as the walk met it."""
        return self._files[label].found_file

    def proof(self, label: str) -> bytes:
        """What proves a file's content: its SHA-256, or its state where none of it was read; empty if unknown."""
        file = self._files[label]
        if not file.proof and file.found_file.size <= SKETCHED:
            file.proof = file.sketch
        return file.proof

    def prove(self, label: str, proof: bytes) -> None:
        """Notes what proves a file's content as it was read."""
        self._files[label].proof = proof

    def has(self, proofs: dict[str, bytes]) -> bool:
        """Whether each file's content is what a proof says; hashes those that nothing vouches for."""
        asked: list[_File] = []
        for label, proof in proofs.items():
            known = self.proof(label)
            if known == proof:
                continue
            file = self._files[label]
            if known or not proof:
                return False
            if proof == state_proof(file.found_file.state):
                if not self._settled(file.found_file.state):
                    return False
                file.proof = proof
                continue
            asked.append(file)
        for file, found in zip(
            asked, each_file(file_sha256, [file.found_file for file in asked]), strict=True
        ):
            file.proof = found
        return all(file.proof == proofs[file.found_file.label] for file in asked)

    def hash_all(self, labels: Iterable[str]) -> None:
        """Proves files by their bytes as they are now."""
        files = [self._files[label] for label in labels]
        for file, found in zip(
            files, each_file(file_sha256, [file.found_file for file in files]), strict=True
        ):
            file.proof = found

    def sha256(self, labels: Iterable[str]) -> dict[str, bytes]:
        """The hash of each file's bytes, from the disk where it is not known; empty when it cannot be read."""
        wanted = list(labels)
        self.hash_all(
            label
            for label in wanted
            if self.proof(label) in (b"", state_proof(self._files[label].found_file.state))
        )
        return {label: self._files[label].proof for label in wanted}

    def quiet(self, label: str) -> bool:
        """Whether a file has not changed since the walk met it, and would show it if it had."""
        found = self._files[label].found_file
        return self._settled(found.state) and _state(found.path) == found.state

    def settled(self, label: str) -> bool:
        """Whether a file's times would show if it changed after the walk met it."""
        return self._settled(self._files[label].found_file.state)

    def save(self) -> None:
        """Writes what is known of the files now, if that is more than before."""
        records = {label: record for label, file in self._files.items() if (record := self._record(file))}
        if records == self._records or not records:
            return
        data = msgspec.msgpack.encode(records)
        self._store.put(CacheEntryKind.FILES, self._key, frame(self._key, data))

    def _load(self) -> dict[str, FileRecord]:
        payloads = self._store.get(CacheEntryKind.FILES, self._key)
        if payloads is None:
            return {}
        try:
            return _RECORDS.decode(payloads[0])
        except msgspec.DecodeError:
            return {}

    def _settled(self, state: FileState) -> bool:
        # On Windows no time tells of a change after which the time of writing was set back.
        return os.name == "posix" and max(state.mtime, state.ctime) + SETTLED <= self._began

    def _record(self, file: _File) -> FileRecord | None:
        if file.record is not None and (file.sketch, file.proof) == (file.record.sketch, file.record.proof):
            return file.record
        if not file.usable or not self.quiet(file.found_file.label):
            return None
        if any(problem.kind is ProblemKind.UNREADABLE for problem in file.admitted.problems):
            return None
        return FileRecord(file.found_file.state, admitted_record(file.admitted), file.sketch, file.proof)


def state_proof(state: FileState) -> bytes:
    """What stands for the content of a large file of which only the beginning was looked at."""
    return hashlib.sha256(b"state" + msgspec.msgpack.encode(state)).digest()


def _sketch(path: Path) -> bytes:
    """For a file of at most `SKETCHED` bytes, the hash of all of them."""
    try:
        with path.open("rb", buffering=0) as handle:
            size = os.fstat(handle.fileno()).st_size
            if size <= SKETCHED:
                return hashlib.file_digest(handle, "sha256").digest()
            found = hashlib.sha256(handle.read(SKETCHED // 2))
            handle.seek(size - SKETCHED // 2)
            found.update(handle.read(SKETCHED // 2))
            found.update(str(size).encode())
            return found.digest()
    except OSError:
        return b""


def _state(path: Path) -> FileState | None:
    try:
        return FileState.of(path.stat())
    except OSError:
        return None


def admitted_record(admitted: Admitted) -> AdmittedRecord:
    """What a file brought, as kept."""
    sources = [
        (s.address.path, s.address.member, s.container, s.size, s.packed, s.offset, s.method, s.crc, s.share)
        for s in admitted.sources
    ]
    return AdmittedRecord(sources, admitted.problems, admitted.skipped, admitted.archives)


def admitted_of(wire: AdmittedRecord, path: Path, limits: Limits) -> Admitted:
    """What a file brought, to be opened at ``path`` and read within ``limits``."""
    sources = [
        Source(Address(place, member), path, container, size, packed, offset, method, crc, limits, share)
        for place, member, container, size, packed, offset, method, crc, share in wire.sources
    ]
    return Admitted(sources, list(wire.problems), list(wire.skipped), wire.archives)
