"""The door for formats of tables: what a reader promises, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, islice
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Message, Size, msg
from logaudit.ledger.cells import is_blank
from logaudit.ledger.stamps import parse_any_year

#: Columns of a table of which as many rows are kept as may be; of a wider one fewer, as cells cost memory.
_WIDE: Final = 8
#: Later than any time, and earlier, naive µs.
ANY_TIME: Final = 1 << 62
NO_TIME: Final = -ANY_TIME
#: Characters that the cells of a table may have together: a year of trades has far fewer.
MOST_TEXT: Final = 128 << 20
#: Rows that show which columns hold times.
_SAMPLE: Final = 100


def most_rows(width: int, table_rows: int) -> int:
    """How many rows are kept of a table with so many columns and too many rows: half of `Limits.table_rows`."""
    most = table_rows // 2
    return max(1, min(most, _WIDE * most // max(width, 1)))


def kept(count: int, most: int) -> tuple[range, ...]:
    """The 0-based places of the rows that are kept of ``count``: all, or those of the beginning and of the end.

    ``most`` is what `most_rows` says of the table, also in what follows.
    """
    if count <= 2 * most:
        return (range(count),)
    return range(most), range(count - most, count)


def left_out(count: int, most: int) -> int:
    """How many of ``count`` rows are not kept."""
    return max(0, count - 2 * most)


def others(count: int, most: int) -> range:
    """The 0-based places of the rows that are not kept of ``count``."""
    return range(most, most + left_out(count, most))


class Row(Struct, frozen=True):
    """One row as text, None and missing values as empty cells.

    Attributes:
        line: 1-based line of the file, 0 where it has none; number: row id, or 1-based place in a list.
    """

    cells: tuple[str, ...]
    line: int = 0
    number: int = 0


class NewestRows(Struct, frozen=True):
    """The rows of a table that are judged.

    Attributes:
        rows: in the table's order.
        until: the latest time that one of the others may show, naive µs; None where there are no others.
    """

    rows: Sequence[Row]
    until: int | None = None


class SourceTable(Struct, frozen=True):
    """One table of a file.

    Attributes:
        name: empty where the file is the table.
        rows: all of them; of a table with more than twice ``most``, so many from its beginning and its end.
        most: `most_rows` of the table.
        left_out: rows between these that were not read.
        latest: by the place of a column of times, the latest one that these rows show, naive µs; `NO_TIME` where they
            show none. A column without an entry may show any.
        trouble: why some of its rows may be missing: a clause, None where none are.
        anywhere: whether these may bear any time, not only one behind the rows that were read.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    trouble: Message | None = None
    anywhere: bool = False
    left_out: int = 0
    single: bool = False
    most: int = 0
    latest: Mapping[int, int] = {}

    def newest(self, column: int, at: Callable[[str], int | None]) -> NewestRows:
        """The rows that were read; of a table that was cut those with the latest times in ``column``, in its order.

        A row without a time goes with the one above it.
        """
        if not self.left_out:
            return NewestRows(self.rows)
        times = [*accumulate((at(row.cells[column]) for row in self.rows), _or_above)]
        order = sorted(range(len(times)), key=lambda i: (NO_TIME if times[i] is None else times[i], i))
        others, chosen = order[: -self.most], sorted(order[-self.most :])
        seen = [us for i in others if (us := times[i]) is not None]
        return NewestRows(
            tuple(self.rows[i] for i in chosen), max(self.latest.get(column, ANY_TIME), *seen, NO_TIME)
        )


def _or_above(above: int | None, own: int | None) -> int | None:
    return above if own is None else own


class LatestTimes:
    """The latest times that rows show which are not kept, in each column that shows times in rows that are kept."""

    def __init__(self, kept: Iterable[Sequence[str]]) -> None:
        """``kept`` are the cells of some rows; many others show what they show."""
        rows = [*islice(kept, _SAMPLE)]
        times = {i for cells in rows for i, cell in enumerate(cells) if parse_any_year(cell) is not None}
        self._found = dict.fromkeys(sorted(times), NO_TIME)

    @property
    def columns(self) -> tuple[int, ...]:
        """The places of these columns."""
        return tuple(self._found)

    def add(self, column: int, cells: Iterable[str]) -> None:
        """Cells of a column; one that is neither blank nor a time may mean any."""
        for cell in cells:
            at = parse_any_year(cell)
            if at is not None:
                self._found[column] = max(self._found[column], at.us)
            elif not is_blank(cell):
                self._found[column] = ANY_TIME

    def latest(self) -> Mapping[int, int]:
        """As `SourceTable.latest`."""
        return dict(self._found)


class UnsupportedTableError(ValueError):
    """The file cannot be read here: a package is missing, or a feature is not supported."""


class TooLargeTableError(ValueError):
    """A limit keeps the file from being read.

    Attributes:
        limit: the field of `Limits`.
    """

    def __init__(self, detail: Message, limit: str) -> None:
        super().__init__(detail)
        self.limit = limit


def too_much_text() -> ValueError:
    """That a packed table holds more than is unpacked of any: then none of its rows are read."""
    return ValueError(msg("it unpacks to more than {limit} of text", limit=Size(MOST_TEXT)))


class TableReader(Protocol):
    """A format of tables. Nothing is written beside the file, and bad content raises ValueError at most."""

    def matches(self, head: bytes, name: str) -> bool:
        """Whether a file that begins with ``head`` is of this format; ``name`` may be a path."""

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterable[SourceTable]:
        """The tables of a file, which may be a copy in a temporary folder, each as far as ``limits`` allow.

        Raises:
            ValueError: the file is damaged.
        """


def reader_for(readers: Sequence[TableReader], head: bytes, name: str) -> TableReader | None:
    """The first reader that knows the format."""
    return next((reader for reader in readers if reader.matches(head, name)), None)


def cell_text(value: object) -> str:
    """A value as text: nothing for None and bytes, floats with all their digits, times as dates are written."""
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, dict | list):
        import json  # noqa: PLC0415 - few cells are nested

        return json.dumps(value, ensure_ascii=False, default=str)
    return repr(value) if isinstance(value, float) else str(value)
