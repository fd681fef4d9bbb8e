"""Understands a table by its first lines; one without a header gets one where its cells leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from logaudit.ledger.column_roles import columns_by_content
from logaudit.ledger.columns import DELIMITERS, Header
from logaudit.ledger.feed import text_of
from logaudit.ledger.table_sample import HEAD, spec_of_lines, table_sample
from logaudit.profiles.profile import LedgerSpec

#: What the cells must make known: times, markets and sides by their look, prices, size and PnL by arithmetic.
_KNOWN: Final = frozenset({"closed", "symbol", "side", "entry_price", "exit_price", "size", "net_pnl"})
_FEWEST_ROWS: Final = 3


def understood(
    lines: Sequence[tuple[int, bytes]], spec: LedgerSpec, sides: Mapping[str, str]
) -> tuple[LedgerSpec, Header | None]:
    """``spec`` with the columns that only cells make known, and the header of lines that are all rows."""
    head = [text_of(raw) for _, raw in lines[:HEAD]]
    return spec_of_lines(head, spec, sides), header_by_content(head, spec, sides)


def header_by_content(lines: Sequence[str], spec: LedgerSpec, sides: Mapping[str, str]) -> Header | None:
    """The header of lines that are all rows; None where they are no table, have a header, or leave a doubt."""
    table = table_sample(lines, spec)
    if table is None or any(table.columns) or len(table.rows) < _FEWEST_ROWS:
        return None
    names = [f"column {i + 1}" for i in range(len(table.columns))]
    found = columns_by_content(names, table.rows, LedgerSpec(), sides).columns
    columns = {name: names.index(told[0]) for name, told in found.items()}
    if not _KNOWN.issubset(columns):
        return None
    first = next(line for line in lines if line.strip())
    return Header(tuple(names), spec.separator or max(DELIMITERS, key=first.count), columns)
