"""Fills that were taken for the opening of a position though the log tells them as a close, and the reverse.

Where the fill that opened a position was lost, the one that ended it looks like an opening, and from there on ends and
openings change places. Where the one that ended it was lost, the next opening of the other side looks like its end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, symbol_key
from logaudit.reconcile.fill_links import BOTH, equal_numbers
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import ReconciledLedger


def mistaken_openings(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], closes: Iterable[tuple[int, Event]]
) -> dict[int, Address]:
    """Index of each close without a row whose market, price, size and time a fill has that is no closed trade.

    Returns:
        The close's index → the ledger of the fill.
    """
    window = round(evidence.profile.ledger.window * SECOND)
    openings = [(ledger, row) for ledger in ledgers for row in _openings(ledger)]
    found: dict[int, Address] = {}
    for i, close in closes if openings else ():
        for ledger, row in openings:
            if _tells(ledger, row, close, window):
                found[i] = ledger.address
                break
    return found


def mistaken_ends(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], rows: Iterable[LedgerEntry]
) -> Iterator[LedgerEntry]:
    """The fills without a close that the log tells as the opening of a position."""
    window = round(evidence.profile.ledger.window * SECOND)
    of = {ledger.address: ledger for ledger in ledgers if ledger.ledger.fills}
    for row in rows:
        ledger = of.get(row.location.address)
        if ledger is not None and any(
            _tells(ledger, row, _as_fill(opened), window) for opened in evidence.of(EventKind.POSITION_OPENED)
        ):
            yield row


def _as_fill(opened: Event) -> Event:
    told = opened.captures
    fields = replace(told.fields, exit_price=told.fields.entry_price)
    return replace(opened, captures=replace(told, fields=fields))


def _openings(ledger: ReconciledLedger) -> Iterator[LedgerEntry]:
    """The fills, as they are written, that were taken for openings."""
    held = ledger.ledger
    if held.fills:
        aside: Collection[object] = {a.location for a in held.aside if a.kind is EntryKind.OPEN_POSITION}
        yield from (row for row in held.fills if row.location in aside)


def _tells(ledger: ReconciledLedger, row: LedgerEntry, close: Event, window: int) -> bool:
    if symbol_key(row.fields.symbol) != symbol_key(close.fields.symbol):
        return False
    since, until = close.at.us - window - row.at.precision, close.at.end + window
    if not any(since <= at <= until for at in ledger.readings(row)):
        return False
    return equal_numbers(close.fields, row.fields) == BOTH
