"""What stands around the closes of a log that has very many: as numbers, of which records are made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, Self, overload

import msgspec

from logaudit.ingest.source_extract import LogContext, NearbyRecord

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(list[int])
_new: Final = partial(tuple.__new__, NearbyRecord)


class Sayings:
    """Emitter, level and template of neighbours, each combination once; it grows."""

    def __init__(self, columns: Sequence[Sequence[str]] = ((), (), ())) -> None:
        """``columns``: the emitters, levels and templates of those that are known."""
        self.columns = tuple(map(list, columns))
        self._numbers = {said: number for number, said in enumerate(zip(*columns, strict=True))}

    def number(self, emitter: str, level: str, template: str) -> int:
        """The number of a combination."""
        said = emitter, level, template
        known = self._numbers.get(said)
        if known is None:
            known = self._numbers[said] = len(self._numbers)
            for column, text in zip(self.columns, said, strict=True):
                column.append(text)
        return known


class PackedNeighbours(Sequence[NearbyRecord]):
    """As a tuple of the records, and equal to one."""

    __slots__ = ("_count", "_numbers", "_sayings")

    def __init__(self, sayings: Sayings, numbers: bytes, count: int) -> None:
        """``numbers`` as MessagePack: of each record its saying's, its delta, line and byte."""
        self._sayings = sayings
        self._numbers = numbers
        self._count = count

    @classmethod
    def of(cls, records: Sequence[NearbyRecord], sayings: Sayings) -> Self:
        """The same records; their sayings are added to those that are known."""
        numbers: list[int] = []
        for emitter, level, template, delta, line, byte in records:
            numbers += (sayings.number(emitter, level, template), delta, line, byte)
        return cls(sayings, _ENCODER.encode(numbers), len(records))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[NearbyRecord]:
        numbers = _DECODER.decode(self._numbers)
        said: list[Any] = [map(column.__getitem__, numbers[0::4]) for column in self._sayings.columns]
        return map(_new, zip(*said, numbers[1::4], numbers[2::4], numbers[3::4], strict=True))

    @overload
    def __getitem__(self, index: int) -> NearbyRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[NearbyRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> NearbyRecord | tuple[NearbyRecord, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedNeighbours | tuple) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def packed(context: LogContext, sayings: Sayings) -> LogContext:
    """The same context, its records packed."""
    before, after = (PackedNeighbours.of(side, sayings) for side in (context.before, context.after))
    return LogContext(context.record, before, after, context.cut_before, context.cut_after)
