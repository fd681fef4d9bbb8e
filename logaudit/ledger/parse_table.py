"""The tables of a database or document → the ledger among them, read by the same rules as separated text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, assert_never

from logaudit.core.location import Address, Location, Role
from logaudit.core.text import quote
from logaudit.core.trades import LedgerEntry
from logaudit.ledger.column_roles import columns_by_content
from logaudit.ledger.columns import Header, header_of, key
from logaudit.ledger.convention import survey_cells
from logaudit.ledger.entry_kind import SetAside
from logaudit.ledger.fills import fills_of
from logaudit.ledger.readers import Row, SourceTable
from logaudit.ledger.reject import RejectedRow
from logaudit.ledger.rows import Rejection, RowReader, UndatedEntry
from logaudit.ledger.sniff import is_ledger
from logaudit.ledger.stamps import parse_any_year
from logaudit.ledger.table import Ledger, Newline
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import name_date

_SEPARATOR: Final = ","
#: What every record of a structured log shows, and no trade.
_LOG_WORDS: Final = (
    frozenset({"message", "msg", "event"}),
    frozenset({"level", "levelname", "severity", "log_level"}),
)


def ledger_table(
    tables: Iterable[SourceTable], name: str, spec: LedgerSpec, sides: Mapping[str, str]
) -> tuple[SourceTable, Header] | None:
    """The table that records closed trades: the one whose columns mean the most; None without one."""
    found: list[tuple[SourceTable, Header]] = []
    for table in tables:
        if is_log(table.columns):
            continue
        told = columns_by_content(table.columns, (row.cells for row in table.rows), spec, sides)
        header = header_of(table.columns, _SEPARATOR, told)
        if header is not None and is_ledger(header, name, told):
            found.append((table, header))
    return max(found, key=lambda item: len(item[1].columns), default=None)


def is_log(columns: Sequence[str]) -> bool:
    """Whether rows with these columns are records of a structured log."""
    return all({key(c) for c in columns} & words for words in _LOG_WORDS)


def parse_table(
    table: SourceTable, header: Header, address: Address, spec: LedgerSpec, sides: Mapping[str, str]
) -> Ledger:
    """Reads the rows of one table; never raises for content."""
    kept = table.newest(
        header.columns["closed"], lambda cell: at.us if (at := parse_any_year(cell)) else None
    )
    date = name_date(PurePosixPath(address.member or address.path).name)
    convention = survey_cells(header, spec, (row.cells for row in kept), date)
    reader = RowReader(header, sides, header.offset, None, convention, spec.zone)
    rows: list[LedgerEntry] = []
    rejected: list[RejectedRow] = []
    undated: list[UndatedEntry] = []
    aside: list[SetAside] = []
    for row in kept:
        place = _place(address, table, row)
        result = reader.read(row.cells, len(rows), place)
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
    if (fills := fills_of(rows, header.columns, header.cells)) is not None:
        rows, aside = [*fills.rows], [*aside, *fills.aside]
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
    )


def _place(address: Address, table: SourceTable, row: Row) -> Location:
    shown = quote(", ".join(f"{c}={v}" for c, v in zip(table.columns, row.cells, strict=False) if v))
    return Location(address.path, address.member, row.line, Role.ROW, shown, table=table.name, row=row.number)
