"""The register of scanned files: SHA-256 of each as it lies on disk, and what archives state of their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from logaudit.core.source_report import ArchiveMember, FileReport
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary
from logaudit.sources import Container, Discovery, Source
from logaudit.sources.file_hash import each_file, file_sha256
from logaudit.sources.source import FoundFile

#: A larger file of which nothing was read is no evidence, and hashing it would cost more than the scan.
_HASHED_UNREAD: Final = 1 << 20


def register(
    found: Discovery,
    extracts: Iterable[ExtractSummary],
    known: Callable[[Sequence[str]], Mapping[str, bytes]] | None = None,
) -> tuple[FileReport, ...]:
    """Every file that was found, by name.

    A plain file's hash is that of the bytes that were read; other files are hashed here, or by ``known``, which gets
    their labels.
    """
    by_file: defaultdict[str, list[ExtractSummary]] = defaultdict(list)
    for extract in extracts:
        by_file[extract.address.path].append(extract)
    sources: defaultdict[str, list[Source]] = defaultdict(list)
    for source in found.sources:
        sources[source.address.path].append(source)
    read = {f.label: _as_read(sources[f.label], by_file[f.label]) for f in found.files}
    asked = [f for f in found.files if read[f.label] is None and not _is_ballast(f, by_file[f.label])]
    digests = _hashes(asked) if known is None else known([f.label for f in asked])
    return tuple(
        FileReport(
            f.label,
            *(read[f.label] or (f.size, digests.get(f.label, b"").hex())),
            tuple(_member(source) for source in sources[f.label] if source.address.member),
        )
        for f in found.files
    )


def _as_read(sources: Sequence[Source], extracts: Sequence[ExtractSummary]) -> tuple[int, str] | None:
    """Size and hash of a plain file that was read to its end; None for any other."""
    if len(sources) != 1 or sources[0].container is not Container.PLAIN:
        return None
    for extract in extracts:
        if extract.sha256 and extract.problem is None:
            return extract.size, extract.sha256
    return None


def _is_ballast(file: FoundFile, extracts: Sequence[ExtractSummary]) -> bool:
    """Whether a file is large and nothing of it was read."""
    unread = all(extract.kind is ExtractKind.OTHER and extract.problem is None for extract in extracts)
    return file.size > _HASHED_UNREAD and bool(extracts) and unread


def _hashes(files: Sequence[FoundFile]) -> dict[str, bytes]:
    return {f.label: digest for f, digest in zip(files, each_file(file_sha256, files), strict=True)}


def _member(source: Source) -> ArchiveMember:
    return ArchiveMember(
        source.address.member,
        source.size if source.size >= 0 else None,
        f"{source.crc:08x}" if source.crc >= 0 else "",
    )
