"""One row for several closes of a position, and several rows for one close: what adds up is recorded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree, difference, tolerance, total
from logaudit.core.timestamp import MINUTE
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import Deviation, DeviationKind, explain
from logaudit.reconcile.matching.field_compare import (
    Difference,
    FieldComparison,
    NumberDifference,
    compare_fields,
    sides_fit,
)
from logaudit.reconcile.matching.value_index import ValueIndex

#: Fills of one close lie within this before it.
_FILLING: Final = 10 * MINUTE
_MOST_ROWS: Final = 64
_MOST: Final = 32
#: Equal numbers that make a sum no coincidence, one of them a size or an amount of money.
_ENOUGH: Final = 2
#: As many make it so at any time.
_ANYWHERE: Final = 3
_SUMMED: Final = ("size", "contracts", "gross_pnl", "net_pnl", "pnl", "commission", "funding")
_ADDED: Final = frozenset({FieldName.SIZE, FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL})
_BEYOND: Final = 1 << 62


#: Links of several closes or rows.
GRAINS: Final = frozenset({DeviationKind.ONE_ROW, DeviationKind.SEVERAL_ROWS})


class Parted(Struct, frozen=True):
    """A position that was closed in parts.

    Attributes:
        closes: their indices.
        opened: what its open says, None without one.
    """

    closes: tuple[int, ...]
    opened: TradeFields | None = None


class Grouped(Struct, frozen=True):
    """Closes and rows that are one trade only together; several on exactly one side.

    Attributes:
        lag: µs from the last close to the nearest row.
    """

    closes: tuple[int, ...]
    rows: tuple[int, ...]
    comparison: FieldComparison
    lag: int
    deviations: tuple[Deviation, ...]


def group_closes(
    closes: Sequence[Event],
    positions: Iterable[Parted],
    rows: Sequence[LedgerEntry],
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int],
) -> Iterator[Grouped]:
    """Positions closed in parts whose sums one row shows."""
    groups = [group for group in positions if len(group.closes) > 1]
    if not groups:
        return
    index = ValueIndex([row.fields for row in rows])
    taken: set[int] = set()
    for position in groups:
        group, parts = position.closes, [closes[c].fields for c in position.closes]
        whole = as_one(parts, position.opened)
        fits: list[Grouped] = []
        for r in index.candidates(whole, _MOST):
            row = rows[r].fields
            if r in taken or any(_is_one(part, row) for part in parts):
                continue
            explained = explain(whole, row)
            comparison = within_sums(explained.comparison, parts)
            if not adds_up(comparison, parts):
                continue
            lag = min((_outside(closes, group, at, rows[r]) for at in readings(rows[r])), key=abs)
            near = abs(lag) <= reach(rows[r]) and comparison.agreeing >= _ENOUGH
            if near or comparison.agreeing >= _ANYWHERE:
                named = (Deviation(DeviationKind.ONE_ROW), *explained.deviations)
                fits.append(Grouped(group, (r,), comparison, lag, named))
        if fits:
            best = min(fits, key=lambda g: (abs(g.lag), g.rows))
            taken.update(best.rows)
            yield best


def adds_up(told: FieldComparison, parts: Sequence[TradeFields]) -> bool:
    """Whether sums agree and nothing else differs; a size may, where money agrees: contracts of any worth."""
    differing = {d.field for d in told.differences if isinstance(d, NumberDifference)}
    sized = all(part.amount is not None for part in parts)
    needed = _ADDED if sized and not differing else _ADDED - {FieldName.SIZE}
    return differing <= {FieldName.SIZE} and bool(needed.intersection(told.equal))


def group_rows(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int],
) -> Iterator[Grouped]:
    """Closes that several rows in a row add up to, each smaller: one row a fill."""
    by_symbol: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for r, row in enumerate(rows):
        if row.fields.size:
            by_symbol[symbol_key(row.fields.symbol)].extend((at, r) for at in readings(row))
    for times in by_symbol.values():
        times.sort()
    widest = max((reach(row) for row in rows), default=0)
    taken: set[int] = set()
    for c, close in enumerate(closes):
        times = by_symbol.get(symbol_key(close.fields.symbol), [])
        first = bisect_left(times, (close.at.us - _FILLING - widest, -1))
        last = bisect_right(times, (close.at.end + widest, _BEYOND))
        near = [r for _, r in times[first:last] if r not in taken and sides_fit(close.fields, rows[r].fields)]
        if len(near) < _ENOUGH or len(near) > _MOST_ROWS:
            continue
        if any(_is_one(close.fields, rows[r].fields) for r in near):
            continue
        found = _run(close, [(r, rows[r].fields) for r in near])
        if found is not None:
            taken.update(found.rows)
            yield Grouped((c,), found.rows, found.comparison, 0, found.deviations)


def _run(close: Event, near: Sequence[tuple[int, TradeFields]]) -> Grouped | None:
    """The consecutive rows that add up to the close in size and money, as far as both sides show them."""
    size = close.fields.amount
    for start in range(len(near)):
        for end in range(start + _ENOUGH, len(near) + 1):
            parts = [told for _, told in near[start:end]]
            whole = summed(parts)
            if size is not None and whole.size is not None and whole.size.copy_abs() > size.copy_abs():
                break
            comparison = within_sums(compare_fields(close.fields, whole), parts)
            if not comparison.differing and _ADDED.intersection(comparison.equal):
                named = (Deviation(DeviationKind.SEVERAL_ROWS),)
                return Grouped((), tuple(r for r, _ in near[start:end]), comparison, 0, named)
    return None


def within_sums(told: FieldComparison, parts: Sequence[TradeFields]) -> FieldComparison:
    """The comparison in which sums may be off by what the rounding of all their parts adds up to."""
    equal = list(told.equal)
    left: list[Difference] = []
    for found in told.differences:
        if isinstance(found, NumberDifference) and found.field.value in _SUMMED:
            shown = [value for part in parts if (value := getattr(part, found.field.value)) is not None]
            if difference(found.log, found.row).copy_abs() <= total(tolerance(value) for value in shown):
                equal.append(found.field)
                continue
        left.append(found)
    settled = len(told.differences) - len(left)
    return FieldComparison(told.agreeing + settled, told.differing - settled, tuple(left), tuple(equal))


def summed(parts: Sequence[TradeFields]) -> TradeFields:
    """One trade of several parts: sizes, money and fees added, prices where all parts share one."""
    values: dict[str, Any] = {}
    for name in _SUMMED:
        shown: list[Decimal | None] = [getattr(part, name) for part in parts]
        known = [value for value in shown if value is not None]
        values[name] = total(known) if len(known) == len(shown) else None
    for name in ("entry_price", "exit_price"):
        prices: list[Decimal | None] = [getattr(part, name) for part in parts]
        first = prices[0]
        same = first is not None and all(p is not None and agree(first, p) for p in prices)
        values[name] = first if same else None
    side = next((part.side for part in parts if part.side is not None), None)
    return TradeFields(symbol=parts[0].symbol, side=side, **values)


def as_one(parts: Sequence[TradeFields], opened: TradeFields | None) -> TradeFields:
    """The parts of a position as one trade, with what only its open prints: the entry price, the size."""
    whole = summed(parts)
    if opened is None:
        return whole
    return replace(
        whole,
        entry_price=opened.entry_price if whole.entry_price is None else whole.entry_price,
        size=opened.size if whole.size is None and whole.contracts is None else whole.size,
    )


def _is_one(log: TradeFields, row: TradeFields) -> bool:
    """Whether the row fits this close by itself."""
    comparison = explain(log, row).comparison
    return not comparison.differing and bool(_ADDED.intersection(comparison.equal))


def _outside(closes: Sequence[Event], group: Sequence[int], at: int, row: LedgerEntry) -> int:
    """How far a row's time lies outside the time from the first to the last close of a group, µs."""
    first, last = closes[group[0]].at.us, closes[group[-1]].at.end
    if at + row.at.precision <= first:
        return at + row.at.precision - first
    return max(0, at - last)
