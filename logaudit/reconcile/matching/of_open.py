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


def _filled(log: TradeFields, opened: TradeFields | None) -> TradeFields:
    """As `entered_at`, and of its size where it prints none."""
    told = entered_at(log, opened)
    if opened is None or log.size is not None or log.contracts is not None:
        return told
    return replace(told, size=opened.size)


def with_open(log: TradeFields, opened: TradeFields | None, row: TradeFields) -> TradeFields:
    """The close with the entry price of its position's open, where the row shows the same one or none.

    It gets the open's size too, where the row shows neither. Another price is no disagreement: the line of the open may
    print the price that was asked for, or one of several fills.
    """
    told, theirs = entered_at(log, opened), row.entry_price
    if theirs is None and row.size is None and row.contracts is None:
        return _filled(log, opened)
    ours = told.entry_price
    if ours is None or theirs is None:
        return told
    return told if agree(ours, theirs) else log
