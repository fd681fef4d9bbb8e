"""Rows that a recorder wrote when a position was opened and never completed: those that fit a lost close."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from logaudit.core.money import agree
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, symbol_key
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger


class StandingRow(Struct, frozen=True):
    """A row that stands open though its position was closed."""

    row: LedgerEntry
    trade: ClosedTrade


def standing_rows(session: Session) -> tuple[StandingRow, ...]:
    """Each open row with the lost close of its position, one to one, in time order."""
    window = round(session.profile.ledger.window * SECOND)
    rows = [(lc, entry) for lc in session.ledgers for entry in _open_rows(lc)]
    found: list[StandingRow] = []
    for trade in session.missing:
        fits = [(lc, row) for lc, row in rows if _is_of(trade, row) and _began(trade, lc, row, window)]
        if fits:
            rows.remove(fits[0])
            found.append(StandingRow(fits[0][1], trade))
    return tuple(found)


def _open_rows(ledger: ReconciledLedger) -> Sequence[LedgerEntry]:
    told = (aside.entry for aside in ledger.ledger.aside if aside.kind is EntryKind.OPEN_POSITION)
    return [entry for entry in told if entry is not None]


def _is_of(trade: ClosedTrade, row: LedgerEntry) -> bool:
    """Whether symbol, side and what both print of the entry agree."""
    told, opened = trade.fields, trade.position.open
    if symbol_key(told.symbol) != symbol_key(row.fields.symbol):
        return False
    if told.side is not None and row.fields.side not in (None, told.side):
        return False
    prices = told.entry_price, opened.fields.entry_price if opened is not None else None
    known = next((price for price in prices if price is not None), None)
    return known is None or row.fields.entry_price is None or agree(known, row.fields.entry_price)


def _began(trade: ClosedTrade, ledger: ReconciledLedger, row: LedgerEntry, window: int) -> bool:
    """Whether the row is as old as the position; where either is not known, no younger than the close."""
    opened = trade.position.open
    times = [at - (ledger.shift.seconds or 0) * SECOND for at in [(row.fields.opened or row.at).us]]
    if opened is None:
        return all(at <= trade.at.end for at in times)
    return any(opened.at.us - window <= at <= opened.at.end + window for at in times)
