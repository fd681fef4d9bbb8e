"""What reading asks of whoever remembers earlier scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.probe import ProbeResult
from logaudit.ledger.readers.sqlite import has_side_file
from logaudit.sources import Source

if TYPE_CHECKING:
    from logaudit.core.spool import Spool


class CachedExtract(Struct, frozen=True):
    """What a source gave.

    Attributes:
        profile: the name of the profile it was read with, empty if it was not read.
        held: the extract, None if it was not read.
    """

    probe: ProbeResult
    profile: str = ""
    held: HeldExtract | None = None

    def within(self, spool: Spool | None) -> CachedExtract:
        """The same, the extract held by a spool, if there is one."""
        return self if self.held is None else replace(self, held=self.held.within(spool))


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


def cached_extracts(
    sources: Sequence[Source], memory: ExtractCache | None, spool: Spool | None
) -> dict[int, CachedExtract]:
    """What the memory knows of the sources, by their index, held by the spool; nothing without a memory."""
    if memory is None:
        return {}
    # What a write-ahead log adds to a database does not show in the database's own bytes.
    found = ((i, memory.cached(s)) for i, s in enumerate(sources) if not has_side_file(s.file))
    return {index: known.within(spool) for index, known in found if known is not None}
