"""Results that differ by a fee which neither side prints, or only that of one order: one is before it, one after it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import agree, difference, product, quotient, tolerance, total

#: What an exchange takes of each of the two orders, at most.
_MOST: Final = Decimal("0.0015")
_ONE: Final = Decimal(1)
#: What rounding adds to a size that is computed from a result.
_A_BIT_MORE: Final = Decimal("1.05")
#: The fee of both orders is so many times that of one, at most: a market order costs more than a limit order.
_BOTH_ORDERS: Final = Decimal(4)
_UNITS: Final = tuple(Decimal(1).scaleb(n) for n in range(-6, 7))
_AS_FLOATS: Final = tuple((unit, float(unit)) for unit in _UNITS)
#: More than binary fractions are off.
_A_LITTLE: Final = 1.001


def row_is_after_fee(log: TradeFields, row: TradeFields) -> bool | None:
    """Whether the row's result is the log's less a fee, or the log's the row's; None where no fee explains both.

    What is before the fee must follow from prices and size, as far as these are told; the size may count contracts. A
    fee that the row prints beside a result before fees is that of the closing order: the opening one had its own.
    """
    ours, theirs = _results(log, row)
    if ours is None or theirs is None or ours == theirs or None not in (log.net_pnl, row.net_pnl):
        return None
    after = theirs < ours
    if (after and log.net_pnl is not None) or (not after and log.gross_pnl is not None):
        return None
    fee, slack = difference(ours, theirs).copy_abs(), total([tolerance(ours), tolerance(theirs)])
    if row.commission is not None and (after or not _is_of_both(fee, row.commission.copy_abs(), slack)):
        return None
    most = (product(value, _MOST) for value in _traded(log, row, max(ours, theirs)).values())
    return after if any(difference(fee, slack) <= high for high in most) else None


def _is_of_both(fee: Decimal, of_one: Decimal, slack: Decimal) -> bool:
    """Whether a fee may be that of both orders, of which one is known."""
    return bool(of_one) and total([of_one, slack.copy_negate()]) <= fee <= total(
        [product(of_one, _BOTH_ORDERS), slack]
    )


def would_show(log: TradeFields, row: TradeFields, like: tuple[TradeFields, TradeFields]) -> bool:
    """Whether the digits of both results are enough to show a fee like that of another trade.

    Args:
        like: the other trade, as the log and as its row have it.
    """
    ours, theirs = _results(log, row)
    known, paid = _results(*like)
    if ours is None or theirs is None or known is None or paid is None:
        return True
    of = _traded(*like, max(known, paid))
    unit = min(of, key=lambda factor: abs(factor.adjusted()), default=_ONE)
    traded = _value(log, row, unit)
    if not of or traded is None:
        return not agree(ours, theirs)
    fee = quotient(product(difference(known, paid).copy_abs(), traded), of[unit])
    # Numbers that rounding brought nearer to each other agree though the fee is more than their tolerance.
    return fee > product(total([tolerance(ours), tolerance(theirs)]), Decimal(2))


def _results(log: TradeFields, row: TradeFields) -> tuple[Decimal | None, Decimal | None]:
    """The one result that each side prints; None where the log prints its fee too, or the row both results."""
    if log.commission is not None or None not in (row.gross_pnl, row.net_pnl):
        return None, None
    ours = next((r for r in (log.net_pnl, log.gross_pnl, log.pnl) if r is not None), None)
    return ours, row.net_pnl if row.net_pnl is not None else row.gross_pnl


def _traded(log: TradeFields, row: TradeFields, before: Decimal) -> dict[Decimal, Decimal]:
    """What both orders traded, by each unit of the size in which the result before the fee follows from it."""
    size, entry, closed = _told(log, row)
    if not size or entry is None or closed is None:
        value = _value(log, row, _ONE)
        return {} if value is None else {_ONE: value}
    moved, side = difference(closed, entry), log.side or row.side
    gain = moved.copy_negate() if side is PositionSide.SHORT else moved
    open_price = total([tolerance(entry), tolerance(closed)])
    if row.size is None and gain:
        # The size may be that of the open, of which the close is a part.
        part = quotient(before, gain)
        return {_ONE: product(total([entry, closed]), part)} if 0 < part <= product(size, _A_BIT_MORE) else {}
    found = {}
    rounded = tolerance(before)
    for unit in _may_be(product(gain, size), before, product(open_price, size), rounded) if gain else (_ONE,):
        held = product(size, unit)
        slack = total([product(open_price, held), rounded])
        if difference(product(gain, held), before).copy_abs() <= slack:
            found[unit] = product(total([entry, closed]), held)
    return found


def _may_be(gain: Decimal, before: Decimal, slack: Decimal, rounded: Decimal) -> list[Decimal]:
    """The units in which a gain may be the result, by a look that errs on the side of more: most are far off."""
    of_one, told, loose, rest = float(gain), float(before), float(slack), float(rounded)
    return [u for u, f in _AS_FLOATS if abs(of_one * f - told) <= (loose * f + rest) * _A_LITTLE]


def _value(log: TradeFields, row: TradeFields, unit: Decimal) -> Decimal | None:
    """What both orders traded, where the size is told in this unit; None where size or prices are not told."""
    size, entry, closed = _told(log, row)
    known = [price for price in (entry, closed) if price is not None]
    if not size or not known:
        return None
    return product(total([known[0], known[-1]]), product(size, unit))


def _told(log: TradeFields, row: TradeFields) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    size = row.size if row.size is not None else log.size
    entry = row.entry_price if row.entry_price is not None else log.entry_price
    closed = row.exit_price if row.exit_price is not None else log.exit_price
    return None if size is None else size.copy_abs(), entry, closed
