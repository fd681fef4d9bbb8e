"""Pairs of closes and rows that time, symbol, side and values allow, with what each pair would cost.

About most closes lie a few rows, and each is compared. Of a crowd those are that show the close's rarest numbers, and
the nearest; `NearRows.left_over` names what a crowd leaves without a partner, of which nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.by_values import ENOUGH
from logaudit.reconcile.matching.deviations import Deviation, explain
from logaudit.reconcile.matching.field_compare import FieldComparison, agreement, compare_fields, sides_fit
from logaudit.reconcile.matching.of_open import with_open
from logaudit.reconcile.matching.value_index import ValueIndex
from logaudit.reconcile.timeline import CROWD, Timeline

#: A disagreeing value outweighs any lag inside the window; an agreeing one is worth a second of lag.
_DIFFERS: Final = 10**10
_MOST_FIELDS: Final = 16

Pair: TypeAlias = tuple[int, int]
#: What a row's time may mean, naive µs on the log's clock; several where its clock is in doubt.
TimesOf: TypeAlias = Callable[[LedgerEntry], Sequence[int]]


class PairLink(Struct, frozen=True):
    """What a close and a row have in common.

    Attributes:
        lag: row time less close time, µs; 0 within printed precision.
        by_values: whether numbers or ids alone make them one trade.
    """

    comparison: FieldComparison
    lag: int
    deviations: tuple[Deviation, ...] = ()
    by_values: bool = False

    @property
    def alike(self) -> bool:
        """Whether three numbers agree, and twice as many as differ."""
        return self.comparison.agreeing >= max(ENOUGH, 2 * self.comparison.differing)

    @property
    def cost(self) -> int:
        """Less for the better one of two pairs."""
        doubts = len(self.comparison.differences) * _DIFFERS
        return doubts + (_MOST_FIELDS - self.comparison.agreeing) * SECOND + abs(self.lag)

    @property
    def coarse(self) -> int:
        """The cost with the lag in whole seconds: less tells no two equal closes apart."""
        return self.cost - abs(self.lag) % SECOND


class NearRows:
    """The rows about each close.

    Args:
        reaches: how far each row may lie from its close, µs.
    """

    def __init__(
        self, closes: Sequence[Event], rows: Sequence[LedgerEntry], reaches: Sequence[int], readings: TimesOf
    ) -> None:
        self._closes, self._rows, self._reaches = closes, rows, reaches
        self._farthest = max(reaches, default=0)
        self._slack = self._farthest + max((row.at.precision for row in rows), default=0)
        self._times = Timeline(
            (symbol_key(row.fields.symbol), at, r) for r, row in enumerate(rows) for at in readings(row)
        )
        self._readings = readings
        self._passed: Counter[tuple[str, int]] = Counter()
        self._indices: dict[str, tuple[ValueIndex, list[int]]] = {}

    def is_crowd(self, close: Event) -> bool:
        """Whether more rows lie about a close than are compared with it."""
        return self._times.count(*self._span(close)) > CROWD

    def pairs(self, opens: Sequence[TradeFields | None]) -> Iterator[tuple[Pair, PairLink]]:
        """Every pair that time, symbol, side and values allow.

        Args:
            opens: what the open of each close's position says, where that is known.
        """
        for c, close in enumerate(self._closes):
            crowded = self.is_crowd(close)
            lags = self._of_crowd(close) if crowded else self._about(close)
            compared = _compared_in_crowd if crowded else _compared
            for r, lag in lags.items():
                found = compared(close.fields, self._rows[r].fields, opens[c] if opens else None)
                if found is not None and found[0].plausible:
                    yield (c, r), PairLink(found[0], lag, found[1])

    def _about(self, close: Event, passed: int = 0) -> dict[int, int]:
        """The rows about a close, of a crowd the nearest, and their lags."""
        lags: dict[int, int] = {}
        for at, r in self._times.nearest(*self._span(close), (close.at.us, -1), passed):
            lag = lag_of(close, at, self._rows[r])
            if abs(lag) <= self._reaches[r] and sides_fit(close.fields, self._rows[r].fields):
                lags[r] = min(lag, lags.get(r, lag), key=abs)
        return lags

    def _of_crowd(self, close: Event) -> dict[int, int]:
        """Those of a crowd that agree in every number, or else the nearest."""
        market = symbol_key(close.fields.symbol)
        passed = self._passed[market, close.at.us]
        self._passed[market, close.at.us] += 1
        if market not in self._indices:
            members = list(dict.fromkeys(r for _, r in self._times.all_of(market)))
            self._indices[market] = ValueIndex([self._rows[r].fields for r in members]), members
        index, members = self._indices[market]
        lags: dict[int, int] = {}
        for r in (members[i] for i in index.candidates(close.fields, CROWD // 2)):
            lag = least_lag(close, self._rows[r], self._readings)
            if abs(lag) <= self._reaches[r] and sides_fit(close.fields, self._rows[r].fields):
                lags[r] = lag
        # Whatever else agrees in every number shows the rarest, too.
        alike = {r: lag for r, lag in lags.items() if self._agrees(close, r)}
        if alike:
            return alike
        lags |= self._about(close, passed)
        return {r: lag for r, lag in lags.items() if self._agrees(close, r)} or lags

    def _agrees(self, close: Event, row: int) -> bool:
        agreeing = agreement(close.fields, self._rows[row].fields)
        return agreeing is not None and agreeing >= ENOUGH

    def left_over(self, closes: Collection[int], rows: Collection[int]) -> tuple[list[Pair], frozenset[int]]:
        """What a crowd leaves without a partner: pairs in time order, and all such closes.

        Not all of a crowd were compared: a close of it may be that of any row that is left about it.

        Args:
            closes, rows: those that nothing links.
        """
        crowded = [c for c in sorted(closes) if self.is_crowd(self._closes[c])]
        if not crowded or not rows:
            return [], frozenset()
        free = Timeline(
            (symbol_key(self._rows[r].fields.symbol), at, r)
            for r in rows
            for at in self._readings(self._rows[r])
        )
        passed: Counter[str] = Counter()
        taken: set[int] = set()
        pairs: list[Pair] = []
        left: set[int] = set()
        for c in crowded:
            market, low, high = self._span(self._closes[c])
            times = free.all_of(market)
            i = passed[market]
            while i < len(times) and (times[i][0] < low or times[i][1] in taken):
                i += 1
            passed[market] = i
            if i < len(times) and times[i][0] <= high:
                taken.add(times[i][1])
                pairs.append((c, times[i][1]))
            if free.count(market, low, high):
                left.add(c)
        return pairs, frozenset(left)

    def _span(self, close: Event) -> tuple[str, int, int]:
        """The market of a close, and the times between which its row may lie."""
        market = symbol_key(close.fields.symbol)
        return market, close.at.us - self._slack, close.at.end + self._farthest


def _compared(
    log: TradeFields, row: TradeFields, opened: TradeFields | None
) -> tuple[FieldComparison, tuple[Deviation, ...]]:
    """The comparison of two that share symbol and side; other ways of writing are tried where they differ."""
    comparison = compare_fields(log, row)
    if not comparison.differing and (row.size is None or row.size > 0):
        return comparison, ()
    explained = explain(with_open(log, opened, row), row)
    return explained.comparison, explained.deviations


#: Many of a crowd are equal.
@lru_cache(maxsize=1 << 12)
def _compared_in_crowd(
    log: TradeFields, row: TradeFields, opened: TradeFields | None
) -> tuple[FieldComparison, tuple[Deviation, ...]] | None:
    """The comparison of two that share a number; None of others, which chance has put side by side."""
    return _compared(log, row, opened) if compare_fields(log, row).agreeing else None


def least_lag(close: Event, row: LedgerEntry, readings: TimesOf) -> int:
    """The lag under the reading of the row's time that is nearest."""
    return min((lag_of(close, at, row) for at in readings(row)), key=abs)


def lag_of(close: Event, at: int, row: LedgerEntry) -> int:
    """How far the row's time lies outside the interval that the close's printed time stands for."""
    if at + row.at.precision <= close.at.us:
        return at + row.at.precision - close.at.us
    return max(0, at - close.at.end)
