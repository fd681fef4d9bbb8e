"""Matches of a log that has very many: a thousand at a time as compressed bytes, unpacked when asked for."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, Self, TypeVar, overload

import msgspec
from msgspec import Struct

from logaudit.ingest.source_extract import PatternMatch
from logaudit.profiles import PatternRole

#: Matches that are packed together.
TOGETHER: Final = 1_024
#: Packs that are at hand unpacked: who looks a little ahead looks into the next one.
_AT_HAND: Final = 2

_Part = TypeVar("_Part")

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(tuple[PatternMatch, ...])


class MatchPlace(Struct, frozen=True):
    """Of a match, which record it is of and where it stands."""

    role: PatternRole
    record: int
    line: int


class PackedMatches(Sequence[PatternMatch]):
    """As a tuple of the matches, and equal to one, but that more can be added; each asked for is made anew."""

    def __init__(self, matches: Iterable[PatternMatch] = ()) -> None:
        self._packs: list[bytes] = []
        self._last: list[PatternMatch] = []
        self._at_hand: dict[int, tuple[PatternMatch, ...]] = {}
        self.extend(matches)

    @classmethod
    def of(cls, parts: Iterable[bytes | memoryview]) -> Self:
        """Of what `parts` gave.

        Raises:
            ValueError: the last part is damaged.
        """
        made = cls()
        left = iter(parts)
        last = next(left, None)
        for part in left:
            assert last is not None  # noqa: S101 - there was one before it
            made._packs.append(zlib.compress(last, 1))
            last = part
        made.extend(() if last is None else _DECODER.decode(last))
        return made

    def parts(self) -> Iterator[bytes]:
        """The matches as MessagePack, `TOGETHER` in each part but the last."""
        yield from map(zlib.decompress, self._packs)
        if self._last:
            yield _ENCODER.encode(self._last)

    def each(self, kind: type[_Part]) -> Iterator[_Part | PatternMatch]:
        """The matches with no more of each than the fields of ``kind``, or as they are."""
        decoder = msgspec.msgpack.Decoder(tuple[kind, ...])  # type: ignore[valid-type]
        for pack in self._packs:
            yield from decoder.decode(zlib.decompress(pack))
        yield from self._last

    def append(self, match: PatternMatch) -> None:
        """Adds one."""
        self._last.append(match)
        if len(self._last) == TOGETHER:
            self._packs.append(zlib.compress(_ENCODER.encode(self._last), 1))
            self._last = []

    def extend(self, matches: Iterable[PatternMatch]) -> None:
        """Adds some."""
        for match in matches:
            self.append(match)

    def __len__(self) -> int:
        return len(self._packs) * TOGETHER + len(self._last)

    def __iter__(self) -> Iterator[PatternMatch]:
        return chain.from_iterable(map(self._pack, range(len(self._packs) + 1)))

    @overload
    def __getitem__(self, index: int) -> PatternMatch: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[PatternMatch]: ...
    def __getitem__(self, index: int | slice) -> PatternMatch | Sequence[PatternMatch]:
        if isinstance(index, slice):
            places = range(*index.indices(len(self)))
            if len(places) > TOGETHER:
                return PackedMatches(map(self.__getitem__, places))
            if places.step != 1:
                return tuple(map(self.__getitem__, places))
            return tuple(islice(self._from(places.start), len(places)))
        place = range(len(self))[index]
        return self._pack(place // TOGETHER)[place % TOGETHER]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PackedMatches | tuple) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as lists have it: more can be added

    def _from(self, start: int) -> Iterator[PatternMatch]:
        first = start // TOGETHER
        rest = map(self._pack, range(first + 1, len(self._packs) + 1))
        return chain(self._pack(first)[start % TOGETHER :], chain.from_iterable(rest))

    def _pack(self, number: int) -> Sequence[PatternMatch]:
        if number >= len(self._packs):
            return self._last
        found = self._at_hand.get(number)
        if found is None:
            while len(self._at_hand) >= _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
            found = _DECODER.decode(zlib.decompress(self._packs[number]))
            self._at_hand[number] = found
        return found
