"""Finds the members of a zip that lost its central directory, by their local headers."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.sources.archive_members import Member
from logaudit.sources.zip_format import (
    DESCRIPTOR_FLAG,
    LOCAL_MAGIC,
    LOCAL_SIZE,
    LocalHeader,
    local_header,
    member_name,
    zip64_sizes,
)
from logaudit.sources.zip_index import bar

#: What can follow a member: a local header, the central directory, or one of its end records.
_NEXT: Final = lazy_pattern(rb"PK(?:\x03\x04|\x01\x02|\x05\x06|\x06\x06)")
_DESCRIPTOR_MAGIC: Final = b"PK\x07\x08"
#: Checksum, packed and unpacked size behind the descriptor's magic, short and zip64.
_DESCRIPTORS: Final = (struct.Struct("<III"), struct.Struct("<IQQ"))


def recover_members(file: Path, most: int) -> list[Member]:
    """The first members, ``most`` of them at most, that local headers in ``file`` announce, folders left out.

    A size or checksum that neither header nor descriptor states is -1; such a member's data is taken to
    reach up to the next header.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as handle, mmap(handle.fileno(), 0, access=ACCESS_READ) as view:
        return list(islice(_walk(view), most))


def _walk(view: mmap) -> Iterator[Member]:
    at = view.find(LOCAL_MAGIC)
    while at >= 0:
        header = local_header(view[at : at + LOCAL_SIZE])
        data = at + header.length if header else at
        if header is None or data > len(view):
            at = view.find(LOCAL_MAGIC, at + 1)
            continue
        name = member_name(view[at + LOCAL_SIZE : at + LOCAL_SIZE + header.name_length], header.flags)
        extra = view[data - header.extra_length : data]
        size, packed, crc = _extent(view, header, extra, data)
        if not name.endswith("/"):
            yield Member(
                name, size, packed, at, header.method, crc, bar(header.method, encrypted=header.encrypted)
            )
        at = view.find(LOCAL_MAGIC, min(data + packed, len(view)))


def _extent(view: mmap, header: LocalHeader, extra: bytes, data: int) -> tuple[int, int, int]:
    """Unpacked size, packed size and checksum of the member whose data begins at ``data``."""
    size, packed = zip64_sizes(extra, header)
    # A writer that was stopped had not yet come back to fill in the packed size and the checksum.
    unfinished = not packed and (size > 0 or not header.crc)
    if not header.flags & DESCRIPTOR_FLAG and not unfinished:
        return size, packed, header.crc
    if packed and header.flags & DESCRIPTOR_FLAG:
        return size, packed, header.crc or -1
    room = _next_header(view, data) - data
    for layout in _DESCRIPTORS:
        start = data + room - layout.size - len(_DESCRIPTOR_MAGIC)
        if start >= data and view[start : start + 4] == _DESCRIPTOR_MAGIC:
            crc, packed, size = layout.unpack(view[start + 4 : start + 4 + layout.size])
            if packed == start - data:
                return size, packed, crc
    return -1, room, -1


def _next_header(view: mmap, start: int) -> int:
    found = _NEXT.search(view, start)
    return found.start() if found else len(view)
