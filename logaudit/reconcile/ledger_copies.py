"""Copies of a ledger that lie beside it: what both hold is one row, and what only the copy holds was there once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

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
    copies = [extract for extract in extracts if is_set_aside(extract.address)]
    ledgers = [extract for extract in extracts if not is_set_aside(extract.address)] if copies else []
    wanted = frozenset[Cells]().union(*map(_texts, copies))
    sizes: list[int] = []
    holders: dict[tuple[tuple[str, ...], Cells], list[int]] = defaultdict(list)
    for number, ledger in enumerate(ledgers):
        texts = _texts(ledger)
        sizes.append(len(texts))
        for cells in texts & wanted:
            holders[ledger.ledger.header, cells].append(number)
    found = []
    for copy in copies:
        mine = _texts(copy)
        same = Counter(n for cells in mine for n in holders.get((copy.ledger.header, cells), ()))
        sharing = (
            n for n, count in same.items() if count >= _ROWS and count * _PART >= min(len(mine), sizes[n])
        )
        if (first := min(sharing, default=None)) is not None:
            found.append(LedgerCopy(copy, ledgers[first]))
    return tuple(found)


def without_copies(extracts: Sequence[LedgerExtract]) -> list[LedgerExtract]:
    """The ledgers that are no copy of another one."""
    copies = {id(found.copy) for found in ledger_copies(extracts)}
    return [extract for extract in extracts if id(extract) not in copies]


def _texts(extract: LedgerExtract) -> frozenset[Cells]:
    return frozenset(row.cells for row in extract.ledger.rows)
