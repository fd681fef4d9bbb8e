"""The tables of a database or document → the ledger among them, read by the same rules as separated text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, Location, Role
from logaudit.core.text import quote
from logaudit.core.trades import EntryKind, LedgerEntry
from logaudit.ledger.column_roles import columns_by_content
from logaudit.ledger.columns import VAGUE_PRICES, Header, header_of, key
from logaudit.ledger.convention import Convention, infer_from_cells
from logaudit.ledger.entry_kind import SetAside, parted_by_words
from logaudit.ledger.fills import fills_in
from logaudit.ledger.joined_tables import with_joins
from logaudit.ledger.readers import Row, SourceTable
from logaudit.ledger.readers.table_reader import ANY_TIME
from logaudit.ledger.reject import RejectedRow
from logaudit.ledger.rows import Rejection, RowReader, UndatedEntry
from logaudit.ledger.sniff import is_ledger
from logaudit.ledger.stamps import parse_any_year
from logaudit.ledger.table import Ledger, Newline
from logaudit.ledger.whole_numbers import with_places
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import name_date

if TYPE_CHECKING:
    from logaudit.ledger.drifting_rows import DriftingRows

_SEPARATOR: Final = ","
#: What every record of a structured log shows, and no trade.
_LOG_WORDS: Final = (
    frozenset({"message", "msg", "event"}),
    frozenset({"level", "levelname", "severity", "log_level"}),
)


#: Names of tables that a program keeps from before it changed its columns.
_BACKUP: Final = lazy_pattern(r"(?:^|_)(?:bak|backup|old|archive|tmp|temp)\d*(?:_|$)", re.IGNORECASE)


class LedgerTables(Struct, frozen=True):
    """The ledger among the tables of a file.

    Attributes:
        tables: one, or several with the same columns, such as one a year.
        others: names of tables with other columns that record trades too.
    """

    tables: tuple[SourceTable, ...]
    header: Header
    others: tuple[str, ...] = ()


def ledger_tables(
    tables: Iterable[SourceTable], name: str, spec: LedgerSpec, sides: Mapping[str, str]
) -> LedgerTables | None:
    """The table that records closed trades: one with rows and results, whose columns mean the most; None without."""
    found: list[tuple[SourceTable, Header]] = []
    for table in with_joins([table for table in tables if not is_log(table.columns)], spec):
        told = columns_by_content(table.columns, (row.cells for row in table.rows), spec, sides)
        header = header_of(table.columns, _SEPARATOR, told)
        if header is not None and is_ledger(header, name, told):
            found.append((table, header))
    if not found:
        return None
    best, header = max(
        found, key=lambda item: (_current(item[0]), _shows_trades(item[1]), len(item[1].columns))
    )
    more = [(t, h) for t, h in found if t is not best and _current(t)]
    return LedgerTables(
        (best, *(t for t, _ in more if t.columns == best.columns)),
        header,
        tuple(t.name for t, h in more if t.columns != best.columns and _shows_trades(h)),
    )


def _current(table: SourceTable) -> bool:
    return bool(table.rows) and _BACKUP.search(table.name) is None


def _shows_trades(header: Header) -> bool:
    """Whether columns show trades that were closed, and no mere sums of them or fills."""
    known = header.columns.keys()
    price = header.key("exit_price")
    told = known & {"net_pnl", "gross_pnl"} or (price and price not in VAGUE_PRICES)
    return bool(told) and bool(known & {"side", "exit_price"}) and bool(known & {"size", "exit_price"})


def is_log(columns: Sequence[str]) -> bool:
    """Whether rows with these columns are records of a structured log."""
    return all({key(c) for c in columns} & words for words in _LOG_WORDS)


def parse_table(held: LedgerTables, address: Address, spec: LedgerSpec, sides: Mapping[str, str]) -> Ledger:
    """Reads the rows of a ledger's tables, in order of time where they are several; never raises for content."""
    header, closed = held.header, held.header.columns["closed"]
    held = replace(
        held, tables=tuple(with_places(table, header.columns, spec.places) for table in held.tables)
    )
    newest = [(table, table.newest(closed, _us_of)) for table in held.tables]
    kept = [(table, row) for table, chosen in newest for row in chosen.rows]
    unread = [chosen.until for _, chosen in newest if chosen.until is not None]
    unread += [ANY_TIME for table in held.tables if table.anywhere]
    if len(held.tables) > 1:
        kept.sort(key=lambda item: _us_of(item[1].cells[closed]) or 0)
    date = name_date(PurePosixPath(address.member or address.path).name)
    convention = infer_from_cells(header, spec, (row.cells for _, row in kept), date)

    def reader_of(own: Header) -> RowReader:
        return RowReader(own, sides, own.offset, None, convention, spec.zone)

    reader = reader_of(header)
    drifting = _drifting(header, convention, [row for _, row in kept], reader_of)
    rows: list[LedgerEntry] = []
    rejected: list[RejectedRow] = []
    undated: list[UndatedEntry] = []
    aside: list[SetAside] = []
    for table, row in kept:
        place = _place(address, table, row)
        result = (drifting or reader).read(row.cells, len(rows), place)
        match result:
            case LedgerEntry():
                rows.append(result)
            case SetAside():
                aside.append(result)
            case UndatedEntry():
                undated.append(result)
                if result.rejection is not None:
                    rejected.append(RejectedRow(place, result.rejection.reason, result.rejection.detail))
            case Rejection():
                rejected.append(RejectedRow(place, result.reason, result.detail))
            case _:
                assert_never(result)
    stated, whole = spec.kind is EntryKind.FILL, not unread
    widths = () if drifting is None else tuple(group for _, group in sorted(drifting.widths.items()))
    fills = None if widths else fills_in(rows, header.columns, header.cells, stated=stated, whole=whole)
    parted = fills or parted_by_words(rows, header.columns, header.cells)
    if parted is not None:
        rows, aside = [*parted.rows], [*aside, *parted.aside]
    return Ledger(
        address=address,
        copies=(),
        header=header.cells,
        columns=header.columns,
        delimiter=header.delimiter,
        header_changes=(),
        rows=tuple(rows),
        rejected=tuple(rejected),
        preamble=(),
        repeats=0,
        blank_lines=0,
        nuls=(),
        name_date=date,
        offset=header.offset,
        lines=len(kept),
        size=0,
        newline=Newline.NONE,
        torn_tail=False,
        convention=convention,
        undated=tuple(undated),
        aside=tuple(aside),
        fills=() if fills is None else fills.written,
        unread_until=max(unread, default=None),
        widths=widths,
    )


def _drifting(
    header: Header, convention: Convention, rows: Sequence[Row], reader_of: Callable[[Header], RowReader]
) -> DriftingRows | None:
    """What reads rows with cells behind the last named column, where there are some."""
    if not any(any(map(str.strip, row.cells[len(header.cells) :])) for row in rows):
        return None
    from logaudit.ledger.drifting_rows import DriftingRows  # noqa: PLC0415 - few tables are such

    return DriftingRows(header, convention, [row.cells for row in rows], reader_of)


def _us_of(cell: str) -> int | None:
    at = parse_any_year(cell)
    return None if at is None else at.us


def _place(address: Address, table: SourceTable, row: Row) -> Location:
    shown = quote(", ".join(f"{c}={v}" for c, v in zip(table.columns, row.cells, strict=False) if v))
    return Location(address.path, address.member, row.line, Role.ROW, shown, table=table.name, row=row.number)
