"""The first lines of separated text as a table, and what its cells say of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.ledger.column_roles import SAMPLE, columns_by_content
from logaudit.ledger.columns import DELIMITERS, read_header, split
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day
from logaudit.profiles.profile import LedgerSpec

#: Lines of a file that suffice to understand it.
HEAD: Final = SAMPLE + 20


class TableSample(Struct, frozen=True):
    """A header and the rows under it; without a header, ``columns`` holds an empty name for each cell."""

    columns: tuple[str, ...]
    rows: tuple[list[str], ...]


def table_sample(lines: Sequence[str], spec: LedgerSpec) -> TableSample | None:
    """The table that begins with the first line that is not blank; None for text that is no table."""
    full = [line for line in lines[:HEAD] if line.strip()]
    if not full:
        return None
    delimiter = spec.separator or max(DELIMITERS, key=full[0].count)
    first = split(full[0], delimiter)
    if first is None or len(first) < 2:  # noqa: PLR2004 - one cell is a line of text
        return None
    headless = any(parse_stamp(c) is not None or parse_time_of_day(c) is not None for c in first)
    below = full if headless else full[1:]
    rows = [cells for line in below if (cells := split(line, delimiter)) is not None]
    fitting = tuple(cells for cells in rows if len(cells) == len(first))
    return TableSample(tuple("" if headless else cell.strip() for cell in first), fitting)


def spec_of_lines(lines: Sequence[str], spec: LedgerSpec, sides: Mapping[str, str]) -> LedgerSpec:
    """``spec`` with the columns that only cells make known, where the first line is no header by its names."""
    first = next((line for line in lines if line.strip()), "")
    header = read_header(first, spec)
    if header is not None and {"exit_price", "net_pnl", "gross_pnl"} & header.columns.keys():
        return spec
    table = table_sample(lines, spec)
    return spec if table is None else columns_by_content(table.columns, table.rows, spec, sides)
