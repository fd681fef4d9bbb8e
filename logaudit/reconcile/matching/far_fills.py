"""Several rows, a row a fill, that lie together at another time than the close they add up to: a day early, an hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import Deviation, DeviationKind
from logaudit.reconcile.matching.field_compare import FieldComparison, compare_fields, sides_fit
from logaudit.reconcile.matching.fills import are_parts, at_once
from logaudit.reconcile.matching.grain import ADDED, summed, within_sums
from logaudit.reconcile.matching.match import FARTHEST, Match
from logaudit.reconcile.matching.near_pairs import lag_of
from logaudit.reconcile.matching.of_open import with_open
from logaudit.reconcile.matching.value_index import ValueIndex

#: Equal numbers that make rows a close's whatever their time.
_ENOUGH = 3
#: Closes that share a number with a sum and are held against it one by one.
_MOST = 32


def far_fills(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    free: tuple[Sequence[int], Sequence[int]],
    readings: Callable[[LedgerEntry], Sequence[int]],
    foreign: Callable[[LedgerEntry], bool],
    opens: Sequence[TradeFields | None],
) -> Iterator[tuple[Match, tuple[int, ...]]]:
    """Links of closes to rows written at once whose sums have three numbers of the close, and of no other close.

    Args:
        free: closes and rows without a link.
        readings: what a row's time may mean, naive µs on the log's clock.
        foreign: whether a row's known clock puts it where no log reaches.
        opens: what the open of each close's position says.
    """
    told = [closes[c].fields for c in free[0]]
    index = ValueIndex(told)
    found: dict[int, list[tuple[tuple[int, ...], FieldComparison]]] = defaultdict(list)
    for batch in _batches(rows, free[1], readings):
        parts = [rows[r].fields for r in batch]
        whole = summed(parts)
        fits: list[tuple[int, FieldComparison]] = []
        for i in index.candidates(whole, _MOST):
            c = free[0][i]
            log = with_open(told[i], opens[c] if opens else None, whole)
            comparison = within_sums(compare_fields(log, whole), parts)
            if _is_sum(log, whole, comparison):
                fits.append((c, comparison))
        if len(fits) == 1:
            ((c, comparison),) = fits
            found[c].append((batch, comparison))
    for c, sums in sorted(found.items()):
        if len(sums) > 1:
            continue
        ((batch, comparison),) = sums
        lag = min((lag_of(closes[c], at, rows[batch[0]]) for at in readings(rows[batch[0]])), key=abs)
        if abs(lag) <= FARTHEST or not foreign(rows[batch[0]]):
            named = (Deviation(DeviationKind.SEVERAL_ROWS),)
            yield (
                Match(c, batch[0], comparison, lag, ambiguous=False, deviations=named, by_values=True),
                batch,
            )


def _batches(
    rows: Sequence[LedgerEntry], free: Sequence[int], readings: Callable[[LedgerEntry], Sequence[int]]
) -> Iterator[tuple[int, ...]]:
    """The rows of a market and a side that were written at once with the same prices."""
    of_market: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for r in free:
        fields = rows[r].fields
        if fields.size:
            of_market[symbol_key(fields.symbol), str(fields.side)].append((readings(rows[r])[0], r))
    for times in of_market.values():
        times.sort()
        for batch in at_once(times, rows):
            members = tuple(r for _, r in batch)
            if are_parts(members, rows):
                yield members


def _is_sum(log: TradeFields, whole: TradeFields, told: FieldComparison) -> bool:
    same = symbol_key(log.symbol) == symbol_key(whole.symbol) and sides_fit(log, whole)
    return same and not told.differing and told.agreeing >= _ENOUGH and not ADDED.isdisjoint(told.equal)
