"""Closes × rows → one-to-one links, globally consistent, ties reported instead of guessed."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.field_compare import FieldComparison, compare_fields, sides_fit

#: A disagreeing value outweighs any lag inside the window; an agreeing one is worth a second of lag.
_DIFFERS: Final = 10**10
_MOST_FIELDS: Final = 16

_Pair: TypeAlias = tuple[int, int]


class Match(Struct, frozen=True):
    """A close and the row that recorded it.

    Attributes:
        lag: row time, on the log's clock, less close time, µs; 0 within printed precision.
        ambiguous: another choice explains the session equally well.
    """

    close: int
    row: int
    comparison: FieldComparison
    lag: int
    ambiguous: bool


class _Link(Struct, frozen=True):
    comparison: FieldComparison
    lag: int

    @property
    def cost(self) -> int:
        doubts = len(self.comparison.differences) * _DIFFERS
        return doubts + (_MOST_FIELDS - self.comparison.agreeing) * SECOND + abs(self.lag)

    @property
    def coarse(self) -> int:
        """The cost with the lag in whole seconds: less tells no two equal closes apart."""
        return self.cost - abs(self.lag) % SECOND


def match(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    window: int,
    readings: Callable[[LedgerEntry], Sequence[int]],
) -> tuple[tuple[Match, ...], frozenset[int]]:
    """Links closes to rows of the same symbol and side within ``window`` µs.

    Pairs that agree in every number they share, three or more, come first: no other trade's row may stand in
    for them. Of those, and then of what is left, as many pairs as possible are made; among those choices
    the one with the fewest disagreeing values and then the least total lag.

    Args:
        readings: what a row's time may mean, naive µs on the log's clock; several where its clock is in doubt.

    Returns:
        The links in the order of the closes, and the closes that were left without a row though an equally
        good choice would have given them one.
    """
    links = dict(_links(closes, rows, window, readings))
    sure = {pair: link for pair, link in links.items() if link.comparison.certain}
    first, ties = _choose(sure)
    # A row that fits one close in every value is no evidence for another, even where its own is taken.
    spoken_for = {r for _, r in sure}
    rest = {pair: link for pair, link in links.items() if pair[0] not in first and pair[1] not in spoken_for}
    second, more_ties = _choose(rest)
    pairs, ambiguous = first | second, ties | more_ties
    found = [Match(c, r, links[c, r].comparison, links[c, r].lag, c in ambiguous) for c, r in pairs.items()]
    return tuple(sorted(found, key=lambda m: m.close)), ambiguous - pairs.keys()


def _choose(links: Mapping[_Pair, _Link]) -> tuple[dict[int, int], frozenset[int]]:
    """The best links, and the closes that another choice serves equally well.

    Where a close goes without a row for a fraction of a second only, it and the close that has the row are such.
    """
    pairs, ties = assign({pair: link.cost for pair, link in links.items()})
    _, near = assign({pair: link.coarse for pair, link in links.items()})
    owner = {r: c for c, r in pairs.items()}
    lost = near - pairs.keys()
    rivals = {owner[r] for c, r in links if c in lost and r in owner}
    return pairs, ties | lost | (near & rivals)


def _links(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    window: int,
    readings: Callable[[LedgerEntry], Sequence[int]],
) -> Iterator[tuple[_Pair, _Link]]:
    """Every pair that time, symbol, side and values allow."""
    by_symbol: dict[str, list[_Pair]] = defaultdict(list)
    for r, row in enumerate(rows):
        by_symbol[symbol_key(row.fields.symbol)].extend((at, r) for at in readings(row))
    for group in by_symbol.values():
        group.sort()
    widest = max((row.at.precision for row in rows), default=0)
    for c, close in enumerate(closes):
        group = by_symbol.get(symbol_key(close.fields.symbol), [])
        lags: dict[int, int] = {}
        for i in range(bisect_left(group, (close.at.us - window - widest, -1)), len(group)):
            at, r = group[i]
            if at > close.at.end + window:
                break
            lag = _lag(close, at, rows[r])
            if abs(lag) <= window and sides_fit(close.fields, rows[r].fields):
                lags[r] = min(lag, lags.get(r, lag), key=abs)
        for r, lag in lags.items():
            comparison = compare_fields(close.fields, rows[r].fields)
            if comparison.plausible:
                yield (c, r), _Link(comparison, lag)


def _lag(close: Event, at: int, row: LedgerEntry) -> int:
    """How far the row's time lies outside the interval that the close's printed time stands for."""
    if at + row.at.precision <= close.at.us:
        return at + row.at.precision - close.at.us
    return max(0, at - close.at.end)
