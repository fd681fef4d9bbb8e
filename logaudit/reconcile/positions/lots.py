"""What is held: an open, what was added to it, and the closes that took from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import difference, product, total, unit
from logaudit.reconcile.positions.announcements import (
    SIZES,
    contradicts,
    grain,
    same_amount,
    same_entry,
    same_id,
    same_size,
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


class Lot(Struct):
    """An open position.

    Attributes:
        opens: the announcements of its open, then of those that were added to it.
        run: in which it was opened.
        superseded: opened again in its run with no close in between, so that it may have ended unseen.
        forgotten: opened again by a later run, which may know nothing of it.
        added: other lots that one close ended together with it.
    """

    opens: Telling
    run: str
    closes: list[Close] = field(default_factory=list)
    superseded: bool = False
    forgotten: bool = False
    added: list[Lot] = field(default_factory=list)

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
        remains = [rest for size_of in SIZES if (rest := left(self, size_of)) is not None]
        return bool(remains) and not any(leaves_some(rest, Decimal(0)) for rest in remains)

    def sizes(self, closed: TradeFields) -> tuple[Decimal, Decimal] | None:
        """What is left before a close and how much it closes, in one unit; None where no unit is shared.

        A close in contracts says nothing of an open in coins.
        """
        for size_of in SIZES:
            held, taken = left(self, size_of), size_of(closed)
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


def left(lot: Lot, size_of: Callable[[TradeFields], Decimal | None]) -> Decimal | None:
    """What is left of a lot in a unit; None where an open or a close of it is not told in that unit."""
    sizes = [size_of(one.fields) for one in (lot, *lot.added)]
    taken = [size_of(c.fields) for c in lot.closes]
    if None in sizes or None in taken:
        return None
    return difference(total(s for s in sizes if s is not None), total(s for s in taken if s is not None))


def leaves_some(held: Decimal, closed: Decimal) -> bool:
    """Whether more is left than what one side printed away."""
    rest = difference(held, closed)
    return rest > 0 and rest >= max(grain(held), grain(closed))


def hold(lots: Sequence[Lot], closes: Iterable[TradeFields]) -> bool:
    """Whether so many closes may each end a part of these lots: by size, else by number."""
    closed = list(closes)
    for size_of in SIZES:
        held = [left(lot, size_of) for lot in lots]
        taken = [size_of(fields) for fields in closed]
        if None not in held and None not in taken:
            known = [h for h in held if h is not None], [t for t in taken if t is not None]
            return not leaves_some(total(known[1]), total(known[0]))
    return len(closed) <= len(lots)


def fill(lot: Lot, closes: Sequence[TradeFields]) -> bool:
    """Whether several closes are known to take no more than a lot holds, to the last digit."""
    for size_of in SIZES:
        held, taken = left(lot, size_of), [size_of(fields) for fields in closes]
        if held is not None and None not in taken:
            return total(t for t in taken if t is not None) <= held
    return False


def chosen(lots: Sequence[Lot], fields: TradeFields) -> Lot | None:
    """The lot that a close ends: told by id, by entry price or by size, else the newest; None of none."""
    if not lots:
        return None
    for fits in (same_id, same_entry, same_size):
        alike = [lot for lot in lots if fits(lot.fields, fields)]
        if len(alike) == 1:
            return alike[0]
        lots = alike or lots
    return lots[-1]


def is_told_by(lot: Lot, others: Sequence[Lot], fields: TradeFields) -> bool:
    """Whether a close names this lot rather than any other, by id or by entry price."""
    for fits in (same_id, same_entry):
        if fits(lot.fields, fields):
            return not any(fits(other.fields, fields) for other in others)
    return False


def ended_together(lots: Sequence[Lot], fields: TradeFields) -> bool:
    """Whether a close is as large as all that is left of several lots."""
    for size_of in SIZES:
        held, taken = [left(lot, size_of) for lot in lots], size_of(fields)
        if len(lots) > 1 and taken is not None and None not in held:
            return same_amount(total(h for h in held if h is not None), taken)
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
