"""Lots that may be closed together: in order, with what is left of all of them, while lots come and go."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from logaudit.core.fields import TradeFields
from logaudit.core.money import difference, rounded, total
from logaudit.reconcile.positions.announcements import SIZES, same_amount
from logaudit.reconcile.positions.lots import Lot, leaves_some


class _Rests:
    """What is left of lots in one unit, summed as if it were summed anew: to the last digit that one of them has."""

    def __init__(self, unit_of: int) -> None:
        self._unit = unit_of
        #: Of lots, by their numbers: the rests that are in the sum, and those that are not; a voice that follows may
        #: tell them.
        self._told: dict[int, Decimal] = {}
        self._untold: dict[int, Lot] = {}
        self._sum = Decimal(0)
        self._places: Counter[int] = Counter()

    def add(self, lot: Lot) -> None:
        self._untold[lot.number] = lot

    def remove(self, lot: Lot) -> None:
        rest = self._told.pop(lot.number, None)
        if rest is None:
            del self._untold[lot.number]
            return
        self._sum = difference(self._sum, rest)
        place = _place(rest)
        self._places[place] -= 1
        if not self._places[place]:
            del self._places[place]

    def sum(self) -> Decimal | None:
        """The sum; None where one of them is not known in this unit."""
        while self._untold:
            number, lot = self._untold.popitem()
            rest = lot.left(self._unit)
            if rest is None:
                self._untold[number] = lot
                return None
            self._told[number] = rest
            self._sum = total((self._sum, rest))
            self._places[_place(rest)] += 1
        return rounded(self._sum, max(self._places, default=0))


def _place(rest: Decimal) -> int:
    """Places behind the point."""
    exponent = rest.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class LotGroup:
    """Lots of one symbol, in order of their opens."""

    def __init__(self) -> None:
        self._lots: dict[int, Lot] = {}
        self._numbers: list[int] = []
        self._rests = tuple(_Rests(i) for i in range(len(SIZES)))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._numbers)

    def __contains__(self, lot: Lot) -> bool:
        """Whether a lot is one of them."""
        return lot.number in self._lots

    def __iter__(self) -> Iterator[Lot]:
        """The lots, the oldest first."""
        return (self._lots[number] for number in self._numbers)

    def __reversed__(self) -> Iterator[Lot]:
        """The lots, the newest first."""
        return (self._lots[number] for number in reversed(self._numbers))

    def __getitem__(self, number: int) -> Lot:
        """The lot of a number."""
        return self._lots[number]

    def add(self, lot: Lot) -> None:
        """Adds a lot that is newer than all of them."""
        self._lots[lot.number] = lot
        self._numbers.append(lot.number)
        for rests in self._rests:
            rests.add(lot)

    def remove(self, lot: Lot) -> None:
        """Takes a lot out, if it is one of them."""
        if self._lots.pop(lot.number, None) is not None:
            del self._numbers[bisect_left(self._numbers, lot.number)]
            for rests in self._rests:
                rests.remove(lot)

    def changed(self, lot: Lot) -> None:
        """Notes that something else is left of a lot than before."""
        if lot in self:
            for rests in self._rests:
                rests.remove(lot)
                rests.add(lot)

    @property
    def only(self) -> Lot | None:
        """The lot, where it is the only one."""
        return next(iter(self)) if len(self) == 1 else None

    def hold(self, closes: Iterable[TradeFields]) -> bool:
        """Whether so many closes may each end a part of these lots: by size, else by number."""
        closed = list(closes)
        for size_of, rests in zip(SIZES, self._rests, strict=True):
            taken = [size for fields in closed if (size := size_of(fields)) is not None]
            if len(taken) == len(closed) and (held := rests.sum()) is not None:
                return not leaves_some(total(taken), held)
        return len(closed) <= len(self)

    def ended_together(self, fields: TradeFields) -> bool:
        """Whether a close is as large as all that is left of several lots."""
        for size_of, rests in zip(SIZES, self._rests, strict=True):
            taken = size_of(fields)
            if len(self) > 1 and taken is not None and (held := rests.sum()) is not None:
                return same_amount(held, taken)
        return False
