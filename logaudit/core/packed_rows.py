"""Rows of one kind that are very many: packed some thousand at a time, before the next are made."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, TypeVar

import msgspec

from logaudit.core.rows import PackedRows, Rows, batches

T = TypeVar("T")

#: Rows that are packed together.
TOGETHER: Final = 1_024

_ENCODER: Final = msgspec.msgpack.Encoder()


def packed_rows(rows: Iterable[T], kind: type[T], size: int = TOGETHER) -> Rows[T]:
    """The rows, ``size`` in each part; what cannot be packed (a text that is no Unicode) stays as it is."""
    decode: Callable[[bytes], tuple[T, ...]] = msgspec.msgpack.Decoder(tuple[kind, ...]).decode  # type: ignore[valid-type]
    return Rows(_parts(rows, decode, size))


def _parts(rows: Iterable[T], decode: Callable[[bytes], tuple[T, ...]], size: int) -> Iterator[PackedRows[T]]:
    for batch in batches(rows, size):
        try:
            data = zlib.compress(_ENCODER.encode(batch), 1)
        except (TypeError, ValueError):
            yield PackedRows(len(batch), b"", partial(_as_they_are, batch))
        else:
            yield PackedRows(len(batch), data, partial(_unpacked, decode))


def _unpacked(decode: Callable[[bytes], tuple[T, ...]], data: bytes) -> tuple[T, ...]:
    return decode(zlib.decompress(data))


def _as_they_are(rows: tuple[T, ...], data: bytes) -> tuple[T, ...]:
    del data
    return rows
