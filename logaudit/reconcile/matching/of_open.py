"""What only the open of a position prints, as evidence for the row of its close."""

from __future__ import annotations

from msgspec.structs import replace

from logaudit.core.fields import TradeFields
from logaudit.core.money import agree


def entered_at(log: TradeFields, opened: TradeFields | None) -> TradeFields:
    """The close with the entry price of its position's open, where it prints none."""
    if opened is None or log.entry_price is not None or opened.entry_price is None:
        return log
    return replace(log, entry_price=opened.entry_price)


def with_open(log: TradeFields, opened: TradeFields | None, row: TradeFields) -> TradeFields:
    """The close with the entry price of its position's open, where the row shows the same one.

    Another one is no disagreement: the open's line may print the price that was asked for, or one of several fills.
    """
    told, theirs = entered_at(log, opened), row.entry_price
    ours = told.entry_price
    return told if ours is not None and theirs is not None and agree(ours, theirs) else log
