"""Pairs that neither time nor three numbers link: proven by many others alike, or left in doubt."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import hypot, sqrt
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.money import agree, difference, product, total, unit
from logaudit.core.timestamp import DAY, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.by_values import ValuePair, is_rename, value_pairs
from logaudit.reconcile.matching.deviations import LOOSE, Deviation, DeviationKind, Explained, explain
from logaudit.reconcile.matching.field_compare import sides_fit
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.matching.match import FARTHEST, Match, lag_of
from logaudit.reconcile.matching.of_open import with_open

#: So many pairs with one and the same difference prove it.
PROOF: Final = 3
_SECOND_CHOICE: Final = 10**15
_SECONDS: Final = 5 * SECOND
#: Three standard deviations of a sum of n roundings by up to half a unit each: the root of so much times n.
_ROUNDED: Final = 0.75
#: Sums of unrelated trades may agree so often by chance, at most.
_COINCIDENCE: Final = 0.01
#: Of the rows without a close so large a share lies at the time of one where the table tells of them.
_MOSTLY: Final = 0.8


#: Rows of one market that are held against each of its closes.
_FEW: Final = 32


def _is_whole_days(lag: int) -> bool:
    """Whether a row lies whole days from its close, within seconds."""
    return min(abs(lag) % DAY, -abs(lag) % DAY) <= _SECONDS


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
    ) -> None:
        self._closes, self._rows = closes, rows
        self._readings, self._reach, self._foreign = readings, reach, foreign
        self._opens = opens
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
        positions: Iterable[Parted],
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
            if c in linked or pair.contradicted or (far and not (pair.certain and _is_whole_days(lag))):
                continue
            told[c, r] = NearMiss(c, r, pair.telling, lag, pair.explained.deviations)
            costs[c, r] = abs(lag) + _SECOND_CHOICE * max(0, PROOF - pair.telling)
        found = [told[pair] for pair in assign(costs)[0].items()]
        found += self._at_one_time(_settled(found, linked, used), positions, self._straight(matched))
        return [*found, *self._of_one_market(_settled(found, linked, used))]

    def _at_one_time(
        self,
        settled: tuple[Collection[int], Collection[int]],
        positions: Iterable[Parted],
        straight: Collection[Address],
    ) -> list[NearMiss]:
        """Closes and rows of one market at one time, which differ in nothing but the side, or which are many.

        A table whose rows lie at the times of closes tells of them, however it writes their numbers.
        """
        rows = [r for r in self._free[1] if r not in settled[1] and not self._foreign(self._rows[r])]
        times: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r in rows:
            for at in self._readings(self._rows[r]):
                times[symbol_key(self._rows[r].fields.symbol)].append((at, r))
        for known in times.values():
            known.sort()
        widest = max((self._reach(self._rows[r]) + self._rows[r].at.precision for r in rows), default=0)
        lags: dict[tuple[int, int], int] = {}
        for c in self._free[0]:
            close = self._closes[c]
            known = times.get(symbol_key(close.fields.symbol), []) if c not in settled[0] else []
            for i in range(bisect_left(known, (close.at.us - widest, -1)), len(known)):
                at, r = known[i]
                if at > close.at.end + widest:
                    break
                lag = lag_of(close, at, self._rows[r])
                if abs(lag) <= self._reach(self._rows[r]):
                    lags[c, r] = min(lag, lags.get((c, r), lag), key=abs)
        pairs = [*assign({pair: abs(lag) for pair, lag in lags.items()})[0].items()]
        many = len(pairs) >= max(PROOF, len(rows) * _MOSTLY)
        whole = {c: position.closes for position in positions for c in position.closes}
        return [
            NearMiss(other, r, 0, lags[c, r], self._explained(c, r).deviations)
            for c, r in pairs
            if many
            or self._may_be_part(c, r)
            or _differ_in_nothing(self._explained(c, r), self._rows[r], straight)
            for other in whole.get(c, (c,))
            if other not in settled[0]
        ]

    def _may_be_part(self, close: int, row: int) -> bool:
        """Whether a row of more than a close is of a position of which the log shows neither the open nor all parts."""
        part, whole = self._closes[close].fields, self._rows[row].fields
        lacks_open = bool(self._opens) and self._opens[close] is None
        if not lacks_open or part.size is None or whole.size is None or not sides_fit(part, whole):
            return False
        return whole.size.copy_abs() > part.size.copy_abs()

    def _straight(self, matched: Mapping[int, Match]) -> set[Address]:
        """The ledgers whose sides are known to be those of the positions."""
        told: Counter[Address] = Counter()
        turned: set[Address] = set()
        for found in matched.values():
            row = self._rows[found.row]
            if any(d.kind is DeviationKind.SIDE for d in found.deviations):
                turned.add(row.location.address)
            elif row.fields.side is not None and self._closes[found.close].fields.side is not None:
                told[row.location.address] += 1
        return {address for address, count in told.items() if count >= PROOF} - turned

    def _of_one_market(self, settled: tuple[Collection[int], Collection[int]]) -> Iterator[NearMiss]:
        """Closes and rows of one market, hours apart at most, that only a fee sets apart, or that are of one open.

        A row with the entry price and the size of an open may be of all its parts, some of which no line tells.
        """
        rows: dict[str, list[int]] = defaultdict(list)
        for r in self._free[1]:
            if r not in settled[1] and not self._foreign(self._rows[r]):
                rows[symbol_key(self._rows[r].fields.symbol)].append(r)
        for c in self._free[0]:
            near = rows.get(symbol_key(self._closes[c].fields.symbol), []) if c not in settled[0] else []
            for r in near if len(near) <= _FEW else ():
                lag = self._lag(c, r)
                told = self._explained(c, r)
                but_fee = not told.comparison.differing and not LOOSE.isdisjoint(told.deviations)
                later = lag >= -self._reach(self._rows[r])
                if abs(lag) <= FARTHEST and (but_fee or (later and self._is_of_open(c, r))):
                    yield NearMiss(c, r, 0, lag, told.deviations)
                    break

    def _is_of_open(self, close: int, row: int) -> bool:
        opened, log = self._opens[close] if self._opens else None, self._closes[close].fields
        theirs = self._rows[row].fields
        if opened is None or opened.size is None or theirs.size is None:
            return False
        whole = log.size is not None and agree(log.size, opened.size)
        return (
            not whole
            and agree(opened.size, theirs.size.copy_abs())
            and (
                opened.entry_price is not None
                and theirs.entry_price is not None
                and agree(opened.entry_price, theirs.entry_price)
            )
        )

    def _lag(self, close: int, row: int) -> int:
        told = self._rows[row]
        return min((lag_of(self._closes[close], at, told) for at in self._readings(told)), key=abs)

    def _explained(self, close: int, row: int) -> Explained:
        log, theirs = self._closes[close].fields, self._rows[row].fields
        return explain(with_open(log, self._opens[close] if self._opens else None, theirs), theirs)

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


def _settled(
    found: Sequence[NearMiss], linked: Collection[int], used: Collection[int]
) -> tuple[Collection[int], Collection[int]]:
    return {n.close for n in found} | {*linked}, {n.row for n in found} | {*used}


def _differ_in_nothing(told: Explained, row: LedgerEntry, straight: Collection[Address]) -> bool:
    """Whether no number differs, nor the side where a ledger is known to write it as the log does."""
    turned = any(d.kind is DeviationKind.SIDE for d in told.deviations)
    return not told.comparison.differing and not (turned and row.location.address in straight)
