"""Readers of tables that are not separated text: one file a format, attached by its name in `READERS`."""

from __future__ import annotations

from typing import Final

from logaudit.ledger.readers.json_rows import JsonReader
from logaudit.ledger.readers.sqlite import SqliteReader
from logaudit.ledger.readers.table_reader import Row, SourceTable, TableReader, reader_for

#: The formats, the surest first.
READERS: Final[tuple[TableReader, ...]] = (SqliteReader(), JsonReader())

__all__ = ["READERS", "JsonReader", "Row", "SourceTable", "SqliteReader", "TableReader", "reader_for"]
