"""Rows that a recorder wrote when a position was opened and never completed: those that fit a lost close."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.money import agree
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, symbol_key
from logaudit.reconcile.matching import Deviation, DeviationKind, explain
from logaudit.reconcile.positions import filled
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: What a ledger may call otherwise than the log.
_SUBJECT: Final = frozenset({DeviationKind.SYMBOL, DeviationKind.SIDE})


#: So many positions of one market and side beside others are hardly all open.
_OPENED_AGAIN: Final = 5


class StandingRow(Struct, frozen=True):
    """A row that stands open though its position was closed."""

    row: LedgerEntry
    trade: ClosedTrade


def standing_rows(session: Session) -> tuple[StandingRow, ...]:
    """Each open row with the lost close of its position, one to one, in time order."""
    window = round(session.profile.ledger.window * SECOND)
    rows = [(lc, entry) for lc in session.ledgers for entry in _open_rows(lc)]
    known = {lc.address: _conventions(session, lc) for lc in session.ledgers}
    found: list[StandingRow] = []
    for trade in session.missing:
        fits = [
            (lc, row)
            for lc, row in rows
            if _is_of(trade, row, known[lc.address]) and _began(trade, lc, row, window)
        ]
        if fits:
            rows.remove(fits[0])
            found.append(StandingRow(fits[0][1], trade))
    return tuple(found)


class UncompletedLedger(Struct, frozen=True):
    """A ledger in which rows tell how positions were opened and none how one ended."""

    ledger: ReconciledLedger
    rows: tuple[LedgerEntry, ...]


def never_completed(session: Session) -> tuple[UncompletedLedger, ...]:
    """Ledgers of whose positions several must have ended: markets were opened again, and again, on one side."""
    found: list[UncompletedLedger] = []
    for lc in session.ledgers:
        rows = tuple(_open_rows(lc))
        if lc.ledger.rows or lc.ledger.fills or lc.ledger.rejected or lc.ledger.undated:
            continue
        live = {(symbol_key(row.fields.symbol), row.fields.side) for row in rows}
        if len(rows) - len(live) >= _OPENED_AGAIN:
            found.append(UncompletedLedger(lc, rows))
    return tuple(found)


def _conventions(session: Session, ledger: ReconciledLedger) -> frozenset[Deviation]:
    """How the ledger writes symbols and sides otherwise than the log."""
    return frozenset(
        replace(told.deviation, log=log, row=row)
        for told in session.conventions
        if told.ledger == ledger.address
        for log, row in told.pairs or (("", ""),)
    )


def _open_rows(ledger: ReconciledLedger) -> Sequence[LedgerEntry]:
    told = (aside.entry for aside in ledger.ledger.aside if aside.kind is EntryKind.OPEN_POSITION)
    return [entry for entry in told if entry is not None]


def _is_of(trade: ClosedTrade, row: LedgerEntry, known: Collection[Deviation]) -> bool:
    """Whether what both print of the entry agrees, and symbol and side do in the ledger's way of writing them."""
    told = filled(trade.fields, [trade.position.open.fields] if trade.position.open is not None else [])
    entry, written = told.entry_price, row.fields.entry_price
    if entry is not None and written is not None and not agree(entry, written):
        return False
    otherwise = (d for d in explain(told, row.fields).deviations if d.kind in _SUBJECT)
    return all(deviation in known for deviation in otherwise)


def _began(trade: ClosedTrade, ledger: ReconciledLedger, row: LedgerEntry, window: int) -> bool:
    """Whether the row is as old as the position; where either is not known, no younger than the close."""
    opened = trade.position.open
    times = [at - (ledger.shift.seconds or 0) * SECOND for at in [(row.fields.opened or row.at).us]]
    if opened is None:
        return all(at <= trade.at.end for at in times)
    return any(opened.at.us - window <= at <= opened.at.end + window for at in times)
