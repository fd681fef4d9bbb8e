"""What reading asks of whoever remembers earlier scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from logaudit.ingest.probe import ProbeResult
from logaudit.ingest.source_extract import ExtractSummary
from logaudit.ledger.readers.sqlite import has_side_file
from logaudit.sources import Source


class CachedExtract(Struct, frozen=True):
    """What a source gave.

    Attributes:
        profile: the name of the profile it was read with, empty if it was not read.
        extract: as bytes, empty if it was not read; summary: its summary, None if it was not read.
    """

    probe: ProbeResult
    profile: str = ""
    extract: bytes = b""
    summary: ExtractSummary | None = None


class ExtractCache(Protocol):
    """Remembers what sources gave, by their content."""

    def cached(self, source: Source) -> CachedExtract | None:
        """What the source gave when its content was read before; the extract has the source's own address."""

    def note(self, source: Source, profile: str) -> bytes:
        """How far a growing file was read with a profile, empty when it was not; see `logaudit.ingest.codec`."""

    def keep(self, source: Source, known: CachedExtract, note: bytes, *, fresh: bool) -> None:
        """What the source gave; ``fresh`` unless it was all known before.

        Every source of a scan is kept, in their order.
        """

    def file_hashes(self, labels: Sequence[str]) -> dict[str, bytes]:
        """The SHA-256 of files as they lie on disk, by their labels; empty for one that cannot be read."""


class EmptyCache:
    """An `ExtractCache` that knows nothing and keeps nothing, to derive from."""

    def cached(self, source: Source) -> CachedExtract | None:
        """As `ExtractCache` has it."""
        del source
        return None

    def note(self, source: Source, profile: str) -> bytes:
        """As `ExtractCache` has it."""
        del source, profile
        return b""

    def keep(self, source: Source, known: CachedExtract, note: bytes, *, fresh: bool) -> None:
        """As `ExtractCache` has it."""

    def file_hashes(self, labels: Sequence[str]) -> dict[str, bytes]:
        """As `ExtractCache` has it."""
        return dict.fromkeys(labels, b"")


def cached_extracts(sources: Sequence[Source], memory: ExtractCache | None) -> dict[int, CachedExtract]:
    """What the memory knows of the sources, by their index; nothing without a memory."""
    if memory is None:
        return {}
    # What a write-ahead log adds to a database does not show in the database's own bytes.
    found = ((i, memory.cached(s)) for i, s in enumerate(sources) if not has_side_file(s.file))
    return {index: known for index, known in found if known is not None}
