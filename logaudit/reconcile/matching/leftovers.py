"""Pairs that neither time nor three numbers link: proven by many others alike, or left in doubt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from math import hypot, sqrt
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.money import difference, product, total, unit
from logaudit.core.timestamp import DAY, MINUTE, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.clocks.shift import QUARTER
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.by_values import ValuePair, is_rename, value_pairs
from logaudit.reconcile.matching.deviations import Deviation
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.matching.match import FARTHEST, Match
from logaudit.reconcile.matching.near_pairs import lag_of

#: So many pairs with one and the same difference prove it.
PROOF: Final = 3
_SECOND_CHOICE: Final = 10**15
_SECONDS: Final = 5 * SECOND
_MINUTES: Final = 10 * MINUTE
#: What is done on a full minute is done and logged within this.
SCHEDULED: Final = 5 * SECOND
#: Three standard deviations of a sum of n roundings by up to half a unit each: the root of so much times n.
_ROUNDED: Final = 0.75
#: Sums of unrelated trades may agree so often by chance, at most.
_COINCIDENCE: Final = 0.01


def _is_whole_days(lag: int) -> bool:
    """Whether a row lies whole days from its close, within seconds."""
    return min(abs(lag) % DAY, -abs(lag) % DAY) <= _SECONDS


def _is_telling(lag: int, at: int, *, settled: bool) -> bool:
    """Whether a row lies minutes from its close, or a difference of clocks or days, within seconds.

    On a full minute bots close by a schedule: to any other such close it is a difference of hours or days.

    Args:
        at: naive µs of the close.
        settled: whether the clock of the row's ledger is proven, so that no difference of hours is one of clocks.
    """
    if abs(lag) <= _MINUTES:
        return True
    if settled:
        return _is_whole_days(lag) and at % MINUTE >= SCHEDULED
    return min(abs(lag) % QUARTER, -abs(lag) % QUARTER) <= _SECONDS


class NearMiss(Struct, frozen=True):
    """A close without a row and a row without a close that may be one trade; too little is printed to tell.

    Attributes:
        lag: µs from the close to the row, on the log's clock.
    """

    close: int
    row: int
    telling: int
    lag: int
    deviations: tuple[Deviation, ...]


def same_total(lost: Sequence[Decimal | None], rows: Sequence[Decimal | None]) -> bool:
    """Whether what closes without a row and rows without a close earned is one sum, and that is no coincidence.

    Sums agree to the digits of their prints. Sums of trades that have nothing to do with each other differ by about
    the root of their squares: where that is not far more than what printing leaves open, equal sums say nothing.
    """
    ours, theirs = ([r for r in results if r is not None] for results in (lost, rows))
    if not ours or not theirs or len(ours) < len(lost) or len(theirs) < len(rows):
        return False
    steps = {unit(result) for result in (*ours, *theirs)}
    most = max(len(ours), len(theirs))
    # Each term of the coarser side was rounded by half a unit at most; of many, some up and some down.
    parts = Decimal(min(most / 2, sqrt(most * _ROUNDED)))
    slack = product(max(steps), parts) if len(steps) > 1 else Decimal(0)
    if difference(total(ours), total(theirs)).copy_abs() > slack:
        return False
    window = float(slack) * 2 + float(max(steps))
    return window < _COINCIDENCE * hypot(*map(float, (*ours, *theirs)))


class Leftovers:
    """Closes and rows that are not linked.

    Args:
        readings: what a row's time may mean, naive µs on the log's clock.
        reach: how far from its close a row may lie.
        foreign: whether a row's known clock puts it where no log reaches: it is another trade's.
        opens: what the open of each close's position says.
        settled: whether the clock of a row's ledger is proven.
    """

    def __init__(
        self,
        closes: Sequence[Event],
        rows: Sequence[LedgerEntry],
        free: tuple[Collection[int], Collection[int]],
        readings: Callable[[LedgerEntry], Sequence[int]],
        reach: Callable[[LedgerEntry], int],
        foreign: Callable[[LedgerEntry], bool],
        opens: Sequence[TradeFields | None],
        settled: Callable[[LedgerEntry], bool] = lambda _: False,
    ) -> None:
        self._closes, self._rows = closes, rows
        self._readings, self._reach, self._foreign = readings, reach, foreign
        self._opens = opens
        self._settled = settled
        self._free = sorted(free[0]), sorted(free[1])
        self._known = (
            {symbol_key(c.fields.symbol) for c in closes},
            {symbol_key(r.fields.symbol) for r in rows},
        )
        self._pairs = self._credible() if all(self._free) else []

    def proven(self, linked: Iterable[Match] = ()) -> list[Match]:
        """Pairs within the window that many others resemble: one symbol for another, the side of the order.

        Args:
            linked: pairs that more numbers have made already; what they do otherwise is known.
        """
        known = Counter((self._rows[m.row].location.address, *m.deviations) for m in linked if m.deviations)
        alike: dict[tuple[object, ...], list[tuple[int, int, ValuePair, int]]] = defaultdict(list)
        for c, r, pair, lag in self._pairs:
            if abs(lag) <= self._reach(self._rows[r]) and pair.explained.deviations and not pair.contradicted:
                key = self._rows[r].location.address, *(d.kind for d in pair.explained.deviations)
                alike[key].append((c, r, pair, lag))
        costs: dict[tuple[int, int], int] = {}
        found: dict[tuple[int, int], Match] = {}
        for group in alike.values():
            enough = min(len({c for c, *_ in group}), len({r for _, r, *_ in group})) >= PROOF
            for c, r, pair, lag in group:
                alike_linked = known[self._rows[r].location.address, *pair.explained.deviations]
                if not enough and alike_linked < PROOF - 1:
                    continue
                costs[c, r] = abs(lag) - pair.telling
                explained = pair.explained
                found[c, r] = Match(
                    c, r, explained.comparison, lag, ambiguous=False, deviations=explained.deviations
                )
        least = min(costs.values(), default=0)
        return [found[pair] for pair in assign({p: cost - least for p, cost in costs.items()})[0].items()]

    def doubted(
        self,
        matched: Mapping[int, Match],
        restored: Collection[int],
        used: Collection[int],
        positions: Sequence[Parted],
    ) -> list[NearMiss]:
        """One to one: closes that a row may be, for all that is printed.

        Args:
            matched, restored: closes that have a row of the recorder, or another one.
            used: rows that record a close.
            positions: those that were closed in parts: a row at the time of one part may be of all.
        """
        linked = {*matched, *restored}
        told: dict[tuple[int, int], NearMiss] = {}
        costs: dict[tuple[int, int], int] = {}
        for c, r, pair, lag in self._pairs:
            far = abs(lag) > FARTHEST or self._foreign(self._rows[r])
            # A row of another day at the same time of day, with all its numbers: a digit of its date may be wrong.
            misplaced = far and not (pair.certain and _is_whole_days(lag))
            other = pair.contradicted and not (
                pair.doubtful
                and _is_telling(lag, self._closes[c].at.us, settled=self._settled(self._rows[r]))
            )
            if c in linked or misplaced or other:
                continue
            told[c, r] = NearMiss(c, r, pair.telling, lag, pair.explained.deviations)
            costs[c, r] = abs(lag) + _SECOND_CHOICE * max(0, PROOF - pair.telling)
        found = [told[pair] for pair in assign(costs)[0].items()]
        closes = [c for c in self._free[0] if c not in linked]
        rows = [r for r in self._free[1] if r not in used]
        if not closes or not rows:
            return found
        # Usually nothing is left over.
        from logaudit.reconcile.matching.doubts import Doubts  # noqa: PLC0415
        from logaudit.reconcile.matching.other_days import of_other_days  # noqa: PLC0415

        found += of_other_days(self._closes, self._rows, (closes, rows), self._readings, found)
        rows = [r for r in rows if not self._foreign(self._rows[r])]
        clock = self._readings, self._reach
        return Doubts(self._closes, self._rows, (closes, rows), clock, self._opens).beside(
            found, matched, positions
        )

    def _lag(self, close: int, row: int) -> int:
        told = self._rows[row]
        return min((lag_of(self._closes[close], at, told) for at in self._readings(told)), key=abs)

    def _credible(self) -> list[tuple[int, int, ValuePair, int]]:
        closes, rows = self._free
        found = []
        for pair in value_pairs(
            [self._closes[c].fields for c in closes],
            [self._rows[r].fields for r in rows],
            [self._opens[c] for c in closes] if self._opens else (),
        ):
            c, r = closes[pair.close], rows[pair.row]
            if not is_rename(pair.explained, self._closes[c], self._rows[r], self._known):
                continue
            found.append((c, r, pair, self._lag(c, r)))
        return found
