"""Shards → the report that one scan over everything would give."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.pipeline import ScanOptions, report_on
from logaudit.audit.shards.container import ShardFile, ShardHeader
from logaudit.audit.shards.held_file import HeldFile
from logaudit.audit.shards.write import reading_key
from logaudit.cache.extracts import CachedItem, held_of, moved
from logaudit.cache.files import FileRecord, admitted_of
from logaudit.core.errors import UserError
from logaudit.core.limits import Limits
from logaudit.core.location import Address
from logaudit.core.report import Report
from logaudit.core.spool import Spool
from logaudit.ingest.cache_protocol import CachedExtract, EmptyCache
from logaudit.ingest.codec import HeldExtract, pack, unpack
from logaudit.ingest.source_extract import SourceExtract, summary_of
from logaudit.sources import Admitted, Discovery, Source
from logaudit.sources.lazy_path import LazyPath
from logaudit.sources.roots import Root, find_roots, labelled_roots
from logaudit.sources.source import FoundFile
from logaudit.sources.urls import is_url, place_of

if TYPE_CHECKING:
    from logaudit.ingest.executor import Progress

_ITEM: Final = msgspec.msgpack.Decoder(CachedItem)


class _Merged(Struct):
    """Everything the shards hold.

    Attributes:
        files: by label, with what each brought; extracts: by address; proofs: SHA-256 of files by label.
        spool: holds the extracts' bytes.
    """

    files: dict[str, tuple[FoundFile, Admitted]]
    extracts: dict[Address, CachedExtract]
    proofs: dict[str, bytes]
    spool: Spool


class _ShardExtracts(EmptyCache):
    """Knows what the shards hold."""

    def __init__(self, merged: _Merged) -> None:
        self._merged = merged

    def cached(self, source: Source) -> CachedExtract | None:
        return self._merged.extracts.get(source.address)

    def file_hashes(self, labels: Sequence[str]) -> dict[str, bytes]:
        return {label: self._merged.proofs[label] for label in labels}


def shard_files(patterns: Sequence[str]) -> tuple[Path, ...]:
    """The shards that paths, folders and patterns name.

    Raises:
        UserError: one of them names nothing.
    """
    found = [root.path for root in find_roots(patterns)]
    return tuple(
        file for path in found for file in (sorted(path.glob("*.arrow")) if path.is_dir() else [path])
    )


def scan_shards(
    shards: Sequence[Path], options: ScanOptions, progress: Callable[[], Progress] | None = None
) -> Report:
    """The report on what the shards hold, before settings sort its findings.

    Raises:
        UserError: a shard is damaged, missing, of another version or read otherwise; or the bytes of a source are
            needed that neither a shard nor this machine has.
    """
    opened = sorted((ShardFile(path) for path in shards), key=lambda s: (s.header.part, str(s.path)))
    _check(opened, reading_key(options))
    roots = _merged_roots(shard.header for shard in opened)
    with TemporaryDirectory(prefix="logaudit-") as folder, Spool() as spool:
        merged = _Merged({}, {}, {}, spool)
        everywhere = Admitted()
        for shard in opened:
            rename = _renaming(shard.header, roots)
            _add(merged, shard, rename, folder, options.limits)
            header = shard.header
            everywhere.problems += [
                replace(p, address=Address(rename(p.address.path), p.address.member)) for p in header.problems
            ]
            everywhere.skipped += [replace(s, path=rename(s.path)) for s in header.skipped]
        names = opened[0].header.roots if len(roots) == 1 else ()
        found = _discovery(merged, everywhere, [r.name for r in names] or [root.name for root in roots])
        memory = _ShardExtracts(merged)
        alone = replace(options, executor="")  # little is read, if anything
        return report_on((), alone, progress and progress(), found, memory)


def _check(shards: Sequence[ShardFile], reading: str) -> None:
    for shard in shards:
        if shard.header.reading != reading:
            raise UserError(
                f"{shard.path} was read by another version or with other settings for reading.",
                "Use one version, and give extract and scan the same --profile, --log-format, --encoding and limits.",
            )
    by_size: dict[int, set[int]] = {}
    for shard in shards:
        by_size.setdefault(shard.header.parts, set()).add(shard.header.part)
    for parts, present in by_size.items():
        missing = [str(number) for number in range(1, parts + 1) if number not in present]
        if missing:
            raise UserError(
                f"Of {parts} shards {len(missing)} are missing: part {', '.join(missing[:8])}.",
                "Wait for the jobs that write them, or run those again.",
            )


def _merged_roots(headers: Iterable[ShardHeader]) -> tuple[Root, ...]:
    """The roots as one scan of all the given paths would have them."""
    given: dict[str, Path] = {}
    folders: set[str] = set()
    for root in (root for header in headers for root in header.roots):
        path = _absolute(root.path)
        real = root.path if is_url(root.path) else os.path.normcase(path)
        given.setdefault(real, path)
        if root.is_folder:
            folders.add(real)
    return labelled_roots(given, folders)


def _absolute(path: str) -> Path:
    return place_of(path) if is_url(path) else Path(os.path.abspath(path))  # noqa: PTH100 - nothing need be there, and links stay


def _renaming(header: ShardHeader, roots: Sequence[Root]) -> Callable[[str], str]:
    """The shard's labels → those of the whole."""
    pairs: list[tuple[str, str]] = []
    for own in header.roots:
        path = _absolute(own.path)
        whole = next(root for root in roots if path.is_relative_to(root.path))
        below = path.relative_to(whole.path).as_posix()
        new = whole.label if below == "." else f"{whole.label}/{below}".strip("/")
        pairs.append((own.label, new))
    pairs.sort(key=lambda pair: -len(pair[0]))

    def rename(label: str) -> str:
        for old, new in pairs:
            if not old or label == old or label.startswith(f"{old}/"):
                return f"{new}/{label[len(old) :].lstrip('/')}".strip("/")
        return label

    return rename


def _add(
    merged: _Merged, shard: ShardFile, rename: Callable[[str], str], folder: str, limits: Limits
) -> None:
    """Takes in what a shard holds; a file that several shards hold must be the same in each."""
    texts: dict[str, int] = {}
    extracts: list[tuple[str, Address, CachedExtract]] = []
    for batch, payload, held in shard.payloads():
        item = _ITEM.decode(payload)
        old = item.address.path
        address = Address(rename(old), item.address.member)
        extracts.append((old, address, _at(item, address).within(merged.spool)))
        if held:
            texts[old] = batch
    origins = {root.label: root.path for root in shard.header.roots}
    fresh: set[str] = set()
    for old, record in shard.header.files.items():
        label = rename(old)
        if label in merged.files:
            if merged.proofs[label] != record.proof:
                raise UserError(f"Two shards hold {label} with different bytes.", "Extract them at one time.")
            continue
        fresh.add(old)
        merged.proofs[label] = record.proof
        supplier = HeldFile(
            label,
            record.state,
            record.proof,
            str(shard.path),
            texts.get(old, -1),
            folder,
            _origin(old, origins),
        )
        merged.files[label] = _placed(old, label, record, LazyPath.of(label, supplier), limits)
    merged.extracts |= {address: known for old, address, known in extracts if old in fresh}


def _origin(label: str, origins: Mapping[str, str]) -> str:
    """Where a file lay, relative to the working directory of the job that read it."""
    for root in sorted(origins, key=len, reverse=True):
        if not root or label == root or label.startswith(f"{root}/"):
            return f"{origins[root]}/{label[len(root) :].lstrip('/')}".rstrip("/")
    return label


def _placed(
    old: str, label: str, record: FileRecord, path: Path, limits: Limits
) -> tuple[FoundFile, Admitted]:
    admitted = admitted_of(record.admitted, path, limits)
    return FoundFile(path, label, record.state, limits), Admitted(
        [replace(s, address=Address(label, s.address.member)) for s in admitted.sources],
        [replace(p, address=Address(label, p.address.member)) for p in admitted.problems],
        [replace(s, path=label + s.path[len(old) :]) for s in admitted.skipped],
        admitted.archives,
    )


def _at(item: CachedItem, address: Address) -> CachedExtract:
    if item.address == address or not item.extract:
        return CachedExtract(moved(item.probe, address), item.profile, held_of(item.summary, item.extract))
    extract: SourceExtract = moved(unpack(item.extract), address)
    held = HeldExtract(summary_of(extract), pack(extract))
    return CachedExtract(moved(item.probe, address), item.profile, held)


def _discovery(merged: _Merged, everywhere: Admitted, roots: Sequence[str]) -> Discovery:
    into = Admitted(
        problems=list(dict.fromkeys(everywhere.problems)), skipped=list(dict.fromkeys(everywhere.skipped))
    )
    files: list[FoundFile] = []
    for label in sorted(merged.files):
        file, admitted = merged.files[label]
        files.append(file)
        into.add(admitted)
    return Discovery(
        tuple(into.sources),
        tuple(sorted(into.problems, key=lambda p: p.order)),
        tuple(sorted(into.skipped, key=lambda skip: (skip.path, str(skip.reason)))),
        into.archives,
        tuple(roots),
        tuple(files),
    )
