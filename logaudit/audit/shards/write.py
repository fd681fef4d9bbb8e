"""Writes a shard: discovers, takes one part of the files, extracts them, keeps what merging may need."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from logaudit import __version__
from logaudit.audit.bundle.schema import profile_text
from logaudit.audit.engine import workers
from logaudit.audit.file_register import register
from logaudit.audit.pipeline import ScanOptions
from logaudit.audit.shards.container import VERSION, ShardHeader, ShardRoot, ShardRow, write
from logaudit.cache.extracts import item_of
from logaudit.cache.files import FileRecord, admitted_record
from logaudit.cache.keys import key_of
from logaudit.core.limits import only_changed
from logaudit.core.location import SourceKind
from logaudit.core.spool import Spool
from logaudit.core.text import as_text
from logaudit.ingest.cache_protocol import CachedExtract, EmptyCache
from logaudit.ingest.codec import HeldExtract, pack
from logaudit.ingest.executor import Progress
from logaudit.ingest.probe import ProbeResult
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.scheduler import ingest_sources
from logaudit.ingest.session_roots import IngestResult
from logaudit.ingest.tasks import READ
from logaudit.profiles import BUILT_IN, load_built_in, resolve
from logaudit.sources import Admitted, Discovery, Source
from logaudit.sources.folder_walk import walk
from logaudit.sources.lazy_path import fetch_together
from logaudit.sources.open_file import examine
from logaudit.sources.roots import Root, find_roots
from logaudit.sources.source import FoundFile

#: Of a larger file no bytes are held: merging reads it where it lies, or says that it cannot.
_LARGEST_TEXT: Final = 256 << 20


class ShardPart(Struct, frozen=True):
    """Which part of the files, counted from 1, of how many.

    A file belongs to the part that its name says, whatever other files there are: jobs agree though the folder grows.
    """

    number: int = 1
    of: int = 1

    def holds(self, label: str) -> bool:
        """Whether a file belongs to it."""
        name = hashlib.sha256(label.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(name[:8]) % self.of == self.number - 1


class _Collector(EmptyCache):
    """Keeps what every source gave, in their order."""

    def __init__(self) -> None:
        self.rows: list[tuple[Source, CachedExtract]] = []

    def keep(self, source: Source, known: CachedExtract, note: bytes, *, fresh: bool) -> None:
        del note, fresh
        self.rows.append((source, known))

    def add_given_up(self, sources: Sequence[Source], ingested: IngestResult) -> None:
        """Takes in sources that no process survived reading: a scan that merges has no other to read them with."""
        rows = {source.address: (source, known) for source, known in self.rows}
        held = {extract.summary.address: extract for some in ingested.extracts.values() for extract in some}
        for source in sources:
            if source.address not in rows:
                given_up = held[source.address]
                packed = HeldExtract(given_up.summary, pack(given_up.opened()))
                known = CachedExtract(ProbeResult(SourceKind.OTHER), "", packed)
                rows[source.address] = source, known
        self.rows = [rows[source.address] for source in sources]


def write_shard(
    paths: Sequence[str], options: ScanOptions, target: Path, part: ShardPart, progress: Progress
) -> int:
    """Extracts one part of what lies under ``paths`` into ``target``; the number of files in it.

    Raises:
        UserError: a path does not exist, or the profile is broken.
        OSError: the shard cannot be written.
    """
    roots = find_roots(paths)
    tree = walk(roots, follow=options.follow_links, limits=options.limits)
    held = [file for file in tree.files if part.holds(file.label)]
    fetch_together(file.path for file in held)
    admitted = {file.label: (file, examine(file)) for file in held}
    into = Admitted()
    for _, brought in admitted.values():
        into.add(brought)
    found = Discovery(
        tuple(into.sources), (), (), into.archives, (), tuple(file for file, _ in admitted.values())
    )
    named = resolve(options.profile) if options.profile else None
    profiles = (named,) if named else tuple(load_built_in(name) for name in BUILT_IN)
    context = ReadContext(profiles, options.formats, options.encoding, True, options.ledgers, True)  # noqa: FBT003 - sums, portable
    kept = _Collector()
    with Spool() as spool:
        with workers(context, options.executor, options.jobs) as pool:
            ingested = ingest_sources(
                found.sources, pool, progress, spool, named=named is not None, memory=kept
            )
        hashes = {report.path: bytes.fromhex(report.sha256) for report in register(found, ingested.summaries)}
        header = ShardHeader(
            __version__,
            reading_key(options),
            part.number,
            part.of,
            tuple(map(_shard_root, roots)),
            {
                label: FileRecord(file.state, admitted_record(brought), b"", hashes[label])
                for label, (file, brought) in admitted.items()
            },
            tuple(tree.problems),
            tuple(tree.skipped),
        )
        files = {label: file for label, (file, _) in admitted.items()}
        unsettled = _unsettled(ingested, kept)
        kept.add_given_up(found.sources, ingested)
        write(target, header, _batches(kept, files, hashes, unsettled))
    return len(admitted)


def reading_key(options: ScanOptions) -> str:
    """What shapes extracts beside the bytes: shards of one key may be merged, on any machine."""
    return key_of(
        VERSION,
        __version__,
        profile_text(options.profile),
        list(options.formats),
        list(options.ledgers),
        options.encoding,
        *only_changed(options.limits),
    )


def _shard_root(root: Root) -> ShardRoot:
    if root.is_remote:
        return ShardRoot(root.real, root.name, root.label, root.is_folder)
    try:
        place = os.path.relpath(root.path)
    except ValueError:  # another drive
        place = str(root.path)
    return ShardRoot(as_text(Path(place).as_posix()), root.name, root.label, root.is_folder)


def _unsettled(ingested: IngestResult, kept: _Collector) -> set[str]:
    """Files that merging may have to read again: those of sessions that no marker of their profile settles."""
    settled = {session.root for session in ingested.sessions if session.profile.markers}
    roots = {extract.summary.address: root for root, some in ingested.extracts.items() for extract in some}
    marked: set[str] = set()
    for source, known in kept.rows:
        hits = known.probe.hits.get(known.profile)
        if hits is not None and any(text is not None for text in hits.markers):
            marked.add(roots[source.address])
    return {
        source.address.path
        for source, known in kept.rows
        if known.probe.kind in READ and roots[source.address] not in settled & marked
    }


def _batches(
    kept: _Collector, files: dict[str, FoundFile], hashes: dict[str, bytes], unsettled: set[str]
) -> Iterator[list[ShardRow]]:
    for label, group in groupby(kept.rows, key=lambda row: row[0].address.path):
        rows: list[ShardRow] = []
        text = _text(files[label]) if label in unsettled else None
        for source, known in group:
            kind, size, digest = known.probe.kind.value, source.size, ""
            if known.held is not None:
                size, digest = known.held.summary.size, known.held.summary.sha256
            payload = msgspec.msgpack.encode(item_of(hashes[label], source, known))
            rows.append(
                ShardRow(label, source.address.member, kind, known.profile, size, digest, payload, text)
            )
            text = None
        yield rows


def _text(file: FoundFile) -> bytes | None:
    if file.size > _LARGEST_TEXT:
        return None
    try:
        return file.path.read_bytes()
    except OSError:
        return None
