"""The lots of one symbol of which something is left, by side and in order of their opens."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.timestamp import MINUTE
from logaudit.reconcile.positions.lots import Lot
from logaudit.reconcile.positions.shelf import MOST, Shelf
from logaudit.reconcile.positions.telling import telling

#: Opens of one symbol and side so close together are stacked: none of them shows that another has ended.
STACKED: Final = MINUTE

_Side = PositionSide | None


class LiveLots:
    """What is held of one symbol."""

    def __init__(self) -> None:
        self._count = 0
        self._shelves: dict[_Side, Shelf] = defaultdict(Shelf)
        #: Those of all sides; made when closes first ask for them.
        self._all: Shelf | None = None
        #: By side, lots in order that no later open of their run has superseded, and those that only one run opened.
        self._fresh: dict[_Side, OrderedDict[int, Lot]] = defaultdict(OrderedDict)
        self._of_run: dict[_Side, OrderedDict[int, Lot]] = defaultdict(OrderedDict)

    def open(self, event: Event, run: str) -> None:
        """A position was opened, which may supersede others of its side."""
        # Of thousands that are open at once, those are looked at of which something may have changed.
        fresh, of_run = self._fresh[event.fields.side], self._of_run[event.fields.side]
        while fresh and event.at.order - (first := next(iter(fresh.values()))).opens.last > STACKED:
            first.superseded = True
            self.changed(first)
            del fresh[first.number]
        if of_run and next(iter(of_run.values())).run != run:
            for lot in of_run.values():
                lot.forgotten = True
                self.changed(lot)
            of_run.clear()
        self._count += 1
        lot = Lot(telling(event), run, self._count)
        fresh[lot.number] = of_run[lot.number] = lot
        self._add(lot)

    def tell_again(self, lot: Lot, event: Event) -> None:
        """Adds an announcement to the newest lot; it may be the first to name a side."""
        before = lot.side
        self.remove(lot)
        lot.opens.add(event)
        self._add(lot)
        if lot.side is not before:
            self._fresh[before].pop(lot.number, None)
            self._of_run[before].pop(lot.number, None)
            self._fresh[lot.side][lot.number] = self._of_run[lot.side][lot.number] = lot
            self._of_run[lot.side].move_to_end(lot.number, last=False)

    def remove(self, lot: Lot) -> None:
        """Takes a lot out."""
        for shelf in self._shelves_of(lot):
            shelf.remove(lot)

    def changed(self, lot: Lot) -> None:
        """Notes that something else is left of a lot, or that it may have ended unseen."""
        for shelf in self._shelves_of(lot):
            shelf.changed(lot)

    @property
    def newest(self) -> Lot | None:
        """The lot that was opened last."""
        found = (next(reversed(self._shelves[side].live)) for side in self.sides)
        return max(found, key=lambda lot: lot.number, default=None)

    @property
    def sides(self) -> list[_Side]:
        """The sides of which something is held."""
        return [side for side, shelf in self._shelves.items() if shelf.live]

    def in_order(self) -> list[Lot]:
        """All of them, the oldest first."""
        return sorted((lot for shelf in self._shelves.values() for lot in shelf.live), key=lambda x: x.number)

    def side_at(self, fields: TradeFields) -> tuple[_Side] | None:
        """The only side of which a lot was opened at the entry price of a close; None where there is no such one."""
        sides = [side for side, shelf in self._shelves.items() if shelf.has_entry(fields)]
        return (sides[0],) if len(sides) == 1 else None

    def of(self, side: _Side) -> Shelf:
        """Those that a close of a side may end: of that side, else of no side that is known."""
        if side is None:
            held = self.sides
            return self._of_all() if len(held) > 1 else self._shelves[held[0] if held else None]
        return self._shelves[side if self._shelves[side].live else None]

    def _of_all(self) -> Shelf:
        if self._all is None:
            self._all = Shelf(MOST * (len(PositionSide) + 1))
            for lot in self.in_order():
                self._all.add(lot)
        return self._all

    def _add(self, lot: Lot) -> None:
        for shelf in self._shelves_of(lot):
            shelf.add(lot)

    def _shelves_of(self, lot: Lot) -> list[Shelf]:
        own = self._shelves[lot.side]
        return [own] if self._all is None else [own, self._all]
