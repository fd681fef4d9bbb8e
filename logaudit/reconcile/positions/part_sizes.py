"""How much a close without a size took: what its result says, at the price difference and the costs of its bot.

The costs of a round trip, as a share of the exit price, are learned from positions that one announcement ended. Where
these do not agree (sizes in contracts, results in percent) nothing is inferred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import agree, difference, product, quotient, total, unit
from logaudit.core.trades import LedgerEntry, symbol_key

#: So many positions must agree, and so large a share of all that were looked at.
_ENOUGH: Final = 3
_SHARE: Final = Decimal("0.6")
#: So many closes at least are parts.
_SEVERAL: Final = 2
#: Costs and sizes that are so near to each other are one.
_NEAR: Final = Decimal("0.15")
_SLACK: Final = Decimal("0.01")
_ONE: Final = Decimal(1)
#: More than fees and funding take of what is traded.
_MOST: Final = Decimal("0.005")


class Taken(Struct, frozen=True):
    """Between what sizes a close lies; ``high`` is None where its result is all costs."""

    low: Decimal
    high: Decimal | None


def learned_costs(facts: Iterable[Event]) -> Decimal | None:
    """The costs that most positions of a session agree in; None where they do not.

    Args:
        facts: opens and closes in time order.
    """
    return _agreed(_alone(facts))


def costs_of_rows(linked: Iterable[tuple[TradeFields, LedgerEntry | None]]) -> Decimal | None:
    """The costs that the rows of most closes agree in, of those that print no size; None where they do not.

    Args:
        linked: what closes print, and their rows.
    """
    unsized = [
        (row.fields, log)
        for log, row in linked
        if row is not None and log.size is None and log.contracts is None
    ]
    return _agreed(unsized)


def _agreed(trades: Iterable[tuple[TradeFields, TradeFields]]) -> Decimal | None:
    """The costs of most trades, each told by what shows its size and by what shows its result."""
    rates = sorted(rate for opened, closed in trades if (rate := _rate(opened, closed)) is not None)
    if not rates:
        return None
    middle, near = rates[len(rates) // 2][0], 0
    for share, step in rates:
        near += difference(share, middle).copy_abs() <= total([step, product(middle.copy_abs(), _NEAR)])
    agreed = near >= _ENOUGH and near >= product(Decimal(len(rates)), _SHARE)
    return middle if agreed and middle.copy_abs() <= _MOST else None


def parts(lot: TradeFields, closes: Sequence[TradeFields], costs: Decimal) -> tuple[int, bool]:
    """How many of these closes, from the first, are parts of what was opened, and whether they end it.

    Told by their sizes and results; 0 where one may be of the whole, or where fewer than two are parts for certain.
    """
    held = lot.size
    if held is None or not held or all(c.size is not None for c in closes):
        return 0, False
    if any(c.contracts is not None for c in closes):
        return 0, False
    held = held.copy_abs()
    enough = product(held, _ONE + _SLACK)
    whole, least, most, count, open_ended = product(held, _ONE - _SLACK), Decimal(0), Decimal(0), 0, 0
    for close in closes:
        part = taken(lot, close, costs)
        if part is None or (part.high is not None and part.high >= whole):
            break
        low = total([least, part.low])
        if low > enough:
            break
        least, count = low, count + 1
        open_ended += part.high is None
        most = total([most, part.high or Decimal(0)])
    if count < _SEVERAL or count == open_ended or open_ended > 1:
        return 0, False
    return count, bool(open_ended) or most >= whole


def _alone(facts: Iterable[Event]) -> Iterator[tuple[TradeFields, TradeFields]]:
    """Opens and the only close that is told before the symbol is opened again."""
    held: dict[str, tuple[TradeFields, list[TradeFields]]] = {}
    done: list[tuple[TradeFields, list[TradeFields]]] = []
    found: dict[str, list[TradeFields]] = defaultdict(list)
    for event in facts:
        key = symbol_key(event.fields.symbol)
        if event.kind is EventKind.POSITION_OPENED:
            found[key] = []
            held[key] = event.fields, found[key]
            done.append(held[key])
        elif key in held:
            found[key].append(event.fields)
    for opened, closes in done:
        if closes and all(_same_result(closes[0], other) for other in closes[1:]):
            yield opened, closes[0]


def _same_result(left: TradeFields, right: TradeFields) -> bool:
    one, other = left.result, right.result
    return one is not None and other is not None and agree(one, other)


def _rate(opened: TradeFields, closed: TradeFields) -> tuple[Decimal, Decimal] | None:
    """What a position cost as a share of its exit price, and how exactly that is known."""
    gain, result, size = _gain(opened, closed), closed.result, opened.size
    if gain is None or result is None or not size or not closed.exit_price:
        return None
    value = product(size.copy_abs(), closed.exit_price)
    cost = difference(product(gain, size.copy_abs()), result)
    return quotient(cost, value), quotient(unit(result), value)


def _gain(opened: TradeFields, closed: TradeFields) -> Decimal | None:
    """What one coin gained before costs."""
    entry = closed.entry_price if closed.entry_price is not None else opened.entry_price
    side = opened.side or closed.side
    if entry is None or closed.exit_price is None or side is None:
        return None
    gain = difference(closed.exit_price, entry)
    return gain.copy_negate() if side is PositionSide.SHORT else gain


def taken(opened: TradeFields, closed: TradeFields, costs: Decimal) -> Taken | None:
    """Between what sizes a close lies by what it prints of it, or else by its result."""
    if closed.size is not None:
        return Taken(closed.size.copy_abs(), closed.size.copy_abs())
    gain, result = _gain(opened, closed), closed.result
    if gain is None or result is None or closed.exit_price is None:
        return None
    cost = product(costs, closed.exit_price)
    each = difference(gain, cost)
    doubt = total([product(cost.copy_abs(), _NEAR), unit(closed.exit_price)])
    nearest = difference(each.copy_abs(), doubt)
    low = quotient(
        max(Decimal(0), difference(result.copy_abs(), unit(result))), total([each.copy_abs(), doubt])
    )
    if nearest <= 0:
        return Taken(low, None)
    if result and (result < 0) is not (each < 0):
        return None
    return Taken(low, quotient(total([result.copy_abs(), unit(result)]), nearest))
