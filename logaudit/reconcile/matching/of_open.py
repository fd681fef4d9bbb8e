"""What only the open of a position prints, as evidence for the row of its close."""

from __future__ import annotations

from msgspec.structs import replace

from logaudit.core.fields import TradeFields
from logaudit.core.money import agree


def with_open(log: TradeFields, opened: TradeFields | None, row: TradeFields) -> TradeFields:
    """The close with the entry price of its position's open, where the row shows the same one.

    Another one is no disagreement: the open's line may print the price that was asked for, or one of several fills.
    """
    if opened is None or log.entry_price is not None:
        return log
    ours, theirs = opened.entry_price, row.entry_price
    return (
        log if ours is None or theirs is None or not agree(ours, theirs) else replace(log, entry_price=ours)
    )
