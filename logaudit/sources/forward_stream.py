"""Random access to what can only be unpacked forwards: a compressed tar, read member after member."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from logaudit.sources.decompress import BLOCK, Codec, inflate
from logaudit.sources.source import Container, Damage

CODECS: Final = {
    Container.PLAIN: Codec.STORED,
    Container.TAR: Codec.STORED,
    Container.GZ: Codec.GZIP,
    Container.TAR_GZ: Codec.GZIP,
    Container.BZ2: Codec.BZIP2,
    Container.TAR_BZ2: Codec.BZIP2,
    Container.XZ: Codec.XZ,
    Container.TAR_XZ: Codec.XZ,
    Container.LZMA: Codec.LZMA,
    Container.TAR_LZMA: Codec.LZMA,
}


class ForwardOnlyStream:
    """The unpacked bytes of one stream, readable at growing offsets only."""

    __slots__ = ("_broken", "_rest", "_stream", "at")

    def __init__(self, stream: Iterator[bytes]) -> None:
        self._stream = stream
        self._rest = b""
        self._broken: Damage | None = None
        self.at = 0

    def read(self, offset: int, count: int) -> bytes:
        """Up to ``count`` bytes at ``offset``, fewer where the stream ends or breaks.

        Raises:
            Damage: the stream breaks before the first of them.
            OSError: the file cannot be read.
        """
        if offset < self.at:
            raise AssertionError(f"a tape does not rewind: {offset} < {self.at}")
        self._take(offset - self.at, keep=False)
        parts = self._take(count, keep=True) if self.at == offset else []
        if not parts and self._broken and count:
            raise self._broken
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def drain(self, limit: int) -> None:
        """Unpacks the rest up to ``limit``, which verifies the checksum at its end; raises Damage."""
        while self.at <= limit and self.read(self.at, BLOCK):
            pass

    def _take(self, count: int, *, keep: bool) -> list[bytes]:
        parts: list[bytes] = []
        while count and (self._rest or self._refill()):
            part, self._rest = self._rest[:count], self._rest[count:]
            self.at += len(part)
            count -= len(part)
            if keep:
                parts.append(part)
        return parts

    def _refill(self) -> bool:
        if self._broken is None:
            try:
                self._rest = next(self._stream, b"")
            except Damage as damage:
                self._broken = damage
        return bool(self._rest)


def open_forward_stream(file: Path, container: Container) -> ForwardOnlyStream:
    """A tape of what ``file`` unpacks to; between reads no file is held open."""

    def read(offset: int, count: int) -> bytes:
        with file.open("rb", buffering=0) as handle:
            handle.seek(offset)
            return handle.read(count)

    return ForwardOnlyStream(inflate(read, CODECS[container], 0, sys.maxsize))


# The tape last used, so that members read in their order unpack a compressed tar once, not once a member.
# It holds no open file; a tape in use is taken out, so threads never share one.
_parked: dict[tuple[str, int, int], ForwardOnlyStream] = {}


def acquire(file: Path, container: Container, offset: int) -> ForwardOnlyStream:
    """A tape of ``file`` that has not yet passed ``offset``."""
    tape = _parked.pop(_key(file), None)
    return tape if tape is not None and tape.at <= offset else open_forward_stream(file, container)


def release(file: Path, tape: ForwardOnlyStream) -> None:
    """Keeps a tape for the next reader in this process; the one kept before is forgotten."""
    _parked.clear()
    _parked[_key(file)] = tape


def _key(file: Path) -> tuple[str, int, int]:
    stat = file.stat()
    return str(file), stat.st_mtime_ns, stat.st_size
