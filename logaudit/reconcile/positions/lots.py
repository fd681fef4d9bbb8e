"""What is held: an open, what was added to it, and the closes that took from it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import difference, product, total, unit
from logaudit.reconcile.positions.announcements import (
    SIZES,
    SizeOf,
    contradicts,
    grain,
    same_amount,
    same_entry,
    same_id,
    without_order,
    without_size,
)
from logaudit.reconcile.positions.telling import Telling

#: Of what is traded, more than fees and funding take.
_COST: Final = Decimal("0.002")


class Close(Struct):
    """A close of a position: its tellings, which share no voice unless a voice repeats itself."""

    tellings: list[Telling]
    lot: Lot | None = None

    @property
    def fields(self) -> TradeFields:
        """What the first says, completed by those that say the same."""
        return self.tellings[0].fields

    @property
    def events(self) -> list[Event]:
        """Every announcement of it."""
        return [e for t in self.tellings for e in t.events]

    @property
    def last(self) -> int:
        """Naive µs of the last announcement."""
        return max(self.tellings[-1].last, self.tellings[0].last)


class Tally(Struct):
    """Sizes in one unit, summed as far as they are told: a voice that follows may tell the others.

    Attributes:
        untold: tellings whose size is not in the sum.
    """

    untold: list[Telling] = field(default_factory=list)
    told: Decimal = Decimal(0)

    def sum(self, size_of: SizeOf) -> Decimal | None:
        """The sum of all; None where one of them is not told in this unit."""
        while self.untold:
            size = size_of(self.untold[-1].fields)
            if size is None:
                return None
            self.told = total((self.told, size))
            self.untold.pop()
        return self.told


class Lot(Struct, eq=False):
    """An open position.

    Attributes:
        opens: the announcements of its open, then of those that were added to it.
        run: in which it was opened.
        number: the later it was opened, the larger.
        superseded: opened again in its run with no close in between, so that it may have ended unseen.
        forgotten: opened again by a later run, which may know nothing of it.
        added: other lots that one close ended together with it.
        held: what was opened of it, in each unit of `SIZES`; taken: what its closes took.
    """

    opens: Telling
    run: str
    number: int = 0
    closes: list[Close] = field(default_factory=list)
    superseded: bool = False
    forgotten: bool = False
    added: list[Lot] = field(default_factory=list)
    held: list[Tally] = field(default_factory=list)
    taken: list[Tally] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing is taken of a lot that is made."""
        self.join([])
        self.taken = [Tally() for _ in SIZES]

    def join(self, others: list[Lot]) -> None:
        """Adds other lots, which end with it, and what was closed of them."""
        for close in [close for other in others for close in other.closes]:
            self.take(close)
        self.closes.sort(key=lambda close: close.tellings[0].start)
        self.added = others
        self.held = [Tally([one.opens for one in (self, *others)]) for _ in SIZES]

    def take(self, close: Close) -> None:
        """Takes a close from it."""
        close.lot = self
        self.closes.append(close)
        for tally in self.taken:
            tally.untold.append(close.tellings[0])

    def left(self, unit_of: int) -> Decimal | None:
        """What is left of it in a unit of `SIZES`; None where an open or a close of it is not told in that unit."""
        size_of = SIZES[unit_of]
        held, taken = self.held[unit_of].sum(size_of), self.taken[unit_of].sum(size_of)
        return None if held is None or taken is None else difference(held, taken)

    @property
    def fields(self) -> TradeFields:
        """What its open says."""
        return self.opens.fields

    @property
    def side(self) -> PositionSide | None:
        """Its side, if a line names it."""
        return self.opens.side

    @property
    def is_used_up(self) -> bool:
        """Whether its closes are known to have taken all of it."""
        remains = [rest for i in range(len(SIZES)) if (rest := self.left(i)) is not None]
        return bool(remains) and not any(leaves_some(rest, Decimal(0)) for rest in remains)

    def sizes(self, closed: TradeFields) -> tuple[Decimal, Decimal] | None:
        """What is left before a close and how much it closes, in one unit; None where no unit is shared.

        A close in contracts says nothing of an open in coins.
        """
        for i, size_of in enumerate(SIZES):
            held, taken = self.left(i), size_of(closed)
            if held is not None and taken is not None:
                return held, taken
        return None

    @property
    def is_active(self) -> bool:
        """Whether nothing suggests that it has ended unseen."""
        return not self.superseded and not self.forgotten

    def ends_with(self, closed: TradeFields) -> bool:
        """Whether nothing is left after a close of so much."""
        sizes = self.sizes(closed)
        return sizes is None or not leaves_some(*sizes)


def leaves_some(held: Decimal, closed: Decimal) -> bool:
    """Whether more is left than what one side printed away."""
    rest = difference(held, closed)
    return rest > 0 and rest >= max(grain(held), grain(closed))


def fill(lot: Lot, closes: Sequence[TradeFields]) -> bool:
    """Whether several closes are known to take no more than a lot holds, to the last digit."""
    for i, size_of in enumerate(SIZES):
        held, taken = lot.left(i), [size_of(fields) for fields in closes]
        if held is not None and None not in taken:
            return total(t for t in taken if t is not None) <= held
    return False


def may_close(lot: Lot, fields: TradeFields) -> bool:
    """Whether no id, entry price, side or larger size speaks against a close of this lot."""
    return not contradicts(without_order(without_size(lot.fields)), fields) and not _too_large(lot, fields)


def bears_out(lot: Lot, fields: TradeFields) -> bool | None:
    """Whether an open shows that a close is its own, by id, entry price or rest; None where none of them speaks.

    A result that does not follow from the open's price speaks against it.
    """
    if not may_close(lot, fields):
        return False
    if same_id(lot.fields, fields) or same_entry(lot.fields, fields) or _is_rest(lot, fields):
        return True
    entry, size = lot.fields.entry_price, fields.size if fields.size is not None else lot.fields.size
    exit_price, result = fields.exit_price, fields.result
    if entry is None or size is None or exit_price is None or result is None:
        return None
    moved = product(difference(exit_price, entry), size.copy_abs())
    result = -result if lot.side is PositionSide.SHORT else result
    cost = total([product(product(exit_price, size.copy_abs()), _COST), unit(result)])
    return None if difference(moved, result).copy_abs() <= cost else False


def _is_rest(lot: Lot, fields: TradeFields) -> bool:
    """Whether a close takes just what others have left of a lot."""
    sizes = lot.sizes(fields) if lot.closes else None
    return sizes is not None and sizes[1] > 0 and same_amount(*sizes)


def _too_large(lot: Lot, fields: TradeFields) -> bool:
    sizes = lot.sizes(fields)
    return sizes is not None and leaves_some(sizes[1], sizes[0])
