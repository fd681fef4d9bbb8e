"""One row for several closes of a position: what adds up is recorded. `fills` has the reverse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from heapq import nsmallest
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree, difference, tolerance, total, unit
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import LOOSE, Deviation, DeviationKind, explain
from logaudit.reconcile.matching.field_compare import (
    Difference,
    FieldComparison,
    NumberDifference,
)
from logaudit.reconcile.matching.value_index import ValueIndex
from logaudit.reconcile.timeline import CROWD, NEAREST, Timeline

_MOST: Final = 32
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
        parts = [closes[c] for c in position.closes]
        whole = as_one([part.fields for part in parts], position.opened)
        candidates = sorted({*index.candidates(whole, _MOST), *timed.of(parts[-1])} - taken)
        found = ((r, _as_whole(whole, parts, rows[r], readings, reach)) for r in candidates)
        fits = [
            Grouped(position.closes, (r,), fit.comparison, fit.lag, fit.deviations)
            for r, fit in found
            if fit is not None and not (fit.weak and _have_rows(timed, parts, {r, *taken}))
        ]
        if fits:
            best = min(fits, key=lambda g: (abs(g.lag), g.rows))
            taken.update(best.rows)
            grouped.update(position.closes)
            yield best


class _Fit(Struct, frozen=True):
    """How a row shows a whole position; ``weak`` where little more than its time says so."""

    comparison: FieldComparison
    lag: int
    deviations: tuple[Deviation, ...]
    weak: bool


def _as_whole(
    whole: TradeFields,
    parts: Sequence[Event],
    row: LedgerEntry,
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int],
) -> _Fit | None:
    """How a row shows parts that add up; None where it does not, or is of one of them."""
    told, last = [part.fields for part in parts], parts[-1].fields
    for log in _nearest(parts, row, readings, reach(row)):
        if is_one(log, row.fields) and not (log is last and _nearer(whole, log, row.fields)):
            return None
    if _is_net(whole, told, row.fields):
        whole, told = _as_net(whole), [_as_net(part) for part in told]
    explained = explain(whole, row.fields)
    comparison = within_sums(explained.comparison, told)
    loose = not comparison.differing and not LOOSE.isdisjoint(explained.deviations)
    if not loose and not adds_up(comparison, told):
        return None
    # Money alone, beside a size that is another, may be that of one part: 0.00 is the sum of many.
    weak = comparison.agreeing < ENOUGH or bool(comparison.differing)
    # A row at the time of the last part is of the position: of the part alone it shows another result.
    lag = min((_outside(parts[-1:] if weak else parts, at, row) for at in readings(row)), key=abs)
    if abs(lag) > reach(row) and (loose or comparison.agreeing < _ANYWHERE):
        return None
    deviations = (Deviation(DeviationKind.ONE_ROW), *explained.deviations)
    return _Fit(comparison, lag, deviations, weak or loose)


def _is_net(whole: TradeFields, parts: Sequence[TradeFields], row: TradeFields) -> bool:
    """Whether a sum of no name is the row's net but for what the rounding of its parts adds up to."""
    if whole.pnl is None or row.net_pnl is None or row.gross_pnl is None:
        return False
    slack = total(tolerance(part.pnl) for part in parts if part.pnl is not None)
    return difference(whole.pnl, row.net_pnl).copy_abs() <= slack


def _as_net(told: TradeFields) -> TradeFields:
    return replace(told, pnl=None, net_pnl=told.pnl)


def _have_rows(timed: _Near, parts: Sequence[Event], known: Collection[int]) -> bool:
    """Whether rows other than these lie at the time of a part, but for the last: then each part has its own."""
    last = timed.of(parts[-1])
    return any(r not in known and r not in last for part in parts[:-1] for r in timed.of(part))


def _nearest(
    parts: Sequence[Event], row: LedgerEntry, readings: Callable[[LedgerEntry], Sequence[int]], reach: int
) -> list[TradeFields]:
    """The parts at whose time a row lies, or that are within its reach, or all; of a crowd the nearest."""
    times = readings(row)
    lags = [min(abs(_outside((part,), at, row)) for at in times) for part in parts]
    within = next((far for far in (0, reach) if min(lags) <= far), max(lags))
    near = [(lag, p) for p, lag in enumerate(lags) if lag <= within]
    return [parts[p].fields for _, p in (near if len(near) <= CROWD else nsmallest(NEAREST, near))]


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
    """The rows about a close."""

    def __init__(
        self,
        rows: Sequence[LedgerEntry],
        readings: Callable[[LedgerEntry], Sequence[int]],
        reach: Callable[[LedgerEntry], int],
    ) -> None:
        self._times = Timeline(
            (symbol_key(row.fields.symbol), at, r) for r, row in enumerate(rows) for at in readings(row)
        )
        self._widest = max((reach(row) + row.at.precision for row in rows), default=0)

    def of(self, close: Event) -> list[int]:
        """Those that lie about as near to a close as a row of it may; of a crowd the nearest."""
        low, high = close.at.us - self._widest, close.at.end + self._widest
        near = self._times.nearest(symbol_key(close.fields.symbol), low, high, (close.at.us, -1))
        return [r for _, r in near]


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
        # 0.56 may be 0.5600 without its zeros: what all parts share is no finer than the coarsest print.
        coarsest = max((p for p in prices if p is not None), key=unit, default=None)
        same = coarsest is not None and all(p is not None and agree(coarsest, p) for p in prices)
        values[name] = coarsest if same else None
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


def _outside(parts: Sequence[Event], at: int, row: LedgerEntry) -> int:
    """How far a row's time lies outside the time from the first to the last of some closes, µs."""
    first, last = parts[0].at.us, parts[-1].at.end
    if at + row.at.precision <= first:
        return at + row.at.precision - first
    return max(0, at - last)
