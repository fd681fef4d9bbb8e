"""Ids of trades, orders and positions that log and ledger both print: which pairs they make, and which they rule out.

A long id that both print is one id. A short one is a counter, and two systems may both have a 17: short ones count
where the pairs that they make fit in time and in every value, but for a few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from logaudit.core.events import Event
from logaudit.core.fields import LONG_ID, TradeFields
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.field_compare import compare_fields, sides_fit

_Pair: TypeAlias = tuple[int, int]
#: Of so many pairs of short ids one may be wrong.
_MOST: Final = 10


class SharedIds:
    """The ids that closes and rows bear in common.

    Args:
        near: whether a close and a row lie within the window.
    """

    def __init__(
        self, closes: Sequence[Event], rows: Sequence[LedgerEntry], near: Callable[[int, int], bool]
    ) -> None:
        told, written = [c.fields for c in closes], [r.fields for r in rows]
        self._closes = _bearers(told) if any(f.ids for f in told) else {}
        self._rows = _bearers(written) if self._closes else {}
        shared = self._closes.keys() & self._rows.keys()
        short = {own for own in shared if len(own) < LONG_ID}
        lone = [(self._closes[own][0], self._rows[own][0]) for own in short if self._is_lone(own)]
        fitting = sum(_fits(told[c], written[r]) and near(c, r) for c, r in lone)
        if not lone or (len(lone) - fitting) * _MOST > len(lone):
            shared -= short
        self._shared = shared

    def pairs(self) -> list[_Pair]:
        """The closes and rows that bear one id, which no other close and no other row bears."""
        lone = ((self._closes[own][0], self._rows[own][0]) for own in self._shared if self._is_lone(own))
        return sorted(set(lone))

    def rule_out(self, close: TradeFields, row: TradeFields) -> bool:
        """Whether the ids of one stand beside another close or row, and none of them beside this one."""
        if not self._shared or not close.ids or not row.ids or not set(close.ids).isdisjoint(row.ids):
            return False
        return any(own in self._shared for own in (*close.ids, *row.ids))

    def _is_lone(self, own: str) -> bool:
        return len(self._closes[own]) == len(self._rows[own]) == 1


def _bearers(told: Sequence[TradeFields]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for i, fields in enumerate(told):
        for own in set(fields.ids):
            found[own].append(i)
    return found


def _fits(log: TradeFields, row: TradeFields) -> bool:
    """Whether symbol, side and every number that both show are equal."""
    compared = compare_fields(log, row)
    same = symbol_key(log.symbol) == symbol_key(row.symbol) and sides_fit(log, row)
    return same and bool(compared.agreeing) and not compared.differing
