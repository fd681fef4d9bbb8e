"""Places of an event of many lines, where events are very many: all but the first as bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final, overload

import msgspec

from logaudit.core.location import Location, Role

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(list[tuple[int, Role, str, int]])


class PackedPlaces(Sequence[Location]):
    """As a tuple of the places, and equal to one; all lie in one source."""

    __slots__ = ("_count", "_first", "_hash", "_rest")

    def __init__(self, places: Sequence[Location]) -> None:
        """There is at least one of ``places``.

        Raises:
            ValueError: a text is no Unicode.
        """
        self._first = places[0]
        # The lines of a block begin alike.
        self._rest = zlib.compress(_ENCODER.encode([(p.line, p.role, p.text, p.byte) for p in places[1:]]), 1)
        self._count = len(places)
        self._hash: int | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Location]:
        yield self._first
        path, member = self._first.path, self._first.member
        for line, role, text, byte in _DECODER.decode(zlib.decompress(self._rest)):
            yield Location(path, member, line, role, text, byte)

    @overload
    def __getitem__(self, index: int) -> Location: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Location, ...]: ...
    def __getitem__(self, index: int | slice) -> Location | tuple[Location, ...]:
        return self._first if index == 0 else tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedPlaces):
            return self._first == other._first and self._rest == other._rest
        return isinstance(other, tuple) and tuple(self) == other

    def __hash__(self) -> int:
        """Made once: an event is looked up by its places again and again."""
        if self._hash is None:
            self._hash = hash(tuple(self))
        return self._hash


def packed(places: tuple[Location, ...]) -> Sequence[Location]:
    """The same places, packed if there are several of one log."""
    if len({(p.path, p.member, p.table, p.row) for p in places}) > 1 or len(places) == 1:
        return places
    try:
        return PackedPlaces(places)
    except ValueError:
        return places
