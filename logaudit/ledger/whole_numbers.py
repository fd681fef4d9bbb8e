"""Numbers that a database holds as integers of their last place: the point is put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ledger.readers import Row, SourceTable

_WHOLE: Final = lazy_pattern(r"-?[0-9]+")


def with_places(table: SourceTable, columns: Mapping[str, int], places: Mapping[str, int]) -> SourceTable:
    """The table with a point in the columns of ``places``, where all their cells are integers.

    Only tables that have a name, as in a database, hold numbers so: text and documents print the point.

    Args:
        columns: canonical name → index.
        places: canonical name → digits behind the point.
    """
    if not table.name:
        return table
    behind = {columns[name]: digits for name, digits in places.items() if name in columns}
    behind = {index: digits for index, digits in behind.items() if _is_whole(table, index)}
    return replace(table, rows=tuple(_pointed(row, behind) for row in table.rows)) if behind else table


def _is_whole(table: SourceTable, index: int) -> bool:
    return all(not row.cells[index] or _WHOLE.fullmatch(row.cells[index]) for row in table.rows)


def _pointed(row: Row, behind: Mapping[int, int]) -> Row:
    cells = [
        _with_point(cell, behind[index]) if cell and index in behind else cell
        for index, cell in enumerate(row.cells)
    ]
    return replace(row, cells=tuple(cells))


def _with_point(whole: str, digits: int) -> str:
    """``84125000`` with 6 digits behind the point: ``84.125000``."""
    sign, figures = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    figures = figures.zfill(digits + 1)
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}"
