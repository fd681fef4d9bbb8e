"""Readers of tables that are not separated text: one file a format, attached by its name in `READERS`."""

from __future__ import annotations

from typing import Final

from logaudit.ledger.readers.json_rows import JsonReader
from logaudit.ledger.readers.parquet import ParquetReader
from logaudit.ledger.readers.sqlite import SqliteReader
from logaudit.ledger.readers.table_reader import (
    Row,
    SourceTable,
    TableReader,
    TooLargeTableError,
    UnsupportedTableError,
    reader_for,
)
from logaudit.ledger.readers.xlsx import XlsxReader

#: The formats, the surest first.
READERS: Final[tuple[TableReader, ...]] = (SqliteReader(), XlsxReader(), ParquetReader(), JsonReader())

__all__ = [
    "READERS",
    "JsonReader",
    "ParquetReader",
    "Row",
    "SourceTable",
    "SqliteReader",
    "TableReader",
    "TooLargeTableError",
    "UnsupportedTableError",
    "XlsxReader",
    "reader_for",
]
