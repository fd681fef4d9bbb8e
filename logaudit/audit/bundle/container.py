"""The bundle's container: a zip file all of whose bytes follow from its members, so that any changed byte is found.

No date, no comment, no extra field, one order. The first member, the manifest, is stored uncompressed and has the
SHA-256 of every other member, packed and unpacked: equal texts can be packed in many ways.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.core.message import Code, Message, msg

MANIFEST: Final = "manifest.json"
#: What bundles look like; raised when that changes.
FORMAT: Final = 1
#: Bytes of all members unpacked: far above what a year of incidents takes, far below what would fill a memory.
LIMIT: Final = 1 << 30

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_LOCAL_MAGIC: Final = b"PK\x03\x04"
#: Version 2.0; no flags; at noon of no day: 1980-01-01 00:00.
_VERSION: Final = 20
_DATE: Final = 0x21
_STORED: Final = 0
_DEFLATED: Final = 8


class _Entry(Struct, frozen=True):
    """A member as it lies in the file."""

    name: bytes
    method: int
    packed: bytes
    crc: int
    size: int


class Contents(Struct, frozen=True):
    """What a bundle holds, and which of its bytes are not as they were written.

    Attributes:
        members: all that can be unpacked, by name, without the manifest.
        faults: what was changed; empty for a sound bundle.
    """

    members: Mapping[str, bytes]
    faults: tuple[Message, ...]


def write_container(members: Mapping[str, bytes]) -> bytes:
    """The file that holds these members, in their order; names are ASCII.

    Raises:
        UserError: they are larger than a bundle may be.
    """
    if sum(map(len, members.values())) > LIMIT:
        raise UserError(
            f"The bundle would hold more than {LIMIT >> 20} MiB.", "Bundle fewer sessions at a time."
        )
    entries = [
        _Entry(name.encode("ascii"), _DEFLATED, _deflated(data), zlib.crc32(data), len(data))
        for name, data in members.items()
    ]
    return _assembled([_manifest(entries, members), *entries])


def read_container(data: bytes) -> Contents:
    """What a file holds that `write_container` made, as far as it can still be read."""
    entries = list(_entries(data))
    members: dict[str, bytes] = {}
    faults: list[Message] = []
    room = LIMIT
    for entry in entries[1:]:
        name = _name(entry)
        unpacked = _inflated(entry, room)
        if unpacked is None or name in members:
            faults.append(msg("{name} cannot be unpacked.", name=Code(name)))
            continue
        room -= len(unpacked)
        members[name] = unpacked
    found = {_name(entry): entry for entry in entries[1:]}
    stated = _stated(entries[0].packed) if entries else None
    if stated is None:
        faults.append(msg("{name} cannot be read.", name=Code(MANIFEST)))
    else:
        actual = {name: _sums(found[name], members[name]) for name in members}
        faults += [
            msg("{name} is not what the manifest states.", name=Code(name))
            for name in sorted({*stated, *actual})
            if stated.get(name) != actual.get(name)
        ]
    if not faults and _assembled([_manifest(entries[1:], members), *entries[1:]]) != data:
        faults.append(msg("The container has other bytes than its members give."))
    return Contents(members, tuple(faults))


def _name(entry: _Entry) -> str:
    return entry.name.decode("ascii", "backslashreplace")


def _manifest(entries: list[_Entry], members: Mapping[str, bytes]) -> _Entry:
    listed = {_name(entry): _sums(entry, members[_name(entry)]) for entry in entries}
    text = json.dumps({"format": FORMAT, "members": listed}, indent=2).encode() + b"\n"
    return _Entry(MANIFEST.encode(), _STORED, text, zlib.crc32(text), len(text))


def _sums(entry: _Entry, data: bytes) -> dict[str, object]:
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "packed_sha256": hashlib.sha256(entry.packed).hexdigest(),
    }


def _stated(text: bytes) -> dict[str, object] | None:
    """What a manifest says of the members; None where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    members = found.get("members") if isinstance(found, dict) else None
    return members if isinstance(members, dict) else None


def _assembled(entries: list[_Entry]) -> bytes:
    """The whole file: local headers with their data, the directory, its end."""
    body: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for e in entries:
        sizes = e.crc, len(e.packed), e.size, len(e.name)
        head = _LOCAL.pack(_LOCAL_MAGIC, _VERSION, 0, e.method, 0, _DATE, *sizes, 0) + e.name
        body += head, e.packed
        directory += (
            _CENTRAL.pack(
                b"PK\x01\x02", _VERSION, _VERSION, 0, e.method, 0, _DATE, *sizes, 0, 0, 0, 0, 0, at
            ),
            e.name,
        )
        at += len(head) + len(e.packed)
    listed = b"".join(directory)
    count = len(entries)
    return b"".join([*body, listed, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listed), at, 0)])


def _entries(data: bytes) -> Iterator[_Entry]:
    """The members in the order in which they lie there, as far as their headers tell."""
    at = 0
    while data[at : at + 4] == _LOCAL_MAGIC and at + _LOCAL.size <= len(data):
        _, _, _, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(data, at)
        at += _LOCAL.size
        start = at + name + extra
        yield _Entry(data[at : at + name], method, data[start : start + packed], crc, size)
        at = start + packed


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _inflated(entry: _Entry, limit: int) -> bytes | None:
    """The member's bytes; None where it is damaged or larger than ``limit``."""
    if entry.method != _DEFLATED or entry.size > limit:
        return None
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(entry.packed, entry.size + 1)
    except zlib.error:
        return None
    sound = unpacker.eof and not unpacker.unused_data and len(data) == entry.size
    return data if sound and zlib.crc32(data) == entry.crc else None
