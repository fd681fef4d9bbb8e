"""Reads one source: its unpacked bytes in blocks, checked, limited, and complete up to any damage."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from isal import isal_zlib

from logaudit.core.message import Text, msg
from logaudit.sources.decompress import BLOCK, Codec, ReadBytes, inflate
from logaudit.sources.forward_stream import CODECS, acquire, release
from logaudit.sources.magic import HEAD, is_archive
from logaudit.sources.source import (
    Container,
    Damage,
    Problem,
    ProblemKind,
    Source,
    SourceError,
    nested_archive,
    os_reason,
)
from logaudit.sources.zip_format import LOCAL_SIZE, METHODS, local_header

#: What has fewer bytes once unpacked does no harm at any ratio.
FREE: Final = 256 << 20
#: Bytes of a line that is shorter than those of logs. Lines of packed text are counted where they are no longer than
#: twice as much, as far as a few places of a block show, or where there may be too many of such as are: elsewhere it
#: takes a tenth of a scan.
SHORT_LINE: Final = 16
_SAMPLE: Final = 256

#: Bytes that are fetched ahead; what follows is read while they are unpacked.
_AHEAD: Final = 1 << 20

#: What can only be unpacked forwards, member after member.
TARS: Final = frozenset({Container.TAR_GZ, Container.TAR_BZ2, Container.TAR_XZ, Container.TAR_LZMA})


def blocks(source: Source, limit: int | None = None, size: int = BLOCK) -> Iterator[bytes]:
    """The unpacked bytes of ``source`` in blocks of at most ``size`` bytes (of a tar's up to 1 MiB), none empty.

    Length and checksum are verified where the container states them. Of a damaged source everything that
    can be unpacked is yielded first; the same holds for one beyond ``limit`` bytes, or else beyond those that its
    limits allow. Plain files have no limit. The members of one compressed tar are cheapest to read in the order of
    their discovery.

    Raises:
        SourceError: after the last readable byte; its problem says what and how much was read.
    """
    sent = 0
    try:
        for block in _checked(source, source.limits.unpacked_size if limit is None else limit, size):
            yield block
            sent += len(block)
    except Damage as damage:
        raise SourceError(
            Problem(source.address, damage.kind, damage.detail, sent, damage.untrusted, damage.limit)
        ) from damage
    except OSError as error:
        problem = Problem(source.address, ProblemKind.UNREADABLE, os_reason(error), sent)
        raise SourceError(problem) from error


def file_blocks(handle: BinaryIO, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of an open file from ``start`` to ``stop``, or to its end, in blocks of at most 1 MiB.

    Raises:
        OSError: the file cannot be read.
    """
    return inflate(_reader(handle), Codec.STORED, start, stop)


def prefetch(source: Source) -> None:
    """Lets the system fetch the first bytes of a source while others are read, where it can be told to."""
    if not hasattr(os, "posix_fadvise"):
        return
    with suppress(OSError, OverflowError):
        handle = os.open(source.file, os.O_RDONLY)
        try:
            # In a compressed tar the offset counts unpacked bytes.
            start = 0 if source.container in TARS else source.offset
            os.posix_fadvise(handle, start, min(source.packed, _AHEAD), os.POSIX_FADV_WILLNEED)
        finally:
            os.close(handle)


def _checked(source: Source, limit: int, size: int) -> Iterator[bytes]:
    if source.container in TARS:
        yield from _guarded(_from_tape(source), source, limit)
        return
    with source.file.open("rb", buffering=0) as handle:
        if source.container is Container.PLAIN:
            yield from _from_start(handle, Container.PLAIN, size)
        elif source.container is Container.ZIP:
            yield from _guarded(_from_zip(handle, source, size), source, limit)
        elif source.container is Container.TAR:
            member = inflate(_reader(handle), Codec.STORED, source.offset, source.offset + source.size, size)
            yield from _guarded(_read_whole(member, source.size, cut=True), source, limit)
        else:
            yield from _guarded(_from_start(handle, source.container, size), source, limit)


def _reader(handle: BinaryIO) -> ReadBytes:
    def read(offset: int, count: int) -> bytes:
        try:
            handle.seek(offset)
        except (OSError, OverflowError):  # an archive's header may point farther than any file reaches
            return b""
        return handle.read(count)

    return read


def _from_start(handle: BinaryIO, container: Container, size: int) -> Iterator[bytes]:
    return inflate(_reader(handle), CODECS[container], 0, sys.maxsize, size)


def _from_zip(handle: BinaryIO, source: Source, size: int) -> Iterator[bytes]:
    read = _reader(handle)
    header = local_header(read(source.offset, LOCAL_SIZE))
    if header is None:
        raise Damage(msg("the member is not where the archive's directory says"))
    start = source.offset + header.length
    crc = 0
    codec = METHODS[source.method]
    unpacked = inflate(read, codec, start, start + source.packed, size)
    try:
        for block in _read_whole(unpacked, source.size, cut=codec is Codec.STORED):
            crc = isal_zlib.crc32(block, crc)
            yield block
    except Damage as damage:
        # What ends early though all its bytes are there was not cut: it went wrong somewhere before.
        whole = codec is not Codec.STORED and bool(read(start + source.packed, 1))
        raise Damage(damage.detail, damage.kind, untrusted=damage.untrusted or whole) from damage
    if source.crc not in (-1, crc):
        raise Damage(msg("its bytes do not match the checksum that the archive states"), untrusted=True)


def _from_tape(source: Source) -> Iterator[bytes]:
    tape = acquire(source.file, source.container, source.offset)
    at, end = source.offset, source.offset + source.size
    try:
        while at < end:
            block = tape.read(at, min(BLOCK, end - at))
            if not block:
                raise Damage(msg("the archive ends early"))
            yield block
            at += len(block)
    finally:
        # Who wants no more of this member may want the next one.
        release(source.file, tape)


def _read_whole(blocks: Iterator[bytes], size: int, *, cut: bool) -> Iterator[bytes]:
    """The blocks, and the claim that they add up to ``size`` (-1 for unknown).

    Where they do not, they are other bytes than those that were packed; with ``cut``, fewer of them may be a cut.
    """
    total = 0
    for block in blocks:
        total += len(block)
        if total > size >= 0:
            break  # whatever it goes on to, it is not what the archive states
        yield block
    if size not in (-1, total):
        wrong = total > size or not cut
        raise Damage(
            msg(
                "it has {total} bytes where the archive states {size}",
                total=Text(str(total)),
                size=Text(str(size)),
            ),
            untrusted=wrong,
        )


def _guarded(blocks: Iterator[bytes], source: Source, limit: int) -> Iterator[bytes]:
    """The blocks up to the limit; an archive as the first of them is told apart from text."""
    limits = source.limits
    total = lines = 0
    most_lines = source.most_lines
    for block in blocks:
        if not total and is_archive(block[:HEAD]):
            raise nested_archive()
        if total + len(block) > most_lines * SHORT_LINE or _is_short(block):
            lines += block.count(b"\n")
        if lines > most_lines:
            if kept := _without_last(block, lines - most_lines):
                yield kept
            detail = msg("it has more than {limit} lines", limit=most_lines)
            raise Damage(detail, ProblemKind.OVER_LIMIT, limit="packed_lines")
        room = limit - total
        total += len(block)
        if len(block) > room:
            if room:
                yield block[:room]
            raise Damage(
                msg("it unpacks to more than {limit} bytes", limit=Text(str(limit))),
                ProblemKind.OVER_LIMIT,
                limit="unpacked_size",
            )
        if total > FREE and total > limits.unpacked_ratio * source.packed:
            times = Text(str(limits.unpacked_ratio))
            raise Damage(
                msg("it unpacks to more than {times} times its size", times=times),
                ProblemKind.OVER_LIMIT,
                limit="unpacked_ratio",
            )
        yield block


def _without_last(block: bytes, lines: int) -> bytes:
    """A block up to the line end behind which so many more follow."""
    return block[: block.rindex(b"\n")].rsplit(b"\n", lines)[0] + b"\n" if block.count(b"\n") > lines else b""


def _is_short(block: bytes) -> bool:
    """Whether lines are that short, as far as a few places of a block show."""
    step = max(len(block) // 4, _SAMPLE)
    places = range(0, len(block), step)
    ends = sum(block.count(b"\n", at, at + _SAMPLE) for at in places)
    return ends * 2 * SHORT_LINE > min(len(places) * _SAMPLE, len(block))
