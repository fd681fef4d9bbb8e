"""Rows of many sessions, of which only those of one are in memory at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from typing import TypeAlias

    from logaudit.core.spool import Spooled

    T_co = TypeVar("T_co", covariant=True)
    #: What a report has of one kind: a tuple, or where sessions are many `Rows`.
    RowsOf: TypeAlias = Sequence[T_co]
else:

    class RowsOf:
        """To whoever decodes a report, a tuple."""

        def __class_getitem__(cls, item: object) -> object:
            return tuple[item, ...]


T = TypeVar("T")

#: Rows of one kind that a session holds as they are; where there are more, they are packed.
PLAIN_ROWS: Final = 4_096


class PackedRows(Struct, Generic[T], frozen=True):
    """The rows of a session, packed.

    Attributes:
        count: how many they are.
        data: as bytes, here or in a spool; unpack: makes rows of the bytes.
        chosen: which of the rows in the bytes these are; None for all.
    """

    count: int
    data: bytes | Spooled
    unpack: Callable[[bytes], tuple[T, ...]]
    chosen: tuple[int, ...] | None = None

    @property
    def rows(self) -> tuple[T, ...]:
        """The rows, unpacked."""
        return self.of(self.unpack(bytes(self.data)))

    def of(self, unpacked: Sequence[Any]) -> tuple[Any, ...]:
        """Of all that is in the bytes, however it was unpacked, what these rows are."""
        return tuple(unpacked) if self.chosen is None else tuple(unpacked[place] for place in self.chosen)

    def where(self, keep: Callable[[T], bool]) -> PackedRows[T]:
        """Those rows that are to be kept."""
        places = range(self.count) if self.chosen is None else self.chosen
        kept = tuple(place for place, row in zip(places, self.rows, strict=True) if keep(row))
        return self if len(kept) == self.count else replace(self, count=len(kept), chosen=kept)


class Rows(Sequence[T]):
    """Rows of several sessions one after another; compared with a tuple as if it were one."""

    def __init__(self, parts: Iterable[PackedRows[T]]) -> None:
        """``parts`` are the rows of each session, in order."""
        self._parts = tuple(part for part in parts if part.count)
        self._ends = list(accumulate(part.count for part in self._parts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(part.rows for part in self._parts)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            places = range(*index.indices(len(self)))
            if places.step == 1:
                return tuple(self._between(places.start, places.stop))
            return tuple(self[place] for place in places)
        place = range(len(self))[index]
        return next(self._between(place, place + 1))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows | tuple) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as lists have it: they are compared by what they hold

    def __reduce__(self) -> tuple[type[tuple[T, ...]], tuple[tuple[T, ...]]]:
        """Elsewhere it is a tuple."""
        return tuple, (tuple(self),)

    def __repr__(self) -> str:
        return f"Rows({len(self):,})"

    @property
    def parts(self) -> tuple[PackedRows[T], ...]:
        """The rows of each session that has any."""
        return self._parts

    def _between(self, start: int, stop: int) -> Iterator[T]:
        which = bisect_right(self._ends, start)
        while start < stop:
            part, end = self._parts[which], self._ends[which]
            begin = end - part.count
            yield from part.rows[start - begin : stop - begin]
            start, which = end, which + 1


def rows_of(rows: Iterable[T], kind: type[T]) -> Sequence[T]:
    """The rows as a tuple; where they are very many, packed while they are made."""
    left = iter(rows)
    first = tuple(islice(left, PLAIN_ROWS + 1))
    if len(first) <= PLAIN_ROWS:
        return first
    from logaudit.core.packed_rows import packed_rows  # noqa: PLC0415 - few sessions have so many

    return packed_rows(chain(first, left), kind)


def all_packed(parts: Sequence[Sequence[T]], kind: type[T]) -> Sequence[Sequence[T]]:
    """The same parts; where some are packed, all are."""
    if not any(isinstance(part, Rows) for part in parts):
        return parts
    from logaudit.core.packed_rows import packed_rows  # noqa: PLC0415 - few sessions have so many

    return [part if isinstance(part, Rows) else packed_rows(part, kind) for part in parts]


def batches(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """The rows, at most ``size`` at a time; each is unpacked once."""
    left = iter(rows)
    while batch := tuple(islice(left, size)):
        yield batch


def rows_where(rows: Sequence[T], keep: Callable[[T], bool]) -> Sequence[T]:
    """Those rows that are to be kept, packed where they were."""
    if isinstance(rows, Rows):
        return Rows(part.where(keep) for part in rows.parts)
    return tuple(row for row in rows if keep(row))


def joined_rows(parts: Iterable[Sequence[T]]) -> Sequence[T]:
    """The rows of all sessions: a tuple, or `Rows` where those of some session are."""
    kept = [part for part in parts if part]
    if kept and all(isinstance(part, Rows) for part in kept):
        return Rows(chain.from_iterable(part.parts for part in kept if isinstance(part, Rows)))
    return tuple(chain.from_iterable(kept))
