"""Ledgers that a bot keeps in two forms, such as a CSV and a JSON file of the same trades."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.reconciled import Session

#: So many rows of one, and such a part of either, repeat the other's.
_ROWS: Final = 2
_PART: Final = 2

#: Ledger whose rows repeat another's, that other → each such row with its twin.
Mirrors = dict[tuple[Address, Address], list[tuple[LedgerEntry, LedgerEntry]]]


def mirrored(session: Session) -> Mirrors:
    """The ledgers of other columns that tell the same trades.

    In ledgers of the same columns, a row that is in both was written to the wrong one.
    """
    found: Mirrors = defaultdict(list)
    for row, twin in session.duplicates:
        found[row.location.address, twin.location.address].append((row, twin))
    ledgers = {lc.address: lc.ledger for lc in session.ledgers}
    rows = Counter(row.location.address for row in session.rows)
    return {
        (one, other): pairs
        for (one, other), pairs in found.items()
        if one in ledgers
        and other in ledgers
        and ledgers[one].header != ledgers[other].header
        and len(pairs) >= _ROWS
        and len(pairs) * _PART >= min(rows[one], rows[other])
    }
