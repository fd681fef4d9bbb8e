"""Columns of a table that hold credentials by their names: their cells are never kept as they are."""

from __future__ import annotations

from collections.abc import Sequence

from logaudit.core.secrets import find_secrets, redact
from logaudit.ledger.columns import split

#: A value that is a credential under every name of one.
_SAMPLE = "Zq7XwLm2Pv9Kt4Rb"
_DELIMITERS = ",;\t|"


class SecretColumns:
    """Which cells of a table's lines are credentials."""

    def __init__(self, names: Sequence[str], delimiter: str) -> None:
        self._delimiter = delimiter
        self._width = len(names)
        self._names = {i: name for i, name in enumerate(names) if find_secrets(f"{name}={_SAMPLE}")}

    @classmethod
    def of_header(cls, line: str) -> SecretColumns:
        """Those of a table that begins with this line, whatever its delimiter; none of other text."""
        delimiter = max(_DELIMITERS, key=line.count)
        return cls(split(line, delimiter) or [], delimiter)

    def line(self, text: str) -> str:
        """A line with marks in place of its credentials."""
        cells = split(text, self._delimiter) if self._names else None
        if cells is None or len(cells) != self._width:
            return text
        for cell, shown in zip(cells, self.cells(cells), strict=True):
            if shown != cell:
                text = text.replace(cell, shown)
        return text

    def cells(self, cells: Sequence[str]) -> Sequence[str]:
        """The cells of a line with marks in place of credentials."""
        if not self._names:
            return cells
        return [self._hidden(i, cell) if i in self._names else cell for i, cell in enumerate(cells)]

    def _hidden(self, column: int, cell: str) -> str:
        name = self._names[column]
        if cell.strip() == name:
            return cell  # the header
        shown = redact(f"{name}='{cell}'")
        return shown.removeprefix(f"{name}='").removesuffix("'")
