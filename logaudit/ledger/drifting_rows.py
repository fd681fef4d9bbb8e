"""Rows of a sheet with more cells than its header names, read by aligning columns with cells by content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from logaudit.core.location import Location
from logaudit.core.trades import LedgerEntry
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import Header
from logaudit.ledger.convention import Convention
from logaudit.ledger.rows import RowReader, RowResult
from logaudit.ledger.widths import WidthGroup, aligned, counted


class DriftingRows:
    """Reads the rows of a table of which some have cells behind the last named column.

    Attributes:
        widths: the rows that were read so, by their width.
    """

    def __init__(
        self,
        header: Header,
        convention: Convention,
        rows: Sequence[Sequence[str]],
        reader_of: Callable[[Header], RowReader],
    ) -> None:
        self.widths: dict[int, WidthGroup] = {}
        self._header, self._reader = header, reader_of(header)
        groups: dict[int, list[Sequence[str]]] = defaultdict(list)
        for cells in rows:
            groups[self._width(cells)].append(cells)
        fitting = [cells[: len(header.cells)] for cells in groups.pop(len(header.cells), [])]
        found = {
            width: aligned(header, convention, [cells[:width] for cells in group], fitting)
            for width, group in groups.items()
        }
        self._by_width = {width: reader_of(own) for width, own in found.items() if own is not None}

    def read(self, cells: Sequence[str], number: int, place: Location) -> RowResult:
        """As `RowReader.read`."""
        width = self._width(cells)
        reader = self._by_width.get(width)
        if reader is None:
            return self._reader.read(cells, number, place)
        result = reader.read(cells[:width], number, place)
        if isinstance(result, LedgerEntry):
            known = self.widths.get(width)
            self.widths[width] = counted(known, reader.header, self._header.cells, place)
        return result

    def _width(self, cells: Sequence[str]) -> int:
        """The cells up to the last that is not blank, and no fewer than have a name."""
        last = next((i for i in range(len(cells), 0, -1) if not is_blank(cells[i - 1])), 0)
        return max(last, len(self._header.cells))
