"""Tables of one file that record a trade together: exits that name their position only by its key are given its market.

A table of exits is joined to the one table of positions or trades whose keys nearly all of its rows bear. Rows without
a partner keep a blank market, so that they are rows that cannot be read, and none that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import key, named_columns
from logaudit.ledger.readers import Row, SourceTable
from logaudit.profiles.profile import LedgerSpec

#: What a table of exits may take from its positions; the size only where each position has one exit.
_TAKEN: Final = ("symbol", "side", "entry_price", "opened", "size")
_RESULTS: Final = frozenset({"exit_price", "net_pnl", "gross_pnl"})
#: Share of the exits whose position must be there, and the fewest of them.
_SHARE: Final = 0.9
_FEWEST: Final = 3


class _Join(Struct, frozen=True):
    """Which column of a table of exits holds the keys of which column of another table."""

    own: int
    positions: SourceTable
    theirs: int


def with_joins(tables: Sequence[SourceTable], spec: LedgerSpec) -> list[SourceTable]:
    """The tables; one of exits without a market has the columns of its positions behind its own."""
    return [_joined(table, tables, spec) for table in tables]


def _joined(table: SourceTable, tables: Sequence[SourceTable], spec: LedgerSpec) -> SourceTable:
    known = named_columns(table.columns, spec)
    if "symbol" in known or "closed" not in known or not _RESULTS & known.keys():
        return table
    joins = [join for other in tables if other is not table for join in _joins(table, other, spec)]
    return _with_columns(table, joins[0], known, spec) if len(joins) == 1 else table


def _joins(table: SourceTable, other: SourceTable, spec: LedgerSpec) -> Iterator[_Join]:
    """The keys that lead from a table to another one that names markets and records no ends itself."""
    known = named_columns(other.columns, spec)
    if "symbol" not in known or _RESULTS & known.keys():
        return
    theirs = {key(name): i for i, name in enumerate(other.columns)}
    for own, name in enumerate(table.columns):
        told = key(name)
        if not told.endswith("_id"):
            continue
        at = theirs.get(told, theirs.get("id", -1) if _is_named(other.name, told[:-3]) else -1)
        if at >= 0 and _leads(table, own, other, at):
            yield _Join(own, other, at)


def _is_named(table: str, stem: str) -> bool:
    """Whether ``position_id`` speaks of the rows of a table: ``position``, ``positions``, ``bot_positions``."""
    name = key(table)
    return any(name == word or name.endswith(f"_{word}") for word in (stem, f"{stem}s", f"{stem}es"))


def _leads(table: SourceTable, own: int, other: SourceTable, theirs: int) -> bool:
    keys = [row.cells[theirs] for row in other.rows]
    if len(set(keys)) < len(keys) or any(map(is_blank, keys)):
        return False
    held = frozenset(keys)
    told = [row.cells[own] in held for row in table.rows]
    return sum(told) >= max(_FEWEST, _SHARE * len(told))


def _with_columns(table: SourceTable, join: _Join, known: dict[str, int], spec: LedgerSpec) -> SourceTable:
    other = join.positions
    found = named_columns(other.columns, spec)
    taken = [found[name] for name in _TAKEN if name in found and name not in known]
    own = [row.cells[join.own] for row in table.rows]
    if "size" in found and len(set(own)) < len(own):
        taken = [i for i in taken if i != found["size"]]
    names = {key(name) for name in table.columns}
    taken = [i for i in dict.fromkeys(taken) if key(other.columns[i]) not in names]
    by_key = {row.cells[join.theirs]: row.cells for row in other.rows}
    blank = ("",) * len(taken)

    def joined(row: Row) -> Row:
        partner = by_key.get(row.cells[join.own])
        more = blank if partner is None else tuple(partner[i] for i in taken)
        return replace(row, cells=(*row.cells, *more))

    return replace(
        table,
        columns=(*table.columns, *(other.columns[i] for i in taken)),
        rows=tuple(map(joined, table.rows)),
        trouble=table.trouble or other.trouble,
    )
