"""Markets that one side trades a thousand coins as one of: 1000PEPE at a thousandth of the size."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from logaudit.core.fields import TradeFields
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.money import agree, product, quotient
from logaudit.core.trades import symbol_key

_PREFIX: Final = lazy_pattern(r"10+(?=[A-Z])")


def coin_of(symbol: str) -> str:
    """The key of a market without the number of coins that it counts as one."""
    key = symbol_key(symbol)
    many = _PREFIX.match(key)
    return key[many.end() :] if many else key


def in_log_scale(log: TradeFields, row: TradeFields) -> TradeFields | None:
    """The row in the log's unit where its prices show that it counts coins otherwise; None elsewhere."""
    ours, theirs = symbol_key(log.symbol), symbol_key(row.symbol)
    if ours == theirs or (row.entry_price is None and row.exit_price is None):
        return None
    if (many := _PREFIX.match(theirs)) and theirs[many.end() :] == ours:
        factor = quotient(1, Decimal(many[0]))
    elif (many := _PREFIX.match(ours)) and ours[many.end() :] == theirs:
        factor = Decimal(many[0])
    else:
        return None
    seen = (
        (log.exit_price, row.exit_price) if row.exit_price is not None else (log.entry_price, row.entry_price)
    )
    if (
        seen[0] is None
        or seen[1] is None
        or agree(seen[0], seen[1])
        or not agree(seen[0], product(seen[1], factor))
    ):
        return None
    return replace(
        row,
        entry_price=None if row.entry_price is None else product(row.entry_price, factor),
        exit_price=None if row.exit_price is None else product(row.exit_price, factor),
        size=None if row.size is None else quotient(row.size, factor),
    )
