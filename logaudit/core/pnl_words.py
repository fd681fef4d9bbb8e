"""What an amount of PnL is called: net, or gross where nothing nearer to the net is known. Every output asks here."""

from __future__ import annotations

from collections.abc import Iterable

from logaudit.core.message import Message, Money, label
from logaudit.core.money_parts import Amount, Priced, amount_of


def pnl_label(sum_: Amount) -> Message:
    """``net PnL``, ``gross PnL``."""
    return label("sum", "gross PnL") if sum_.is_gross else label("sum", "net PnL")


def pnl_title(sum_: Amount) -> Message:
    """As `pnl_label`, as the title of a column or a row."""
    return label("column", "Gross PnL") if sum_.is_gross else label("column", "Net PnL")


def pnl_figure(items: Iterable[Priced]) -> Message:
    """``net PnL +1.9434``: the sum of what these show, unknown where one of them shows none."""
    sum_ = amount_of(items)
    return Message("{pnl} {amount}", (("pnl", pnl_label(sum_)), ("amount", Money(sum_.value))))
