"""XLSX workbooks, every sheet a table: title lines above the header are skipped, dates kept as numbers become dates."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Code, Text, msg
from logaudit.ledger.column_names import COMMON_NAMES
from logaudit.ledger.columns import key
from logaudit.ledger.readers.table_reader import (
    LatestTimes,
    Row,
    SourceTable,
    UnsupportedTableError,
    kept,
    left_out,
    most_rows,
    others,
)

if TYPE_CHECKING:
    import fastexcel

_MAGIC: Final = b"PK\x03\x04"
_NAMES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLD_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A header stands so far from the top at most, and names so many columns at least.
_HEADER_WITHIN: Final = 20
_NAMED: Final = 3
_NUMBER: Final = lazy_pattern(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TIME_NAMES: Final = frozenset({*COMMON_NAMES["closed"], *COMMON_NAMES["opened"]})
_TIME_WORD: Final = lazy_pattern(r"time|date|time?stamp|время|дата|zeit|datum|fecha|hora|时间|日期|日時")
#: Days since the first day of a workbook, for the years 2000 to 2099.
_LOW, _HIGH = 35_000, 73_051
_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - workbooks know no zone
#: A serial number of a whole second is this near to it, in µs.
_ROUNDED: Final = 1_000


class XlsxReader:
    """All sheets of a workbook; needs the extra ``excel``."""

    def matches(self, head: bytes, name: str) -> bool:
        """By name and first bytes: a workbook is an archive, and not every archive is one."""
        return head.startswith((_MAGIC, _OLD_MAGIC)) and name.lower().endswith(_NAMES)

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SourceTable]:
        """Every sheet that has a header."""
        try:
            import fastexcel  # noqa: PLC0415 - few bots keep workbooks

            from logaudit.ledger.readers.workbook_bounds import check_bounds  # noqa: PLC0415 - as above
        except ImportError as error:
            raise UnsupportedTableError(
                msg(
                    "a workbook is read with one more package: {command}",
                    command=Code("pip install 'logaudit[excel]'"),
                )
            ) from error
        check_bounds(file)
        first = _FIRST_1904 if _since_1904(file) else _FIRST
        try:
            book = fastexcel.read_excel(file)
            for name in book.sheet_names:
                table = _sheet(book, name, first, limits.table_rows)
                if table is not None:
                    yield table
        except fastexcel.FastExcelError as error:
            raise ValueError(
                msg("the workbook cannot be read: {error}", error=Text(str(error).splitlines()[0]))
            ) from error


def _sheet(book: fastexcel.ExcelReader, name: str, first: datetime, table_rows: int) -> SourceTable | None:
    loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    most = most_rows(loaded.num_columns, table_rows)
    lines: list[tuple[int, list[str]]] = []
    for place in kept(loaded.num_rows, most):
        columns = [column.to_pylist() for column in loaded.slice(place.start, len(place)).columns]
        texts = ([cell or "" for cell in line] for line in zip(*columns, strict=True))
        lines += zip(range(place.start + 1, place.stop + 1), texts, strict=True)
    at = next((i for i, (_, cells) in enumerate(lines[:_HEADER_WITHIN]) if _is_header(cells)), None)
    if at is None:
        return None
    header = [cell.strip() for cell in lines[at][1]]
    below = lines[at + 1 :]
    for i, column in enumerate(header):
        if _may_be_time(column):
            _with_dates([cells for _, cells in below], i, first)
    rows = tuple(Row(tuple(cells), number=n) for n, cells in below if any(cells))
    times, rest = LatestTimes(row.cells for row in rows), others(loaded.num_rows, most)
    for i in times.columns if rest else ():
        cells = [[cell or ""] for cell in loaded.column(i).slice(rest.start, len(rest)).to_pylist()]
        _with_dates(cells, 0, first)
        times.add(i, (cell for (cell,) in cells))
    unread = left_out(loaded.num_rows, most)
    return SourceTable(name, tuple(header), rows, left_out=unread, most=most, latest=times.latest())


def _is_header(cells: Sequence[str]) -> bool:
    full = [cell for cell in cells if cell.strip()]
    return len(full) >= _NAMED and not any(_NUMBER.fullmatch(cell.strip()) for cell in full)


def _may_be_time(name: str) -> bool:
    plain = key(name)
    return plain in _TIME_NAMES or _TIME_WORD.search(plain) is not None


def _with_dates(rows: list[list[str]], column: int, first: datetime) -> None:
    """Replaces the serial numbers in a column of times by dates."""
    for cells in rows:
        text = cells[column].strip()
        if _NUMBER.fullmatch(text) and _LOW <= (days := float(text)) < _HIGH:
            us = round(days * 86_400_000_000)
            near = round(us / 1_000_000) * 1_000_000
            whole = abs(us - near) <= _ROUNDED
            at = first + timedelta(microseconds=near if whole else round(us, -3))
            cells[column] = at.isoformat(" ", "seconds" if whole else "milliseconds")


def _since_1904(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as book, book.open("xl/workbook.xml") as part:
            return re.search(rb'date1904="(?:1|true)"', part.read(1 << 16)) is not None
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return False
