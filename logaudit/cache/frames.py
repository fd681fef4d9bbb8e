"""Payloads in a frame that proves them whole: a mark, a length, and a hash over the entry's key and the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import msgspec

#: Begins every frame; random, so that it stands nowhere by chance.
MARK: Final = bytes.fromhex("8fb3d1a2c95e4670b1f86ad3027c94e5")
_LENGTH: Final = 8
_HASH: Final = 32
_HEAD: Final = len(MARK) + _LENGTH + _HASH
_ENCODER: Final = msgspec.msgpack.Encoder()


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
    """The payloads framed for ``key`` anywhere in ``data``, in their order.

    Arrow lays the values of a column out one after another as they are, so frames are found in an Arrow file
    without reading it as one, which would take importing its library.

    Raises:
        DamagedError: there is none, or one is not whole.
    """
    at = data.find(MARK)
    if at < 0:
        raise DamagedError("no frame")
    whole = memoryview(data)
    while at >= 0:
        start = at + _HEAD
        size = int.from_bytes(whole[at + len(MARK) : at + len(MARK) + _LENGTH], "little")
        payload = whole[start : start + size]
        if len(payload) != size or _hash(key, payload) != whole[start - _HASH : start]:
            raise DamagedError("a frame is damaged")
        yield payload
        at = data.find(MARK, start + size)


def _hash(key: str, payload: bytes | memoryview) -> bytes:
    found = hashlib.sha256(key.encode())
    found.update(payload)
    return found.digest()
