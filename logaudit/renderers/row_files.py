"""Rows of the report, of any kind, as CSV and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.report import Report
from logaudit.renderers.csv_cells import cell
from logaudit.renderers.csv_cells import table as cells_table
from logaudit.renderers.frames import columns_of, text_of
from logaudit.renderers.json_report import SCHEMA_VERSION
from logaudit.renderers.json_text import dumps, location, null_if_empty


def csv(rows: Sequence[object], kind: type[Struct]) -> str:
    """A header and one line a row, each ended by a line feed; unknown values are empty cells.

    No cell is a formula: a text that could be one begins with an apostrophe.
    """
    columns = columns_of(kind)
    lines = [
        [cell(text_of(column.value(row)), number=column.is_number) for column in columns] for row in rows
    ]
    return cells_table([[column.name for column in columns], *lines])


def json(report: Report, name: str, rows: Data) -> str:
    """An object with the rows as ``name``."""
    tool: Data = {"name": "logaudit", "version": report.tool_version}
    return dumps({"schema_version": SCHEMA_VERSION, "tool": tool, name: rows})


def objects(rows: Sequence[object], kind: type[Struct]) -> Data:
    """An object a row: decimal strings, null for what is not known, places as in a scan's JSON."""
    columns = columns_of(kind)
    return [{column.name: _value(column.value(row)) for column in columns} for row in rows]


def _value(value: object) -> Data:
    return location(value) if isinstance(value, Location) else null_if_empty(text_of(value))
