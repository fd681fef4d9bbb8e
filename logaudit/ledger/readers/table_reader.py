"""The door for formats of tables: what a reader promises, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from msgspec import Struct

from logaudit.core.message import Message

#: Rows that are kept of one table: the newest. More cost more memory than a scan may take.
MOST_ROWS: Final = 50_000


def kept(count: int) -> tuple[range, ...]:
    """The 0-based places of the rows that are kept of ``count``: all, or those of the beginning and of the end."""
    if count <= 2 * MOST_ROWS:
        return (range(count),)
    return range(MOST_ROWS), range(count - MOST_ROWS, count)


def left_out(count: int) -> int:
    """How many of ``count`` rows are not kept."""
    return max(0, count - 2 * MOST_ROWS)


class Row(Struct, frozen=True):
    """One row as text, None and missing values as empty cells.

    Attributes:
        line: 1-based line of the file, 0 where it has none; number: row id, or 1-based place in a list.
    """

    cells: tuple[str, ...]
    line: int = 0
    number: int = 0


class SourceTable(Struct, frozen=True):
    """One table of a file.

    Attributes:
        name: empty where the file is the table.
        rows: all of them; of a table with more than twice `MOST_ROWS`, so many from its beginning and its end.
        left_out: rows between these that were not read.
        trouble: why some of its rows may be missing: a clause, None where none are.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    trouble: Message | None = None
    left_out: int = 0
    single: bool = False

    def newest(self, column: int, at: Callable[[str], int | None]) -> Sequence[Row]:
        """The rows that were read, of a table that was cut the end with the later times in ``column``."""
        if not self.left_out:
            return self.rows
        half = len(self.rows) // 2
        first, last = self.rows[0].cells[column], self.rows[-1].cells[column]
        begins, ends = at(first), at(last)
        descends = begins is not None and ends is not None and begins > ends
        return self.rows[:half] if descends else self.rows[half:]


class UnsupportedTableError(ValueError):
    """The file cannot be read here: a package is missing, or a feature is not supported."""


class TableReader(Protocol):
    """A format of tables. Nothing is written beside the file, and bad content raises ValueError at most."""

    def matches(self, head: bytes, name: str) -> bool:
        """Whether a file that begins with ``head`` is of this format; ``name`` may be a path."""

    def read(self, file: Path) -> Iterable[SourceTable]:
        """The tables of a file, which may be a copy in a temporary folder.

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
