"""Tables whose unit is wrong: a symbol's PnL is one constant multiple of the log's in nearly all of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName
from logaudit.core.location import Address
from logaudit.core.money import difference, product, quotient, significant, total, trimmed, unit
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching import Difference, NumberDifference, WordDifference
from logaudit.reconcile.reconciled import ClosedTrade, Session

PNL: Final = (FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL)
#: Two trades may share a ratio by chance; a unit error shows in every informative one.
_ENOUGH: Final = 2
_SHARE: Final = Fraction(4, 5)


class Ratio(Struct, frozen=True):
    """Row ÷ log: its value, the bounds that printed digits leave, and how many of the pairs that tell show it."""

    value: Decimal
    low: Decimal
    high: Decimal
    support: int
    of: int


def wrong_units(session: Session) -> frozenset[Address]:
    """The tables of a session that hold rows of a symbol whose PnL is such a multiple."""
    by_symbol: dict[str, list[ClosedTrade]] = defaultdict(list)
    for trade in session.closed:
        if trade.match is not None:
            by_symbol[symbol_key(trade.fields.symbol)].append(trade)
    return frozenset(
        trade.row.location.address
        for trades in by_symbol.values()
        if (ratio := constant_ratio([pnl_pair(t) for t in trades])) is not None
        for trade in trades
        if trade.row is not None and any(d.field in PNL and explains(ratio, d) for d in trade.differences)
    )


def pnl_pair(trade: ClosedTrade) -> tuple[Decimal, Decimal] | None:
    """PnL as the log and as the row have it; where no PnL differs, a pair that says so."""
    for differing in trade.differences:
        if isinstance(differing, NumberDifference) and differing.field in PNL:
            return differing.log, differing.row
    same = trade.fields.result if trade.row is not None and trade.row.result else None
    return None if same is None else (same, same)


def explains(ratio: Ratio, differing: Difference) -> bool:
    """Whether the row's number is the log's times the ratio, within printed digits."""
    if isinstance(differing, WordDifference):
        return False
    log, row = differing.log, differing.row
    span = _span(log, row)
    if span is not None:
        return span[0] <= ratio.high and ratio.low <= span[1]
    most = total((product(ratio.high, total((log.copy_abs(), unit(log)))), unit(row)))
    return row.copy_abs() <= most and log.copy_abs() <= unit(log)


def constant_ratio(pairs: Sequence[tuple[Decimal, Decimal] | None]) -> Ratio | None:
    """Row ÷ log, when one number lies in the interval that printed precision leaves for each pair."""
    spans = [span for pair in pairs if pair is not None and (span := _span(*pair)) is not None]
    if len(spans) < _ENOUGH:
        return None
    candidates = {_roundest(low, high) for low, high in spans} | {max(low for low, _ in spans)}
    best = max(candidates, key=lambda r: (sum(a <= r <= b for a, b in spans), _is_round(r), r.copy_negate()))
    inside = [(a, b) for a, b in spans if a <= best <= b]
    if len(inside) < _ENOUGH or len(inside) < _SHARE * len(spans) or best == 1:
        return None
    low, high = max(a for a, _ in inside), min(b for _, b in inside)
    return Ratio(_roundest(low, high), low, high, len(inside), len(spans))


def _span(log: Decimal, row: Decimal) -> tuple[Decimal, Decimal] | None:
    """The ratios that the printed digits allow; None when the log's number may be zero or signs differ."""
    a, b, ua, ub = log.copy_abs(), row.copy_abs(), unit(log), unit(row)
    if a <= ua or (row != 0 and (log > 0) is not (row > 0)):
        return None
    least, most = max(Decimal(0), difference(b, ub)), total((b, ub))
    return quotient(least, total((a, ua))), quotient(most, difference(a, ua))


def _roundest(low: Decimal, high: Decimal) -> Decimal:
    """A power of ten in the interval if there is one, else its middle to three digits."""
    power = Decimal((0, (1,), high.adjusted() if high > 0 else 0))
    if low <= power <= high:
        return power
    return significant(quotient(total((low, high)), 2), 3)


def _is_round(value: Decimal) -> bool:
    return value > 0 and trimmed(value).as_tuple().digits == (1,)
