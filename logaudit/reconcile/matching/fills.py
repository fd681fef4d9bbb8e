"""Several rows for one close, a row a fill: what adds up is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import agree_exactly, difference
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import LOOSE, Deviation, DeviationKind, explain
from logaudit.reconcile.matching.field_compare import FieldComparison, compare_fields, sides_fit
from logaudit.reconcile.matching.grain import ADDED, ENOUGH, Grouped, is_one, summed, within_sums
from logaudit.reconcile.timeline import CROWD, Timeline

#: Fills of one close lie within this before it.
FILLING: Final = 10 * MINUTE
#: Fills of one order are written within this.
_AT_ONCE: Final = 2 * SECOND
#: Twice a small number may round to many a number of so few digits less.
_DIGITS: Final = 3
#: Rows of a market, those of other closes among them, about one close.
_MOST_TOLD: Final = 8 * CROWD
_ANY: Final = Decimal(0)


def group_rows(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int],
    opens: Sequence[TradeFields | None] = (),
) -> Iterator[Grouped]:
    """Closes that several rows add up to, each smaller.

    Rows at once with the same prices are fills of one order: they are believed before a row that fits the close by
    itself, where their sum fits it better, and without any number to add up where no other close is near.
    """
    times = Timeline(
        (symbol_key(row.fields.symbol), at, r)
        for r, row in enumerate(rows)
        if row.fields.size
        for at in readings(row)
    )
    ended = Timeline((symbol_key(close.fields.symbol), close.at.us, c) for c, close in enumerate(closes))
    widest = max((reach(row) for row in rows), default=0)
    taken: set[int] = set()
    owned = _Owned(closes, ended, rows, widest)
    for c, close in enumerate(closes):
        span = symbol_key(close.fields.symbol), close.at.us - FILLING - widest, close.at.end + widest
        if not ENOUGH <= times.count(*span) <= _MOST_TOLD:
            continue
        near = [
            (at, r)
            for at, r in times.within(*span)
            if r not in taken and sides_fit(close.fields, rows[r].fields)
        ]
        if len(near) < ENOUGH or len(near) > CROWD:
            continue
        opened = opens[c] if opens else None
        found = _fills(c, owned, near, rows, widest, opened)
        if found is None and not any(is_one(close.fields, rows[r].fields) for _, r in near):
            free = [(at, r) for at, r in near if not owned.by_another(c, at, r)]
            found = _run(close, [(r, rows[r].fields) for _, r in free])
            found = found or _one_order(c, owned, free, rows, opened)
        if found is not None and (
            found[1].agreeing == 0
            or are_parts(found[0], rows)
            or _tells(close.fields, found[1])
            or _is_all((rows[r].fields for r in found[0]), opened)
        ):
            taken.update(found[0])
            named = (Deviation(DeviationKind.SEVERAL_ROWS),)
            yield Grouped((c,), found[0], found[1], 0, named)


class _Owned:
    """Which rows fit a close by themselves: none of them is a part of another one.

    Args:
        ended: the closes by their times.
        widest: how far a row may lie from its close, µs.
    """

    def __init__(
        self, closes: Sequence[Event], ended: Timeline, rows: Sequence[LedgerEntry], widest: int
    ) -> None:
        self.closes, self._rows, self._widest = closes, rows, widest
        self._ended = ended
        self._known: dict[tuple[int, int], list[int]] = {}

    def by_another(self, close: int, at: int, row: int) -> bool:
        """Whether a row, at its time on the log's clock, fits a close other than this one."""
        found = self._known.get((row, at))
        if found is None:
            found = self._known[row, at] = list(islice(self._fitting(at, row), 2))
        return any(c != close for c in found)

    def is_lone(self, close: int, low: int, high: int, row: TradeFields) -> bool:
        """Whether no other close between two times has the symbol and the side of a row."""
        near = self._ended.within(symbol_key(self.closes[close].fields.symbol), low, high)
        return not any(c != close and sides_fit(self.closes[c].fields, row) for _, c in near)

    def _fitting(self, at: int, row: int) -> Iterator[int]:
        told = self._rows[row].fields
        span = at - self._widest, at + self._widest
        for _, c in self._ended.nearest(symbol_key(told.symbol), *span, (at, -1)):
            log = self.closes[c].fields
            if sides_fit(log, told) and is_one(log, told):
                yield c


def _fills(
    c: int,
    owned: _Owned,
    near: Sequence[tuple[int, int]],
    rows: Sequence[LedgerEntry],
    widest: int,
    opened: TradeFields | None,
) -> tuple[tuple[int, ...], FieldComparison] | None:
    """The rows at once that are the fills of a close.

    Args:
        opened: what the open of its position says.
    """
    close = owned.closes[c]
    for batch in at_once(near, rows):
        parts = [rows[r].fields for _, r in batch]
        whole = summed(parts)
        comparison = within_sums(compare_fields(close.fields, whole), parts)
        if comparison.differing or all(owned.by_another(c, at, r) for at, r in batch):
            continue
        if ADDED.intersection(comparison.equal):
            singles = [part for part in parts if is_one(close.fields, part)]
            nearer = (_off(close.fields, whole) < _off(close.fields, part) for part in singles)
            fits = all(nearer) or _is_all(parts, opened)
        else:
            low, high = batch[0][0] - widest, batch[-1][0] + widest
            fits = (
                not comparison.agreeing
                and low <= close.at.us <= high
                and owned.is_lone(c, low, high, whole)
                and are_parts([r for _, r in batch], rows)
            )
        if fits:
            return tuple(r for _, r in batch), comparison
    return None


def at_once(near: Sequence[tuple[int, int]], rows: Sequence[LedgerEntry]) -> Iterator[list[tuple[int, int]]]:
    """Rows in a row, two or more, that were written at once and show one entry and one exit price."""
    batch: list[tuple[int, int]] = []
    for at, r in near:
        if batch and (at - batch[0][0] > _AT_ONCE or _prices(rows[r]) != _prices(rows[batch[0][1]])):
            if len(batch) >= ENOUGH:
                yield batch
            batch = []
        if None not in _prices(rows[r]):
            batch.append((at, r))
    if len(batch) >= ENOUGH:
        yield batch


def _prices(row: LedgerEntry) -> tuple[Decimal | None, Decimal | None]:
    return row.fields.entry_price, row.fields.exit_price


def are_parts(batch: Sequence[int], rows: Sequence[LedgerEntry]) -> bool:
    """Whether no row says the same as another to the last digit, its time included: that one would stand twice."""
    return len({(rows[r].at, rows[r].fields.size, rows[r].fields.result) for r in batch}) == len(batch)


def _tells(log: TradeFields, told: FieldComparison) -> bool:
    """Whether a sum of equal rows is no coincidence: it is the close's size, or a result of some digits."""
    result = log.result
    return FieldName.SIZE in told.equal or (result is not None and len(result.as_tuple().digits) >= _DIGITS)


def _is_all(parts: Iterable[TradeFields], opened: TradeFields | None) -> bool:
    """Whether sizes add up to what was opened."""
    held, whole = None if opened is None else opened.size, summed([*parts]).size
    return held is not None and whole is not None and agree_exactly(held.copy_abs(), whole.copy_abs())


def _off(log: TradeFields, row: TradeFields) -> tuple[Decimal, Decimal]:
    """How far a row's size and money lie from the close's."""
    size = _ANY if log.size is None or row.size is None else _apart(log.size.copy_abs(), row.size.copy_abs())
    pairs = (
        (log.net_pnl, row.net_pnl),
        (log.gross_pnl, row.gross_pnl),
        (log.pnl, row.net_pnl),
        (log.pnl, row.gross_pnl),
    )
    money = [_apart(ours, theirs) for ours, theirs in pairs if ours is not None and theirs is not None]
    return size, min(money, default=_ANY)


def _one_order(
    c: int,
    owned: _Owned,
    near: Sequence[tuple[int, int]],
    rows: Sequence[LedgerEntry],
    opened: TradeFields | None,
) -> tuple[tuple[int, ...], FieldComparison] | None:
    """All rows about a close, if they were written at once at one price and add up to it.

    Their result may be before a fee. Where the size of the close is not told, no other one may lie near.
    """
    close = owned.closes[c]
    at_close = [(at, r) for at, r in near if abs(at - close.at.us) <= _AT_ONCE]
    parts = [rows[r].fields for _, r in at_close]
    if len(parts) < ENOUGH or len({part.exit_price for part in parts}) > 1:
        return None
    if not are_parts([r for _, r in at_close], rows):
        return None
    size = close.fields.size if close.fields.size is not None or opened is None else opened.size
    whole = summed(parts)
    if size is None:
        if not owned.is_lone(c, close.at.us - _AT_ONCE, close.at.end + _AT_ONCE, whole):
            return None
    elif whole.size is None or not agree_exactly(size.copy_abs(), whole.size.copy_abs()):
        return None
    found = explain(close.fields, whole)
    comparison = within_sums(found.comparison, parts)
    told = (
        size is not None
        or not LOOSE.isdisjoint(found.deviations)
        or bool(ADDED.intersection(comparison.equal))
    )
    return (tuple(r for _, r in at_close), comparison) if told and not comparison.differing else None


def _apart(left: Decimal, right: Decimal) -> Decimal:
    return difference(left, right).copy_abs()


def _run(
    close: Event, near: Sequence[tuple[int, TradeFields]]
) -> tuple[tuple[int, ...], FieldComparison] | None:
    """The consecutive rows that add up to the close in size and money, as far as both sides show them."""
    from logaudit.reconcile.matching.run_sums import RunSums  # noqa: PLC0415 - most rows are a close's alone

    size, sums = close.fields.amount, RunSums([told for _, told in near])
    for start in range(len(near)):
        for end in range(start + ENOUGH, len(near) + 1):
            if size is not None and sums.is_larger(start, end, size):
                break
            if not sums.may_be(close.fields, start, end):
                continue
            parts = [told for _, told in near[start:end]]
            comparison = within_sums(compare_fields(close.fields, summed(parts)), parts)
            if (
                not comparison.differing
                and comparison.agreeing >= ENOUGH
                and ADDED.intersection(comparison.equal)
            ):
                return tuple(r for r, _ in near[start:end]), comparison
    return None
