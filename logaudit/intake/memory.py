"""What intake asks of whoever remembers earlier scans."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from logaudit.digest import Digest
from logaudit.intake.survey import Survey
from logaudit.sources import Source


class Known(Struct, frozen=True):
    """What a source gave.

    Attributes:
        profile: the name of the profile it was read with, empty if it was not read.
        digest: as bytes, empty if it was not read.
    """

    survey: Survey
    profile: str = ""
    digest: bytes = b""


class Memory(Protocol):
    """Remembers what sources gave, by their content."""

    def known(self, source: Source) -> Known | None:
        """What the source gave when its content was read before; the digest has the source's own address."""

    def note(self, source: Source, profile: str) -> bytes:
        """How far a growing file was read with a profile, empty when it was not; see `logaudit.digest.codec`."""

    def keep(self, source: Source, known: Known, digest: Digest, note: bytes, *, fresh: bool) -> None:
        """What the source gave, unpacked too; ``fresh`` unless it was all known before.

        Every source of a scan is kept, in their order.
        """
