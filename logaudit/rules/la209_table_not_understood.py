"""LA209 table-not-understood.

# What it finds

A table beside the logs that may record trades, by its columns, its cells and its name, and whose columns are not
understood: none is known to hold the time, the market, or the result of a trade. Tables of something else, such as
candles, balances, orders or signals, are not meant, and nothing is said where every close has its row elsewhere.

# Why it matters

Rows that could not be read may be the ones that seem to be missing. As long as the table is not understood, no close
that its rows may tell of is called lost, and the ledger is not called complete either.

# Example

`deals.csv` with the columns `when,what,way,in,out,lots,res`: the market and the way are known by their cells, the
rest is not.

# What to do

State what its columns mean, under `[[ledgers]]` in `logaudit.toml`. `logaudit profile ledger FILE` shows what was
understood, column by column, and prints the lines to add.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location, Role
from logaudit.core.message import Code, Listed, codes, label, msg, sentences
from logaudit.core.text import printable, quote
from logaudit.core.trades import TradeState
from logaudit.ingest.source_extract import OtherExtract
from logaudit.ledger.unread_table import UnreadTable
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report

RULE = Rule(
    "LA209",
    "table-not-understood",
    Severity.WARNING,
    "a table that may be a ledger and is not understood",
    label("rule", "a table that may be a ledger and is not understood"),
)

_MISSING: Final = {
    "closed": label("column", "the time of the close"),
    "symbol": label("column", "the market"),
    "result": label("column", "the exit price or the PnL"),
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such table."""
    for session in case.sessions:
        if _all_recorded(session):
            continue
        for other in session.evidence.others:
            if other.table is not None:
                yield _unknown(session, other, other.table)


def _all_recorded(session: Session) -> bool:
    """Whether every close has its row, so that no table is needed."""
    wanting = (TradeState.UNVERIFIABLE, TradeState.SILENT_DROP, TradeState.FALSE_ACK, TradeState.FAILED_WRITE)
    return bool(session.closed) and not any(trade.state in wanting for trade in session.closed)


def _unknown(session: Session, other: OtherExtract, table: UnreadTable) -> Finding:
    path = other.address.member or other.address.path
    named = [column for column in table.columns if column]
    return report(
        RULE,
        session,
        sentences(
            msg(
                "{table} may record trades, but nothing tells which column is {missing}.",
                table=Code(printable(f"{path}#{table.table}" if table.table else path)),
                missing=Listed(tuple(_MISSING[role] for role in table.missing)),
            ),
            msg("Its columns: {columns}.", columns=codes([quote(name, 40) for name in named]))
            if named
            else msg("It has no header."),
        ),
        [_place(other, table)],
        (path.rpartition("/")[2], table.table),
        data={
            "columns": list(table.columns),
            "missing": list(table.missing),
            "known": [f"{role} = {column}" for role, column in sorted(table.known.items())],
        },
        remedy=msg(
            "{command} shows what was understood and prints the [[ledgers]] lines for {file}.",
            command=Code(f"logaudit profile ledger {printable(other.address.path)}"),
            file=Code("logaudit.toml"),
        ),
    )


def _place(other: OtherExtract, table: UnreadTable) -> Location:
    shown = quote(", ".join(table.columns))
    return Location(other.address.path, other.address.member, 0, Role.LEDGER, shown, table=table.table)
