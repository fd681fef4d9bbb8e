"""The parts of the zip format that reading and rescuing members need."""

from __future__ import annotations

import struct
from typing import Final

from msgspec import Struct

from logaudit.sources.decompress import Codec

LOCAL_MAGIC: Final = b"PK\x03\x04"
LOCAL_SIZE: Final = 30
UTF8_FLAG: Final = 0x800
#: Traditional encryption, strong encryption, masked headers.
ENCRYPTED_FLAGS: Final = 0x1 | 0x40 | 0x2000
#: The local header leaves sizes and checksum to a descriptor behind the data.
DESCRIPTOR_FLAG: Final = 0x8
METHODS: Final = {0: Codec.STORED, 8: Codec.DEFLATE, 12: Codec.BZIP2, 95: Codec.XZ}

_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_UNREAD_METHODS: Final = {9: "Deflate64", 14: "LZMA", 93: "Zstandard", 98: "PPMd"}
_AES_METHOD: Final = 99
_MASK32: Final = 0xFFFFFFFF
_MAX_VERSION: Final = 63
_ZIP64_ID: Final = 1


class LocalHeader(Struct, frozen=True):
    """The fixed part of a local header, and where its variable parts end."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int

    @property
    def length(self) -> int:
        """Bytes from the header's start to the member's data."""
        return LOCAL_SIZE + self.name_length + self.extra_length

    @property
    def encrypted(self) -> bool:
        """Whether the data is encrypted, in any of the ways zips know."""
        return bool(self.flags & ENCRYPTED_FLAGS) or self.method == _AES_METHOD


def local_header(raw: bytes) -> LocalHeader | None:
    """The local header that ``raw`` (30 bytes) is; None when it is none."""
    if len(raw) < LOCAL_SIZE or raw[:4] != LOCAL_MAGIC:
        return None
    _, version, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(
        raw[:LOCAL_SIZE]
    )
    if version & 0xFF > _MAX_VERSION or not name_length:
        return None
    return LocalHeader(flags, method, crc, packed, size, name_length, extra_length)


def zip64_sizes(extra: bytes, header: LocalHeader) -> tuple[int, int]:
    """Unpacked and packed size, taken from the zip64 field where 32 bits could not hold them."""
    size, packed = header.size, header.packed
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _ZIP64_ID:
            values = [int.from_bytes(field[i : i + 8], "little") for i in range(0, len(field) - 7, 8)]
            if size == _MASK32 and values:
                size = values.pop(0)
            if packed == _MASK32 and values:
                packed = values.pop(0)
    return size, packed


def method_name(method: int) -> str:
    """What people call a compression method that is not read here."""
    return _UNREAD_METHODS.get(method, f"method {method}")


def member_name(raw: bytes, flags: int) -> str:
    """A member's name; without the UTF-8 flag the code page is a guess between those in use."""
    raw = raw.split(b"\0", 1)[0]
    if flags & UTF8_FLAG or raw.isascii():
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        cyrillic = raw.decode("cp866")
        letters = [c for c in cyrillic if not c.isascii()]
        return cyrillic if all("Ё" <= c <= "ё" for c in letters) else raw.decode("cp437")
