"""One row for several closes of a position: what adds up is recorded. `fills` has the reverse."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree, difference, tolerance, total
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import LOOSE, Deviation, DeviationKind, explain
from logaudit.reconcile.matching.field_compare import (
    Difference,
    FieldComparison,
    NumberDifference,
)
from logaudit.reconcile.matching.value_index import ValueIndex

_MOST: Final = 32
_BEYOND: Final = 1 << 62
#: Equal numbers that make a sum no coincidence, one of them a size or an amount of money.
ENOUGH: Final = 2
#: As many make it so at any time.
_ANYWHERE: Final = 3
_SUMMED: Final = ("size", "contracts", "gross_pnl", "net_pnl", "pnl", "commission", "funding")
ADDED: Final = frozenset({FieldName.SIZE, FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL})


#: Links of several closes or rows.
GRAINS: Final = frozenset({DeviationKind.ONE_ROW, DeviationKind.SEVERAL_ROWS})


class Parted(Struct, frozen=True):
    """A position with its closes.

    Attributes:
        closes: their indices; several where it was closed in parts.
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
    used: tuple[Collection[int], Collection[int]],
) -> Iterator[Grouped]:
    """Positions closed in parts whose sums one row shows.

    Args:
        used: closes and rows that are linked already.
    """
    groups = [p for p in positions if len(p.closes) > 1 and not any(c in used[0] for c in p.closes)]
    if not groups:
        return
    index, timed = ValueIndex([row.fields for row in rows]), _Near(rows, readings, reach)
    taken = set(used[1])
    grouped: set[int] = set()
    for position in groups:
        if not grouped.isdisjoint(position.closes):
            continue
        group, parts = position.closes, [closes[c].fields for c in position.closes]
        whole = as_one(parts, position.opened)
        fits: list[Grouped] = []
        for r in sorted({*index.candidates(whole, _MOST), *timed.of(closes[group[-1]])}):
            row = rows[r].fields
            near = _nearest(closes, group, rows[r], readings)
            if r in taken or any(
                is_one(log, row) and not (log is parts[-1] and _nearer(whole, log, row)) for log in near
            ):
                continue
            explained = explain(whole, row)
            comparison = within_sums(explained.comparison, parts)
            loose = not comparison.differing and not LOOSE.isdisjoint(explained.deviations)
            if not loose and not adds_up(comparison, parts):
                continue
            lag = min((_outside(closes, group, at, rows[r]) for at in readings(rows[r])), key=abs)
            if comparison.agreeing < ENOUGH:
                # A row at the time of the last part is of the position: of the part alone it shows another result.
                lag = min((_outside(closes, group[-1:], at, rows[r]) for at in readings(rows[r])), key=abs)
            if abs(lag) <= reach(rows[r]) or (comparison.agreeing >= _ANYWHERE and not loose):
                named = (Deviation(DeviationKind.ONE_ROW), *explained.deviations)
                fits.append(Grouped(group, (r,), comparison, lag, named))
        if fits:
            best = min(fits, key=lambda g: (abs(g.lag), g.rows))
            taken.update(best.rows)
            grouped.update(group)
            yield best


def _nearest(
    closes: Sequence[Event],
    group: Sequence[int],
    row: LedgerEntry,
    readings: Callable[[LedgerEntry], Sequence[int]],
) -> list[TradeFields]:
    """The parts at whose time a row lies; all of them where it lies at that of none."""
    near = [c for c in group if any(not _outside(closes, (c,), at, row) for at in readings(row))]
    return [closes[c].fields for c in near or group]


def _nearer(whole: TradeFields, part: TradeFields, row: TradeFields) -> bool:
    """Whether a row's result, which prints too few digits to tell, is nearer to the sum than to the part."""
    if whole.result is None or part.result is None or None not in (part.amount, row.amount):
        return False
    shown = [value for value in (row.net_pnl, row.gross_pnl) if value is not None]
    of_sum, of_part = (
        min((difference(told, value).copy_abs() for value in shown), default=Decimal(0))
        for told in (whole.result, part.result)
    )
    return of_sum < of_part


class _Near:
    """The rows of each symbol by their times."""

    def __init__(
        self,
        rows: Sequence[LedgerEntry],
        readings: Callable[[LedgerEntry], Sequence[int]],
        reach: Callable[[LedgerEntry], int],
    ) -> None:
        self._times: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r, row in enumerate(rows):
            self._times[symbol_key(row.fields.symbol)] += [(at, r) for at in readings(row)]
        for times in self._times.values():
            times.sort()
        self._widest = max((reach(row) + row.at.precision for row in rows), default=0)

    def of(self, close: Event) -> list[int]:
        """Those that lie about as near to a close as a row of it may."""
        times = self._times.get(symbol_key(close.fields.symbol), [])
        first = bisect_left(times, (close.at.us - self._widest, -1))
        last = bisect_right(times, (close.at.end + self._widest, _BEYOND))
        return [r for _, r in times[first:last]]


def adds_up(told: FieldComparison, parts: Sequence[TradeFields]) -> bool:
    """Whether sums agree and nothing else differs; a size may, where money agrees: contracts of any worth."""
    differing = {d.field for d in told.differences if isinstance(d, NumberDifference)}
    sized = all(part.amount is not None for part in parts)
    needed = ADDED if sized and not differing else ADDED - {FieldName.SIZE}
    return differing <= {FieldName.SIZE} and bool(needed.intersection(told.equal))


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


def is_one(log: TradeFields, row: TradeFields) -> bool:
    """Whether the row fits this close by itself."""
    comparison = explain(log, row).comparison
    return not comparison.differing and bool(ADDED.intersection(comparison.equal))


def _outside(closes: Sequence[Event], group: Sequence[int], at: int, row: LedgerEntry) -> int:
    """How far a row's time lies outside the time from the first to the last close of a group, µs."""
    first, last = closes[group[0]].at.us, closes[group[-1]].at.end
    if at + row.at.precision <= first:
        return at + row.at.precision - first
    return max(0, at - last)
