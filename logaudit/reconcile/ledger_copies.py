"""Copies of a ledger that lie beside it: what both hold is one row, and what only the copy holds was there once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Final

from msgspec import Struct

from logaudit.core.location import Address
from logaudit.core.trades import Cells, LedgerEntry
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.reconcile.normalize import is_set_aside

#: So many rows, and such a part of the copy or the ledger, must be the same to the letter.
_ROWS: Final = 2
_PART: Final = 2


class LedgerCopy(Struct, frozen=True):
    """A copy and the ledger that it was made of."""

    copy: LedgerExtract
    ledger: LedgerExtract

    @property
    def gone(self) -> tuple[LedgerEntry, ...]:
        """The copy's rows that the ledger no longer holds."""
        kept = _texts(self.ledger)
        return tuple(row for row in self.copy.ledger.rows if row.cells not in kept)


def ledger_copies(extracts: Sequence[LedgerExtract]) -> tuple[LedgerCopy, ...]:
    """Ledgers whose names say that they were set aside, with the one that shares their rows to the letter."""
    found: dict[Address, LedgerCopy] = {}
    for copy, ledger in permutations(extracts, 2):
        if is_set_aside(copy.address) and not is_set_aside(ledger.address) and _shares_rows(copy, ledger):
            found.setdefault(copy.address, LedgerCopy(copy, ledger))
    return tuple(found.values())


def without_copies(extracts: Sequence[LedgerExtract]) -> list[LedgerExtract]:
    """The ledgers that are no copy of another one."""
    copies = {id(found.copy) for found in ledger_copies(extracts)}
    return [extract for extract in extracts if id(extract) not in copies]


def _shares_rows(copy: LedgerExtract, ledger: LedgerExtract) -> bool:
    mine, others = _texts(copy), _texts(ledger)
    same = len(mine & others)
    return (
        copy.ledger.header == ledger.ledger.header
        and same >= _ROWS
        and same * _PART >= min(len(mine), len(others))
    )


def _texts(extract: LedgerExtract) -> frozenset[Cells]:
    return frozenset(row.cells for row in extract.ledger.rows)
