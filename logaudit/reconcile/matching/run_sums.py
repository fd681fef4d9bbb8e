"""Sums of what consecutive rows show: which of them may add up to a close, seen without adding each anew."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Final

from logaudit.core.fields import TradeFields
from logaudit.core.money import difference, running_totals, tolerance, total

#: What the log shows and what rows show of it.
_MONEY: Final = (("net_pnl", "net_pnl"), ("gross_pnl", "gross_pnl"), ("pnl", "net_pnl"), ("pnl", "gross_pnl"))
_NOTHING: Final = Decimal(0)


class RunSums:
    """Sums of sizes and of money over any run of some rows."""

    def __init__(self, told: Sequence[TradeFields]) -> None:
        # Some tables write the size of a short with a sign.
        self._size = _Sums([None if row.size is None else row.size.copy_abs() for row in told])
        self._money = {name: _Sums([getattr(row, name) for row in told]) for _, name in _MONEY}

    def is_larger(self, start: int, end: int, size: Decimal) -> bool:
        """Whether the rows of a run all show sizes, which are more than ``size`` together."""
        held = self._size.of(start, end)
        return held is not None and held > size.copy_abs()

    def may_be(self, log: TradeFields, start: int, end: int) -> bool:
        """Whether a run's size or money is the log's, as far as rounding leaves it open."""
        sizes = (size.copy_abs() for size in (log.size, log.contracts) if size is not None)
        if any(self._size.is_near(size, start, end) for size in sizes):
            return True
        money = ((getattr(log, ours), self._money[theirs]) for ours, theirs in _MONEY)
        return any(told is not None and sums.is_near(told, start, end) for told, sums in money)


class _Sums:
    """Sums of one value over any run of rows."""

    def __init__(self, values: Sequence[Decimal | None]) -> None:
        known = [_NOTHING if value is None else value for value in values]
        slack = [_NOTHING if value is None else tolerance(value) for value in values]
        self._totals = [_NOTHING, *running_totals(known)]
        self._slack = [_NOTHING, *running_totals(slack)]
        self._lacking = [0, *accumulate(value is None for value in values)]

    def of(self, start: int, end: int) -> Decimal | None:
        """The sum; None where a row shows nothing."""
        if self._lacking[end] > self._lacking[start]:
            return None
        return difference(self._totals[end], self._totals[start])

    def is_near(self, told: Decimal, start: int, end: int) -> bool:
        """Whether a sum is a number that was told, but for the roundings of all."""
        found = self.of(start, end)
        if found is None:
            return False
        slack = total([difference(self._slack[end], self._slack[start]), tolerance(told)])
        return difference(told, found).copy_abs() <= slack
