"""Ways in which a ledger may write a trade otherwise than the log, and which of them explain a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree, difference, product, quotient, rounded, tolerance, total
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching.field_compare import (
    FieldComparison,
    NumberDifference,
    compare_fields,
    sides_fit,
)


class DeviationKind(StrEnum):
    """What a ledger writes otherwise.

    The times: ``clock`` (whole quarter hours), ``day`` (whole days), ``lag`` (seconds before or after), ``open-time``
    (the position's open). The trade: ``side`` (of the closing order), ``symbol``, ``size-sign``, ``size-notional``
    (size × price), ``size-contracts`` (a power of ten of coins or of their value), ``price-scale`` (1000PEPE),
    ``fee-sign``, ``gross-for-net``, ``after-fee`` (net, of what the log prints before its fee), ``percent``. The grain:
    ``one-row`` for several closes, ``several-rows`` for one.
    """

    CLOCK = "clock"
    DAY = "day"
    LAG = "lag"
    OPEN_TIME = "open-time"
    SIDE = "side"
    SYMBOL = "symbol"
    SIZE_SIGN = "size-sign"
    SIZE_NOTIONAL = "size-notional"
    SIZE_CONTRACTS = "size-contracts"
    PRICE_SCALE = "price-scale"
    FEE_SIGN = "fee-sign"
    GROSS_FOR_NET = "gross-for-net"
    AFTER_FEE = "after-fee"
    PERCENT = "percent"
    ONE_ROW = "one-row"
    SEVERAL_ROWS = "several-rows"


#: Deviations that explain numbers: equal in another unit. Where few rows show one it is an error of these rows.
OF_NUMBERS: Final = frozenset(
    {
        DeviationKind.SIZE_NOTIONAL,
        DeviationKind.SIZE_CONTRACTS,
        DeviationKind.FEE_SIGN,
        DeviationKind.GROSS_FOR_NET,
        DeviationKind.AFTER_FEE,
        DeviationKind.PERCENT,
    }
)


class Deviation(Struct, frozen=True, order=True):
    """One way in which a row differs from its close.

    Attributes:
        log, row: how both sides write it, where that is the same in all rows: two symbols, a factor.
        seconds: for times, from the close to the row.
    """

    kind: DeviationKind
    log: str = ""
    row: str = ""
    seconds: int = 0


#: The row's result is after a fee that nothing prints, or before one: how much that is says nothing of the trade.
UNPRINTED_AFTER: Final = Deviation(DeviationKind.AFTER_FEE, "unprinted")
UNPRINTED_BEFORE: Final = Deviation(DeviationKind.GROSS_FOR_NET, "unprinted", "before-fee")
LOOSE: Final = frozenset({UNPRINTED_AFTER, UNPRINTED_BEFORE})


class Explained(Struct, frozen=True):
    """A comparison in which deviations count as agreement.

    Attributes:
        comparison: with the explained differences taken out.
        deviations: what explains them, and the side and symbol where they differ.
    """

    comparison: FieldComparison
    deviations: tuple[Deviation, ...]


#: Contracts are these parts or multiples of a coin, or of the value in quote currency: a wrong number of coins to a
#: contract makes money so many times too much, or too little.
POWERS: Final = tuple(Decimal(1).scaleb(n) for n in range(-6, 7) if n)
_HUNDRED: Final = Decimal(100)
#: A number, or a product of numbers, says nothing of a factor where its own digits leave more than this share open.
LOOSEST: Final = Decimal("0.05")
_COARSE: Final = Decimal("0.01")


#: What was found of pairs lately, by the identity of both sides: one clock and one set of links ask for the same.
_recent: Final[dict[tuple[int, int], tuple[TradeFields, TradeFields, Explained]]] = {}
_MOST_RECENT: Final = 4096


def explain(log: TradeFields, row: TradeFields) -> Explained:
    """Both sides' values compared, with every difference that a known way of writing explains named."""
    key = id(log), id(row)
    known = _recent.get(key)
    if known is not None and known[0] is log and known[1] is row:
        return known[2]
    if len(_recent) >= _MOST_RECENT:
        _recent.clear()
    explained = _explain(log, row)
    _recent[key] = log, row, explained
    return explained


def _explain(log: TradeFields, row: TradeFields) -> Explained:
    found: list[Deviation] = []
    scaled = _scaled(log, row)
    if scaled is not None:
        row = scaled
        found.append(Deviation(DeviationKind.PRICE_SCALE, log.symbol, row.symbol))
    comparison = compare_fields(log, row)
    if symbol_key(log.symbol) != symbol_key(row.symbol):
        found.append(Deviation(DeviationKind.SYMBOL, log.symbol, row.symbol))
    if not sides_fit(log, row):
        found.append(Deviation(DeviationKind.SIDE))
    if _signs_differ(log.size, row.size) or (log.size is None and row.size is not None and row.size < 0):
        found.append(Deviation(DeviationKind.SIZE_SIGN))
    reasons = dict(_reasons(log, row, comparison))
    left = [d for d in comparison.differences if d.field not in reasons]
    if any(d.field in _MONEY for d in left):
        # Money in another unit together with the size is a unit error.
        reasons.pop(FieldName.SIZE, None)
        left = [d for d in comparison.differences if d.field not in reasons]
    found += dict.fromkeys(reasons.values())
    explained = len(comparison.differences) - len(left)
    loose = sum(reasons[d.field] in LOOSE for d in comparison.differences if d.field in reasons)
    reduced = replace(
        comparison,
        agreeing=comparison.agreeing + explained - loose,
        differing=comparison.differing - explained,
        differences=tuple(left),
    )
    return Explained(reduced, tuple(found))


def _reasons(
    log: TradeFields, row: TradeFields, comparison: FieldComparison
) -> Iterator[tuple[FieldName, Deviation]]:
    for found in comparison.differences:
        if isinstance(found, NumberDifference):
            reason = next((d for way in _WAYS.get(found.field, ()) for d in way(log, row)), None)
            if reason is not None:
                yield found.field, reason


def _scaled(log: TradeFields, row: TradeFields) -> TradeFields | None:
    """The row in the log's unit, where its market is another one that counts coins otherwise."""
    if symbol_key(log.symbol) == symbol_key(row.symbol):
        return None
    from logaudit.reconcile.matching.price_scale import in_log_scale  # noqa: PLC0415 - few ledgers rename markets

    return in_log_scale(log, row)


def _signs_differ(log: Decimal | None, row: Decimal | None) -> bool:
    return log is not None and row is not None and bool(log) and bool(row) and (log < 0) is not (row < 0)


def _notional(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """The row's size is the position's value in quote currency."""
    if row.size is not None and any(_is(value, slack, row.size) for value, slack in _values(log)):
        yield Deviation(DeviationKind.SIZE_NOTIONAL)


def _contracts(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """The row's size is a power of ten of the log's, or of the position's value: contracts, lots."""
    if row.size is None or log.size is None or not log.size:
        return
    slack = tolerance(log.size)
    for power in POWERS:
        value = product(log.size.copy_abs(), power)
        if value == row.size.copy_abs() or _is(value, product(slack, power), row.size):
            yield Deviation(DeviationKind.SIZE_CONTRACTS, row=f"{power:f}")
            return
    for value, slack in _values(log):
        # Of so many multiples one is near to any number: one of two digits says nothing.
        if tolerance(row.size) > product(row.size.copy_abs(), _COARSE):
            return
        for power in POWERS:
            if _is(product(value, power), product(slack, power), row.size):
                yield Deviation(DeviationKind.SIZE_NOTIONAL, row=f"{power:f}")
                return


def _values(log: TradeFields) -> Iterator[tuple[Decimal, Decimal]]:
    """The position's value at entry and at exit, with what its printed digits leave open."""
    if not log.size:
        return
    for price in (log.entry_price, log.exit_price):
        if price:
            size = log.size.copy_abs()
            value = product(size, price)
            slack = total([product(tolerance(log.size), price), product(tolerance(price), size)])
            yield value, min(slack, product(value, LOOSEST))


def _is(value: Decimal, slack: Decimal, printed: Decimal) -> bool:
    """Whether a computed value may be what is printed; one that its own digits leave open is none."""
    open_digits = max(slack, tolerance(printed))
    if not value or open_digits > product(value.copy_abs(), LOOSEST):
        return False
    return difference(value, printed.copy_abs()).copy_abs() <= open_digits


def _fee_sign(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    ours, theirs = log.commission, row.commission
    if (
        ours is not None
        and theirs is not None
        and _signs_differ(ours, theirs)
        and agree(ours, theirs.copy_negate())
    ):
        yield Deviation(DeviationKind.FEE_SIGN)


def _gross_as_net(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """The row's net is the log's gross."""
    if _any_agree([log.gross_pnl, *_before_fee(log, log.net_pnl)], [row.net_pnl]):
        yield Deviation(DeviationKind.GROSS_FOR_NET, "gross", "net")


def _net_as_gross(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """The row's gross is the log's net."""
    if _any_agree([log.net_pnl], [row.gross_pnl]):
        yield Deviation(DeviationKind.GROSS_FOR_NET, "net", "gross")


def _unnamed_as_gross(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """What the log calls the result is the row's gross, which only its net and its fee show; or the other way round."""
    result = row.gross_pnl if row.net_pnl is None else row.net_pnl
    if _any_agree([log.pnl], [*_before_fee(row, result)]):
        yield Deviation(DeviationKind.AFTER_FEE)
    elif _any_agree([*_before_fee(log, log.pnl)], [row.gross_pnl, row.net_pnl]):
        yield Deviation(DeviationKind.GROSS_FOR_NET, "net", "gross")


def _before_fee(told: TradeFields, net: Decimal | None) -> Iterator[Decimal]:
    """The result before its fee, with no more digits than the shorter of both was printed with."""
    if net is not None and told.commission:
        fewest = min(_places(net), _places(told.commission))
        yield rounded(total([net, told.commission.copy_abs()]), fewest)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _unprinted_fee(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """A fee that neither side prints lies between the results."""
    from logaudit.reconcile.matching.unprinted_fee import row_is_after_fee  # noqa: PLC0415 - most results agree

    after = row_is_after_fee(log, row)
    if after is not None:
        yield UNPRINTED_AFTER if after else UNPRINTED_BEFORE


def _any_agree(left: Sequence[Decimal | None], right: Sequence[Decimal | None]) -> bool:
    return any(a is not None and b is not None and agree(a, b) for a in left for b in right)


def _percent(log: TradeFields, row: TradeFields) -> Iterator[Deviation]:
    """The row's result is a share of the position's value, in percent or as a fraction."""
    shown = row.net_pnl if row.net_pnl is not None else row.gross_pnl
    if not shown:
        return
    for result in (log.net_pnl, log.gross_pnl, log.pnl):
        if not result:
            continue
        for value, _ in _values(log):
            for unit in (_HUNDRED, Decimal(1)):
                share = quotient(product(result, unit), value)
                slack = quotient(product(tolerance(result), unit), value)
                if (share < 0) is (shown < 0) and _is(share.copy_abs(), slack, shown):
                    yield Deviation(DeviationKind.PERCENT, row=f"{unit:f}")
                    return


_MONEY: Final = frozenset(
    {FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL, FieldName.COMMISSION, FieldName.FUNDING}
)
_Way = Callable[[TradeFields, TradeFields], Iterator[Deviation]]
_WAYS: Final[dict[FieldName, tuple[_Way, ...]]] = {
    FieldName.SIZE: (_notional, _contracts),
    FieldName.COMMISSION: (_fee_sign,),
    FieldName.NET_PNL: (_gross_as_net, _unprinted_fee, _percent),
    FieldName.GROSS_PNL: (_net_as_gross, _unprinted_fee, _percent),
    FieldName.PNL: (_unnamed_as_gross, _unprinted_fee, _percent),
}
