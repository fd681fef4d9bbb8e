"""The live lots that a close of one side may end: found by id, by entry price or by size among thousands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain, groupby, islice
from typing import Final

from logaudit.core.fields import TradeFields
from logaudit.core.money import tolerance
from logaudit.reconcile.positions.announcements import (
    SIZES,
    grain,
    ids_of,
    names_any,
    same_entry,
    same_id,
    same_size,
)
from logaudit.reconcile.positions.lot_groups import LotGroup
from logaudit.reconcile.positions.lots import Lot, bears_out
from logaudit.reconcile.positions.printed_index import Index, PrintedIndex

#: Of lots that only their size or rest tells apart, and of those that share an id or an entry price, so many are looked
#: at, the newest first: no bot holds more of one market and side at once.
MOST: Final = 256


class Shelf:
    """Live lots, all of one side or of all sides.

    Attributes:
        live: all of them; known: those that no later run may have forgotten; active: those of which nothing suggests
            that they have ended unseen.
    """

    def __init__(self, most: int = MOST) -> None:
        self.live = LotGroup()
        self.known = LotGroup()
        self.active = LotGroup()
        self._most = most
        self._ids: Index[tuple[int, str]] = Index()
        self._entries = PrintedIndex(tolerance)
        self._sizes = tuple(PrintedIndex(grain) for _ in SIZES)
        #: Lots without an entry price.
        self._nameless = LotGroup()

    def add(self, lot: Lot) -> None:
        """Adds a lot that is newer than all of them."""
        self.live.add(lot)
        if not lot.forgotten:
            self.known.add(lot)
        if lot.is_active:
            self.active.add(lot)
        for key in _keys(lot.fields):
            self._ids.add(key, lot.number)
        if (entry := lot.fields.entry_price) is None:
            self._nameless.add(lot)
        else:
            self._entries.add(entry, lot.number)
        for index, size_of in zip(self._sizes, SIZES, strict=True):
            if (size := size_of(lot.fields)) is not None:
                index.add(size, lot.number)

    def remove(self, lot: Lot) -> None:
        """Takes one of the lots out, whose open says what it said when it was added."""
        for group in self._groups:
            group.remove(lot)
        for key in _keys(lot.fields):
            self._ids.remove(key, lot.number)
        if (entry := lot.fields.entry_price) is not None:
            self._entries.remove(entry, lot.number)
        for index, size_of in zip(self._sizes, SIZES, strict=True):
            if (size := size_of(lot.fields)) is not None:
                index.remove(size, lot.number)

    def changed(self, lot: Lot) -> None:
        """Notes that something else is left of a lot, or that it is no longer known or active."""
        for group, belongs in ((self.known, not lot.forgotten), (self.active, lot.is_active)):
            if belongs:
                group.changed(lot)
            else:
                group.remove(lot)

    @property
    def _groups(self) -> tuple[LotGroup, ...]:
        return self.live, self.known, self.active, self._nameless

    def has_entry(self, fields: TradeFields) -> bool:
        """Whether a lot was opened at the entry price that a close names."""
        return fields.entry_price is not None and fields.entry_price in self._entries

    def names(self, fields: TradeFields) -> bool:
        """Whether a close names any of them by id or entry price."""
        return self.has_entry(fields) or any(key in self._ids for key in _keys(fields))

    def named(self, fields: TradeFields) -> Lot | None:
        """The lot that a close names rather than any other, by id, else by entry price; the oldest of two."""
        by_id, by_entry = list(islice(self._with_id(fields), 2)), list(islice(self._with_entry(fields), 2))
        found = by_id if len(by_id) == 1 else []
        if len(by_entry) == 1 and not same_id(by_entry[0].fields, fields):
            found.append(by_entry[0])
        return min(found, key=lambda lot: lot.number, default=None)

    def is_of_another(self, fields: TradeFields) -> bool:
        """Whether a close names a position that is none of them."""
        return names_any(fields) and not self.names(fields)

    def chosen(self, group: LotGroup, fields: TradeFields) -> Lot | None:
        """The lot of a group that a close ends: told by id, entry price or size, else the newest."""
        by_size = next((lot for lot in islice(self._with_size(fields), self._most) if lot in group), None)
        sized = by_size is not None
        by_id = [lot for lot in islice(self._with_id(fields), self._most) if lot in group]
        if by_id:
            return _best(by_id, fields, entry=self.has_entry(fields), size=sized)
        by_entry = (lot for lot in islice(self._with_entry(fields), self._most) if lot in group)
        return _best(by_entry, fields, entry=False, size=sized) or by_size or next(reversed(group), None)

    def bears_out(self, fields: TradeFields) -> bool:
        """Whether the open of any known lot shows that a close is its own."""
        alike = (islice(lots, self._most) for lots in (self._with_id(fields), self._with_entry(fields)))
        parted = (lot for lot in self._at_no_other_entry(fields) if lot.closes)
        return any(bears_out(lot, fields) for lot in chain(*alike, parted) if lot in self.known)

    def may_bear_out(self, fields: TradeFields) -> bool:
        """Whether of any known lot nothing speaks against a close."""
        return any(bears_out(lot, fields) is not False for lot in self._at_no_other_entry(fields))

    def _at_no_other_entry(self, fields: TradeFields) -> Iterator[Lot]:
        """The known lots that no entry price tells from a close, or that name none where it does."""
        lots = self.known if fields.entry_price is None else self._nameless
        return (lot for lot in islice(reversed(lots), self._most) if lot in self.known)

    def _with_id(self, fields: TradeFields) -> Iterator[Lot]:
        """Those that bear an id of a close, the newest first."""
        numbers = self._ids.newest(_keys(fields))
        return (self.live[number] for number, _ in groupby(numbers))

    def _with_entry(self, fields: TradeFields) -> Iterator[Lot]:
        """Those that were opened at the entry price of a close, the newest first."""
        entry = fields.entry_price
        return iter(()) if entry is None else (self.live[number] for number in self._entries.newest(entry))

    def _with_size(self, fields: TradeFields) -> Iterator[Lot]:
        """Those that were opened in the size of a close, the newest first."""
        sizes = ((index, size_of(fields)) for index, size_of in zip(self._sizes, SIZES, strict=True))
        alike = [index.newest(size) for index, size in sizes if size is not None]
        return (
            self.live[number] for number in (alike[0] if len(alike) == 1 else merge(*alike, reverse=True))
        )


def _keys(fields: TradeFields) -> list[tuple[int, str]]:
    """Its ids, each with the kind of id that it is."""
    return [(kind, own) for kind, own in enumerate(ids_of(fields)) if own]


def _best(lots: Iterable[Lot], fields: TradeFields, *, entry: bool, size: bool) -> Lot | None:
    """Of lots, the newest first, that which fits a close best: in its entry price, then in its size.

    Args:
        entry: whether any may fit in its entry price; size: in its size.
    """
    best, most, found = 2 * entry + size, -1, None
    for lot in lots:
        fits = 2 * (entry and same_entry(lot.fields, fields)) + (size and same_size(lot.fields, fields))
        if fits > most:
            most, found = fits, lot
        if most == best:
            break
    return found
