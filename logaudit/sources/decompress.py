"""Unpacks one compressed stream block by block, and gets everything out of a broken one."""

from __future__ import annotations

import bz2
import lzma
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, Protocol, assert_never

from isal import igzip_lib
from msgspec import Struct

from logaudit.core.message import msg
from logaudit.sources.source import Damage

#: Bytes handed out at once, at most.
BLOCK: Final = 1 << 20
#: Packed bytes fed at once: with the usual ratio they fill about one block.
PIECE: Final = 1 << 16
#: An xz or lzma header may ask for gigabytes of window; the strongest preset needs 65 MiB.
_LZMA_MEMORY: Final = 512 << 20

#: ``read(offset, count)`` of the packed bytes; shorter at their end.
ReadBytes = Callable[[int, int], bytes]


class Codec(StrEnum):
    """How a stream is compressed."""

    STORED = "stored"
    DEFLATE = "deflate"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    LZMA = "lzma"


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _BrokenError(Exception):
    """The packed bytes cannot be what the codec wrote."""


# isal's stub declares its exception class as an instance.
_ISAL_ERROR: Final[type[Exception]] = igzip_lib.IsalError  # type: ignore[assignment]
_ERRORS: Final = (_ISAL_ERROR, lzma.LZMAError, OSError, EOFError, ValueError)


class _Feed(Struct):
    """Hands out packed bytes and remembers where the last piece began.

    From ``fine`` on the pieces are single bytes: an unpacker that meets a fault gives nothing of the piece
    it was working on, so the smaller the piece, the less is lost.
    """

    read: ReadBytes
    at: int
    stop: int
    fine: int = sys.maxsize
    piece: int = PIECE
    last: int = 0

    def take(self) -> bytes:
        size = min(self.piece, self.fine - self.at) if self.at < self.fine else 1
        piece = self.read(self.at, min(size, self.stop - self.at))
        self.last = self.at
        self.at += len(piece)
        return piece


def inflate(read: ReadBytes, codec: Codec, start: int, stop: int, block: int = BLOCK) -> Iterator[bytes]:
    """The unpacked bytes of the stream at ``start``, which ends at ``stop`` at the latest, ``block`` at a time.

    Checksums that the format carries are verified. Stored bytes end where the file or ``stop`` does: their
    length is the caller's to check.

    Raises:
        Damage: after everything that can be unpacked was yielded.
        OSError: from ``read``.
    """
    if codec is Codec.STORED:
        yield from _stored(read, start, stop, block)
        return
    feed = _Feed(read, start, stop, piece=min(PIECE, block))
    sent = 0
    try:
        for part in _flow(feed, codec, block):
            sent += len(part)
            yield part
    except _BrokenError:
        pass
    else:
        return
    yield from _crumbs(_flow(_Feed(read, start, stop, fine=feed.last), codec, block), sent)
    # Unpackers go on for a while with wrong bytes before they notice; but those of bzip2 check each block first.
    raise Damage(msg("the compressed data is corrupt"), untrusted=codec is not Codec.BZIP2)


def _stored(read: ReadBytes, start: int, stop: int, size: int) -> Iterator[bytes]:
    while start < stop and (block := read(start, min(size, stop - start))):
        start += len(block)
        yield block


def _flow(feed: _Feed, codec: Codec, size: int) -> Iterator[bytes]:
    data = feed.take()
    while data:
        unpacker = _unpacker(codec)
        while not unpacker.eof:
            block = _step(unpacker, data, size)
            if block:
                yield block
            if unpacker.eof:
                break
            data = feed.take() if unpacker.needs_input else b""
            if not data and (unpacker.needs_input or not block):
                raise Damage(msg("the compressed data ends early"))
        if codec is Codec.DEFLATE:  # whatever follows belongs to the archive
            return
        data = _next_stream(unpacker.unused_data, feed)


def _next_stream(rest: bytes, feed: _Feed) -> bytes:
    """The first bytes of a further stream in the same file; zero padding between streams is legal."""
    while not rest.strip(b"\0"):
        rest = feed.take()
        if not rest:
            return b""
    return rest.lstrip(b"\0")


def _step(unpacker: _Unpacker, data: bytes, size: int) -> bytes:
    try:
        return unpacker.decompress(data, size)
    except _ERRORS as error:
        raise _BrokenError from error


def _crumbs(flow: Iterator[bytes], skip: int) -> Iterator[bytes]:
    """What a second, finer pass brings beyond the bytes already sent, gathered into blocks."""
    parts: list[bytes] = []
    size = 0
    try:
        for block in flow:
            fresh = block[skip:] if skip < len(block) else b""
            skip = max(0, skip - len(block))
            parts.append(fresh)
            size += len(fresh)
            if size >= BLOCK:
                yield b"".join(parts)
                parts, size = [], 0
    except (_BrokenError, Damage):
        pass
    if size:
        yield b"".join(parts)


def _unpacker(codec: Codec) -> _Unpacker:
    match codec:
        case Codec.DEFLATE:
            return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
        case Codec.GZIP:
            return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        case Codec.BZIP2:
            return bz2.BZ2Decompressor()
        case Codec.XZ:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY)
        case Codec.LZMA:
            return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_LZMA_MEMORY)
        case Codec.STORED:
            raise AssertionError(codec)
        case _:
            assert_never(codec)
