"""Large plain logs are read part by part, so that several workers can share one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from logaudit.digest import LogDigest
from logaudit.digest.codec import pack_note, unpack_part
from logaudit.digest.load import load_numpy
from logaudit.digest.parts import Checkpoint, join, joined
from logaudit.intake.kit import Kit
from logaudit.sources import Container, Source

if TYPE_CHECKING:
    from logaudit.digest.ranges import Range

#: Bytes of one part of a large plain file, whatever the number of workers.
PART: Final = 64 << 20


def is_large(source: Source) -> bool:
    """Whether a source is read in parts."""
    return source.container is Container.PLAIN and source.size >= 2 * PART


def ranges_of(source: Source, kit: Kit, profile: str) -> list[Range] | None:
    """The parts of a large log; None where it is read as one."""
    if not is_large(source):
        return None
    load_numpy()
    from logaudit.digest.ranges import cut  # noqa: PLC0415 - numpy is for large sources only

    try:
        return cut(source, kit.dialects(profile), PART)
    except OSError:
        return None


class InParts(Struct, frozen=True):
    """A log that was read in parts.

    Attributes:
        sha256: of the whole, empty where nobody asked for it.
        ranges: where the parts lie.
        parts: their digests as bytes.
    """

    sha256: str
    ranges: Sequence[Range]
    parts: Sequence[bytes]

    @classmethod
    def of(cls, ranges: Sequence[Range], sha256: object, data: Sequence[object]) -> InParts | None:
        """The log, from its hash and its parts' digests; None where one is missing, as it then is read as one."""
        found = [item for item in data if isinstance(item, bytes) and item]
        return cls(sha256, ranges, found) if isinstance(sha256, str) and len(found) == len(ranges) else None

    def joined(self, *, note: bool) -> tuple[LogDigest, bytes]:
        """The log's digest, and how far it was read when the last part began, if a ``note`` of that is wanted.

        There is none where what follows could still change what was read.
        """
        encoding = "utf-8-sig" if self.ranges[0].base else "utf-8"
        *most, last = self.parts
        if not most:
            return join([unpack_part(last)], self.sha256, encoding), b""
        before = joined(map(unpack_part, most), encoding)
        digest = join([before, unpack_part(last)], self.sha256, encoding)
        if not note or any(context.cut_after for context in before.digest.contexts):
            return digest, b""
        done = Checkpoint(before, self.ranges[-1].start, self.ranges[0].base)
        return digest, pack_note(done, (digest.size, digest.sha256))
