"""Large plain logs are read part by part, so that several workers can share one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from logaudit.ingest.codec import pack_note, unpack_part
from logaudit.ingest.concat import Checkpoint, join, joined
from logaudit.ingest.format_choice import reads_head
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import LogExtract
from logaudit.sources import Container, Source

if TYPE_CHECKING:
    from logaudit.ingest.vectorized.ranges import Range

#: Bytes of one part of a large plain file, whatever the number of workers.
PART: Final = 64 << 20


def is_large(source: Source) -> bool:
    """Whether a source is read in parts."""
    return source.container is Container.PLAIN and source.size >= 2 * PART


def ranges_of(source: Source, context: ReadContext, profile: str) -> list[Range] | None:
    """The parts of a large log; None where it is read as one."""
    if not is_large(source):
        return None
    from logaudit.ingest.vectorized.ranges import cut  # noqa: PLC0415 - numpy is for large sources only

    log_formats = context.log_formats(profile)
    try:
        whole = not reads_head(source, log_formats, context.profile(profile))
        return None if whole else cut(source, log_formats, PART)
    except OSError:
        return None


class InParts(Struct, frozen=True):
    """A log that was read in parts.

    Attributes:
        sha256: of the whole, empty where nobody asked for it.
        ranges: where the parts lie.
        parts: their extracts as bytes.
    """

    sha256: str
    ranges: Sequence[Range]
    parts: Sequence[bytes]

    @classmethod
    def of(cls, ranges: Sequence[Range], sha256: object, data: Sequence[object]) -> InParts | None:
        """The log, from its hash and its parts' extracts; None where one is missing, as it then is read as one."""
        found = [item for item in data if isinstance(item, bytes) and item]
        return cls(sha256, ranges, found) if isinstance(sha256, str) and len(found) == len(ranges) else None

    def joined(self, *, note: bool) -> tuple[LogExtract, bytes]:
        """The log's extract, and how far it was read when the last part began, if a ``note`` of that is wanted.

        There is none where what follows could still change what was read.
        """
        encoding = "utf-8-sig" if self.ranges[0].base else "utf-8"
        *most, last = self.parts
        if not most:
            return join([unpack_part(last)], self.sha256, encoding), b""
        before = joined(map(unpack_part, most), encoding)
        extract = join([before, unpack_part(last)], self.sha256, encoding)
        if not note or any(context.cut_after for context in before.extract.contexts):
            return extract, b""
        done = Checkpoint(before, self.ranges[-1].start, self.ranges[0].base)
        return extract, pack_note(done, (extract.size, extract.sha256))
