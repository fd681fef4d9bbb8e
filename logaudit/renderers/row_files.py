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


def json(report: Report, name: str, rows: Sequence[object], kind: type[Struct]) -> str:
    """An object with the rows as ``name``: decimal strings, null for what is not known, places as in a scan's JSON."""
    columns = columns_of(kind)
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "logaudit", "version": report.tool_version},
            name: [{column.name: _value(column.value(row)) for column in columns} for row in rows],
        }
    )


def _value(value: object) -> Data:
    match value:
        case Location():
            return location(value)
        case bool() | int():
            return value
        case tuple():
            return [_value(item) for item in value]
        case _:
            return null_if_empty(text_of(value))
