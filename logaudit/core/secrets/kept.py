"""Whole values on their way out of a scan: a report, whose marks are numbered, and what a cache would keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from logaudit.core.rows import Rows, batches
from logaudit.core.secrets.marks import MARK_BYTES, Numbering, redact_unnumbered, walk, without_numbers
from logaudit.core.secrets.prefilter import may_hold_bytes, suspect_texts
from logaudit.core.secrets.recognise import find_secrets

_T = TypeVar("_T")

#: Not MessagePack: its length bytes before a text look like letters of it.
_ENCODER: Final = msgspec.json.Encoder()
#: Bytes of packed values from which they are looked at one by one.
_LARGE: Final = 1 << 20
#: Values of one list that are looked at together.
_TOGETHER: Final = 64


def numbered(value: _T) -> _T:
    """A value of structs whose texts hold no credential, marks numbered in the order of its fields."""
    return _changed(value, Numbering().text)


def unnumbered(value: _T) -> _T:
    """As `numbered`, with marks that tell the kind alone: for what stands beside a report."""
    return _changed(value, lambda text: without_numbers(redact_unnumbered(text)))


def _changed(value: _T, change: Callable[[str], str]) -> _T:
    if not any(map(_suspect, _parts(value))):
        return value
    fresh: _T = walk(value, change)
    return fresh


def _suspect(part: object) -> bool:
    data = _ENCODER.encode(part)
    return MARK_BYTES in data or (may_hold_bytes(data) and _any_secret(msgspec.json.decode(data)))


def _parts(value: object) -> Iterator[object]:
    """What a report is made of, a few at a time: as text the whole may be larger than all the evidence."""
    for part in astuple(value) if isinstance(value, Struct) else (value,):
        if isinstance(part, tuple | Rows):
            yield from batches(part, _TOGETHER)
        elif isinstance(part, Struct):
            yield from _parts(part)
        else:
            yield part


def says_secret(data: bytes) -> bool:
    """Whether a text of what was packed (MessagePack) holds a credential, or the mark of one."""
    if MARK_BYTES in data:
        return True
    return _packed_secret(data)


def _packed_secret(data: bytes | msgspec.Raw) -> bool:
    """As `says_secret`, but for the mark. What is large is taken apart first: decoded whole it takes much memory."""
    if len(memoryview(data)) > _LARGE:
        try:
            parts = msgspec.msgpack.decode(data, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
        except msgspec.ValidationError:
            parts = None  # one long text, or keys that are no texts
        if isinstance(parts, list):
            return any(map(_packed_secret, parts))
        if isinstance(parts, dict):
            return any(map(find_secrets, parts)) or any(map(_packed_secret, parts.values()))
    packed = bytes(data)
    return may_hold_bytes(packed) and _any_secret(msgspec.msgpack.decode(packed, strict=False))


def names_secret(names: Iterable[str]) -> bool:
    """Whether a name of a file holds a credential."""
    return bool(find_secrets("\n".join(names)))


def _any_secret(value: Any) -> bool:  # noqa: ANN401 - what bytes decode to
    """Whether a text in it holds a credential; each is looked at once, as most stand in many places."""
    texts: set[str] = set()
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            texts.add(item)
        elif isinstance(item, list):
            left += item
        elif isinstance(item, dict):
            left += (*item, *item.values())
        elif isinstance(item, bytes) and says_secret(item):
            return True
    return any(map(find_secrets, suspect_texts([*texts])))
