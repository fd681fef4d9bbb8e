"""Fills that the log tells × rows that are fills → which row records which fill.

Ids come first, then price and size at the time of the row; what is left is compared order by order, as a log may tell
an order once that the ledger holds in several rows, or the other way about. A fill belongs to one row at most.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import LONG_ID, TradeFields
from logaudit.core.money import agree, difference, total, unit
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching import assign, may_be_same

#: Price and size.
BOTH: Final = 2
_IDS: Final = ("trade_id", "order_id")
_BEYOND: Final = 1 << 62


class FillLinks(Struct, frozen=True):
    """What the rows record.

    Attributes:
        rows: index of a fill → indices of its rows.
        taken: the rows that record a fill.
        shared: names of the ids that log and ledger have in common.
    """

    rows: Mapping[int, tuple[int, ...]]
    taken: Collection[int]
    shared: frozenset[str]


def link_fills(
    fills: Sequence[Event],
    rows: Sequence[LedgerEntry],
    readings: Callable[[LedgerEntry], Sequence[int]],
    window: int,
) -> FillLinks:
    """Links fills to rows.

    Args:
        readings: what a row's time may mean, naive µs on the log's clock.
        window: µs between a fill's record and its row where no id tells that they are one.
    """
    linker = _Linker(fills, rows, readings)
    for name in _IDS:
        linker.by_id(name)
    linker.by_values(window)
    linker.by_size(window)
    linker.by_order()
    return FillLinks(linker.found, linker.taken, frozenset(linker.shared))


def may_record(row: LedgerEntry, fill: Event, shared: Collection[str], *, near: bool) -> bool:
    """Whether a row that records no other fill may record this one: nothing known rules it out.

    Args:
        shared: names of the ids that log and ledger have in common: where both show one, it decides.
        near: whether the row lies at the time of the fill.
    """
    told, written = fill.fields, row.fields
    same = [a == b for name in shared if (a := _id(told, name)) and (b := _id(written, name))]
    if same:
        return any(same)
    count = equal_numbers(told, written)
    if count == BOTH or told.exit_price is None or told.amount is None:
        return True
    return near and symbol_key(told.symbol) == symbol_key(written.symbol)


class _Linker:
    """The links made so far."""

    def __init__(
        self,
        fills: Sequence[Event],
        rows: Sequence[LedgerEntry],
        readings: Callable[[LedgerEntry], Sequence[int]],
    ) -> None:
        self.found: dict[int, tuple[int, ...]] = {}
        self.taken: set[int] = set()
        self.shared: set[str] = set()
        self._fills, self._rows, self._readings = fills, rows, readings

    def by_id(self, name: str) -> None:
        """Pairs that bear one id and whose numbers agree; of equal ones the nearest in time."""
        homes: dict[str, list[int]] = defaultdict(list)
        for r in self._free_rows():
            if own := _id(self._rows[r].fields, name):
                homes[own].append(r)
        pairs = {
            (f, r): self._lag(f, r)
            for f in self._free_fills()
            for own in [_id(self._fills[f].fields, name)]
            for r in homes.get(own, ())
            if self._fits(f, r) and (len(own) >= LONG_ID or self._agreement(f, r))
        }
        if self._take(pairs):
            self.shared.add(name)

    def by_values(self, window: int) -> None:
        """Pairs of one market and side with equal price and size, whose times lie within the window."""
        near = self._near(window)
        self._take({pair: lag for pair, lag in near.items() if self._agreement(*pair) == BOTH})

    def by_size(self, window: int) -> None:
        """As `by_values`, of fills that print no price: those with no rival near."""
        near = {
            (f, r): lag
            for (f, r), lag in self._near(window).items()
            if self._fills[f].fields.exit_price is None and self._agreement(f, r) == 1
        }
        fills, rows = Counter(f for f, _ in near), Counter(r for _, r in near)
        self._take({(f, r): lag for (f, r), lag in near.items() if fills[f] == rows[r] == 1})

    def _near(self, window: int) -> dict[tuple[int, int], int]:
        """Pairs of one market against which nothing speaks, whose times lie within the window, with their lags."""
        times: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r in self._free_rows():
            row = self._rows[r]
            times[symbol_key(row.fields.symbol)].extend((at, r) for at in self._readings(row))
        for group in times.values():
            group.sort()
        pairs: dict[tuple[int, int], int] = {}
        for f in self._free_fills():
            fill = self._fills[f]
            group = times.get(symbol_key(fill.fields.symbol), [])
            first = bisect_left(group, (fill.at.us - window, -1))
            for at, r in group[first : bisect_right(group, (fill.at.end + window, _BEYOND))]:
                if self._fits(f, r):
                    pairs[f, r] = min(abs(at - fill.at.us), pairs.get((f, r), _BEYOND))
        return pairs

    def by_order(self) -> None:
        """Fills and rows of one order that add up to one size."""
        told: dict[str, list[int]] = defaultdict(list)
        held: dict[str, list[int]] = defaultdict(list)
        for f in self._free_fills():
            told[self._fills[f].fields.order_id].append(f)
        for r in self._free_rows():
            held[self._rows[r].fields.order_id].append(r)
        for order in (told.keys() & held.keys()) - {""}:
            ours = [self._fills[f].fields.amount for f in told[order]]
            theirs = [self._rows[r].fields.size for r in held[order]]
            whole = [a for a in ours if a is not None], [b for b in theirs if b is not None]
            complete = len(whole[0]) == len(ours) and len(whole[1]) == len(theirs)
            if complete and _same_size(total(whole[0]), total(whole[1])):
                self.shared.add("order_id")
                self.taken.update(held[order])
                self.found |= dict.fromkeys(told[order], tuple(held[order]))

    def _take(self, pairs: Mapping[tuple[int, int], int]) -> bool:
        """As many of the pairs as possible, the nearest in time."""
        chosen, _ = assign(pairs)
        for f, r in chosen.items():
            self.found[f] = (r,)
            self.taken.add(r)
        return bool(chosen)

    def _fits(self, f: int, r: int) -> bool:
        """Whether neither ids nor symbol, side and numbers speak against a pair."""
        told, written = self._fills[f].fields, self._rows[r].fields
        known = ((_id(told, name), _id(written, name)) for name in self.shared)
        if any(ours and theirs and ours != theirs for ours, theirs in known):
            return False
        return may_be_same(told, written) and self._agreement(f, r) is not None

    def _agreement(self, f: int, r: int) -> int | None:
        return equal_numbers(self._fills[f].fields, self._rows[r].fields)

    def _lag(self, f: int, r: int) -> int:
        return min(abs(at - self._fills[f].at.us) for at in self._readings(self._rows[r]))

    def _free_fills(self) -> Iterator[int]:
        return (f for f in range(len(self._fills)) if f not in self.found)

    def _free_rows(self) -> Iterator[int]:
        return (r for r in range(len(self._rows)) if r not in self.taken)


def _id(fields: TradeFields, name: str) -> str:
    return fields.trade_id if name == "trade_id" else fields.order_id


def equal_numbers(log: TradeFields, row: TradeFields) -> int | None:
    """How many of price and size agree; None where one differs. Fees are written in many ways and not compared."""
    sizes = [
        (ours, row.size) for ours in (log.size, log.contracts) if ours is not None and row.size is not None
    ]
    if sizes and not any(_same_size(ours, theirs) for ours, theirs in sizes):
        return None
    if log.exit_price is None or row.exit_price is None:
        return int(bool(sizes))
    return int(bool(sizes)) + 1 if agree(log.exit_price, row.exit_price) else None


def _same_size(left: Decimal, right: Decimal) -> bool:
    """Whether two sizes are one: cut to a place behind the point they are, rounded to a whole number they are not."""
    steps = [step for step in (unit(left), unit(right)) if step < 1]
    return difference(left.copy_abs(), right.copy_abs()).copy_abs() <= max(steps, default=Decimal(0))
