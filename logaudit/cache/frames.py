"""Payloads in a frame that proves them whole: a mark, a length, and a hash over the entry's key and the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import msgspec

from logaudit.core.rows import Rows

#: Begins every frame; random, so that it stands nowhere by chance.
MARK: Final = bytes.fromhex("8fb3d1a2c95e4670b1f86ad3027c94e5")
_LENGTH: Final = 8
_HASH: Final = 32
_HEAD: Final = len(MARK) + _LENGTH + _HASH
_EACH: Final = msgspec.msgpack.Decoder(list[msgspec.Raw])


def _plain(value: object) -> list[msgspec.Raw]:
    """Rows that are packed already, as the tuple that they stand for."""
    if not isinstance(value, Rows):
        raise TypeError(type(value).__name__)
    return [row for part in value.parts for row in part.of(_EACH.decode(bytes(part.data)))]


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)


class DamagedError(ValueError):
    """What was read is not what was written, or not what was asked for."""


def frame(key: str, value: bytes | msgspec.Struct) -> bytearray:
    """The payload of an entry, framed; a struct is packed in place, for it may be large.

    Raises:
        TypeError, ValueError: it cannot be packed.
    """
    framed = bytearray(_HEAD)
    if isinstance(value, bytes):
        framed += value
    else:
        _ENCODER.encode_into(value, framed, _HEAD)
    payload = memoryview(framed)[_HEAD:]
    head = b"".join((MARK, len(payload).to_bytes(_LENGTH, "little"), _hash(key, payload)))
    payload.release()
    framed[:_HEAD] = head
    return framed


def unframe(key: str, data: bytes) -> Iterator[memoryview]:
    """The payloads that ``data`` holds, framed for ``key`` one after another.

    Raises:
        DamagedError: it holds none, one that is not whole, or anything else.
    """
    if not data:
        raise DamagedError("no frame")
    whole, at = memoryview(data), 0
    while at < len(data):
        if not data.startswith(MARK, at):
            raise DamagedError("no frame")
        start = at + _HEAD
        size = int.from_bytes(whole[at + len(MARK) : at + len(MARK) + _LENGTH], "little")
        payload = whole[start : start + size]
        if len(payload) != size or _hash(key, payload) != whole[start - _HASH : start]:
            raise DamagedError("a frame is damaged")
        yield payload
        at = start + size


def _hash(key: str, payload: bytes | memoryview) -> bytes:
    found = hashlib.sha256(key.encode())
    found.update(payload)
    return found.digest()
