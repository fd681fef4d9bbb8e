"""Ledgers that are copies made before more rows were written: found among very many ledgers in linear time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.reconcile.normalize.duplicate_files import first_of_equals, is_set_aside

#: How many rows, and what they hash to.
_Beginning: TypeAlias = tuple[int, int]


def without_earlier_copies(
    ledgers: Sequence[LedgerExtract], copies: dict[Address, tuple[Address, ...]]
) -> tuple[LedgerExtract, ...]:
    """Drops ledgers that were copied before more rows were written, or with other line ends.

    The rows of such a copy are the first ones of a longer ledger, or all those of another; nothing else, no
    damaged line, stands in it. A ledger beside a longer file that was set aside is none: it lost its last rows.
    Their addresses are added to ``copies`` under that of the longer one.
    """
    kept: list[LedgerExtract] = []
    for group in _alike(ledgers):
        wholes = _Wholes(group)
        for extract in sorted(group, key=lambda d: (-len(d.ledger.rows), first_of_equals(d))):
            whole = wholes.of(extract)
            if whole is None:
                kept.append(extract)
                wholes.add(extract)
            else:
                more = extract.address, *copies.pop(extract.address, ())
                copies[whole.address] = (*copies.get(whole.address, ()), *more)
    return tuple(sorted(kept, key=lambda d: d.address))


def _alike(ledgers: Iterable[LedgerExtract]) -> Iterable[list[LedgerExtract]]:
    """Ledgers with one header and one first row; those without any row as one group, as none is a copy."""
    groups: dict[object, list[LedgerExtract]] = defaultdict(list)
    for extract in ledgers:
        rows = extract.ledger.rows
        groups[(extract.ledger.header, _cells(rows[0])) if rows else None].append(extract)
    return groups.values()


class _Wholes:
    """The ledgers of a group of which others may be earlier copies."""

    def __init__(self, group: Sequence[LedgerExtract]) -> None:
        self._lengths = frozenset(len(d.ledger.rows) for d in group) if len(group) > 1 else frozenset()
        self._by_beginning: dict[_Beginning, list[LedgerExtract]] = defaultdict(list)

    def add(self, whole: LedgerExtract) -> None:
        """Any other of the group that is as long as this or shorter may be a copy of it."""
        for beginning in _beginnings(whole.ledger.rows, self._lengths):
            known = self._by_beginning[beginning]
            # The first of each kind is the one that is found.
            if not any(_kind(other, beginning) == _kind(whole, beginning) for other in known):
                known.append(whole)

    def of(self, part: LedgerExtract) -> LedgerExtract | None:
        """The first one of which a ledger is an earlier copy."""
        ours = part.ledger
        if not self._by_beginning or not ours.rows or len(ours.rejected) > ours.torn_tail:
            return None
        (*_, beginning) = _beginnings(ours.rows, frozenset((len(ours.rows),)))
        found = self._by_beginning.get(beginning, ())
        return next((whole for whole in found if _begins(part, whole) and not _lost(part, whole)), None)


def _beginnings(rows: Iterable[LedgerEntry], lengths: frozenset[int]) -> Iterator[_Beginning]:
    told = 0
    for count, row in enumerate(rows if lengths else (), 1):
        told = hash((told, _cells(row)))
        if count in lengths:
            yield count, told


def _cells(row: LedgerEntry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return row.cells.names, row.cells.texts


def _kind(whole: LedgerExtract, beginning: _Beginning) -> tuple[bool, bool]:
    return is_set_aside(whole.address), len(whole.ledger.rows) > beginning[0]


def _begins(part: LedgerExtract, whole: LedgerExtract) -> bool:
    return all(a.cells == b.cells for a, b in zip(part.ledger.rows, whole.ledger.rows, strict=False))


def _lost(part: LedgerExtract, whole: LedgerExtract) -> bool:
    """Whether the longer one is the copy, made before rows of the ledger went."""
    longer = len(whole.ledger.rows) > len(part.ledger.rows)
    return longer and is_set_aside(whole.address) and not is_set_aside(part.address)
