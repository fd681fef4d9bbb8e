"""Large plain logs are read part by part, so that several workers can share one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from logaudit.digest import LogDigest
from logaudit.digest.codec import pack_note, unpack_part
from logaudit.digest.parts import Checkpoint, LogPart, join
from logaudit.digest.ranges import Range, cut
from logaudit.intake.kit import Kit
from logaudit.pool import Lost
from logaudit.sources import Container, Source

#: Bytes of one part of a large plain file, whatever the number of workers.
PART: Final = 64 << 20


def is_large(source: Source) -> bool:
    """Whether a source is read in parts."""
    return source.container is Container.PLAIN and source.size >= 2 * PART


def ranges_of(source: Source, kit: Kit, profile: str) -> list[Range] | None:
    """The parts of a large log; None where it is read as one."""
    if not is_large(source):
        return None
    try:
        return cut(source, kit.dialects(profile), PART)
    except OSError:
        return None


def joined(parts: Sequence[Range], data: Sequence[bytes | Lost]) -> tuple[LogDigest, bytes] | None:
    """The digest of a log that was read in parts, from its hash and its parts' digests, and how far it was read."""
    read: list[LogPart] = []
    for item in data[1:]:
        if isinstance(item, Lost) or not item:
            return None
        read.append(unpack_part(item))
    sha256 = data[0]
    if isinstance(sha256, Lost) or not sha256:
        return None
    encoding = "utf-8-sig" if parts[0].base else "utf-8"
    digest = join(read, sha256.decode(), encoding)
    return digest, _note(parts, read, digest)


def _note(parts: Sequence[Range], read: Sequence[LogPart], digest: LogDigest) -> bytes:
    """How far the log was read when the last part began, unless what follows could still change what was read."""
    if len(read) < 2 or any(c.cut_after for part in read[:-1] for c in part.digest.contexts):  # noqa: PLR2004 - a part and the last one
        return b""
    before = join(read[:-1], "", digest.encoding)
    opening = next((part.opening for part in read if part.opening is not None), None)
    part = LogPart(before, sum(part.crlf for part in read[:-1]), opening)
    done = Checkpoint(part, parts[-1].start, parts[0].base)
    return pack_note(done, (digest.size, digest.sha256))
