"""Closes and rows that nothing links and that may be one trade all the same: at one time, of one open, of one clock."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.money import agree
from logaudit.core.timestamp import MINUTE
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.deviations import LOOSE, DeviationKind, Explained, explain
from logaudit.reconcile.matching.field_compare import sides_fit
from logaudit.reconcile.matching.grain import ADDED, Parted, as_one, within_sums
from logaudit.reconcile.matching.leftovers import PROOF, NearMiss
from logaudit.reconcile.matching.match import FARTHEST, Match
from logaudit.reconcile.matching.near_pairs import lag_of
from logaudit.reconcile.matching.of_open import with_open

#: Of the rows without a close so large a share lies at the time of one where the table tells of them.
_MOSTLY: Final = 0.8
#: So much alike are the distances of rows from their closes that one clock makes.
_ALIKE: Final = MINUTE
#: Rows of one market that are held against each of its closes.
_FEW: Final = 32


class Doubts:
    """What is left of closes and rows.

    Args:
        left: closes and rows without a link.
        clock: what a row's time may mean, and how far from its close it may lie.
        opens: what the open of each close's position says.
    """

    def __init__(
        self,
        closes: Sequence[Event],
        rows: Sequence[LedgerEntry],
        left: tuple[Sequence[int], Sequence[int]],
        clock: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int]],
        opens: Sequence[TradeFields | None],
    ) -> None:
        self._closes, self._rows, self._left = closes, rows, left
        self._readings, self._reach = clock
        self._opens = opens

    def beside(
        self, found: Sequence[NearMiss], matched: Mapping[int, Match], positions: Sequence[Parted]
    ) -> list[NearMiss]:
        """The pairs in doubt, with those that were found by their numbers.

        Args:
            matched: the links that there are.
            positions: those that were closed in parts: a row at the time of one part may be of all.
        """
        self._settle(found)
        wholes = [*self._of_wholes(positions)]
        self._settle(wholes)
        timed = self._at_one_time(positions, self._straight(matched))
        self._settle(timed)
        return [*found, *wholes, *timed, *self._of_one_market([near.lag for near in found])]

    def _settle(self, found: Iterable[NearMiss]) -> None:
        closes, rows = {near.close for near in found}, {near.row for near in found}
        self._left = (
            [c for c in self._left[0] if c not in closes],
            [r for r in self._left[1] if r not in rows],
        )

    def _at_one_time(self, positions: Iterable[Parted], straight: Collection[Address]) -> list[NearMiss]:
        """Closes and rows of one market at one time, which differ in nothing but the side, or which are many.

        A table whose rows lie at the times of closes tells of them, however it writes their numbers.
        """
        rows = self._left[1]
        times: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for r in rows:
            for at in self._readings(self._rows[r]):
                times[symbol_key(self._rows[r].fields.symbol)].append((at, r))
        for known in times.values():
            known.sort()
        widest = max((self._reach(self._rows[r]) + self._rows[r].at.precision for r in rows), default=0)
        lags: dict[tuple[int, int], int] = {}
        for c in self._left[0]:
            close = self._closes[c]
            known = times.get(symbol_key(close.fields.symbol), [])
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
        left = {*self._left[0]}
        return [
            NearMiss(other, r, 0, lags[c, r], self._explained(c, r).deviations)
            for c, r in pairs
            if many
            or self._may_be_part(c, r)
            or _differ_in_nothing(self._explained(c, r), self._rows[r], straight)
            for other in whole.get(c, (c,))
            if other in left
        ]

    def _of_wholes(self, positions: Iterable[Parted]) -> Iterator[NearMiss]:
        """Positions closed in parts, none of which has a row, and the row of their market that shows their sums."""
        rows = self._by_market()
        left, taken = {*self._left[0]}, set[int]()
        for position in positions:
            near = rows.get(symbol_key(self._closes[position.closes[-1]].fields.symbol), [])
            if not near or len(near) > _FEW or not left.issuperset(position.closes):
                continue
            parts = [self._closes[c].fields for c in position.closes]
            whole = as_one(parts, position.opened)
            for r in near:
                lag, told = self._lag(position.closes[-1], r), explain(whole, self._rows[r].fields)
                sums = within_sums(told.comparison, parts)
                if r in taken or abs(lag) > FARTHEST or sums.differing or ADDED.isdisjoint(sums.equal):
                    continue
                taken.add(r)
                left.difference_update(position.closes)
                yield from (NearMiss(c, r, 0, lag, told.deviations) for c in position.closes)
                break

    def _by_market(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for r in self._left[1]:
            rows[symbol_key(self._rows[r].fields.symbol)].append(r)
        return rows

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

    def _of_one_market(self, lags: Sequence[int]) -> Iterator[NearMiss]:
        """Closes and rows of one market, hours apart at most, that only a fee sets apart, or that are of one open.

        A row with the entry price and the size of an open may be of all its parts, some of which no line tells. One as
        far from its close as others in doubt, of ``lags``, may be in doubt with them.
        """
        rows = self._by_market()
        for c in self._left[0]:
            near = rows.get(symbol_key(self._closes[c].fields.symbol), [])
            for r in near if len(near) <= _FEW else ():
                lag = self._lag(c, r)
                told = self._explained(c, r)
                alike = abs(lag) > self._reach(self._rows[r]) and any(
                    abs(lag - known) <= _ALIKE for known in lags
                )
                but_fee = not told.comparison.differing and (alike or not LOOSE.isdisjoint(told.deviations))
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

    def _explained(self, close: int, row: int) -> Explained:
        log, theirs = self._closes[close].fields, self._rows[row].fields
        return explain(with_open(log, self._opens[close] if self._opens else None, theirs), theirs)

    def _lag(self, close: int, row: int) -> int:
        told = self._rows[row]
        return min((lag_of(self._closes[close], at, told) for at in self._readings(told)), key=abs)


def _differ_in_nothing(told: Explained, row: LedgerEntry, straight: Collection[Address]) -> bool:
    """Whether no number differs, nor the side where a ledger is known to write it as the log does."""
    turned = any(d.kind is DeviationKind.SIDE for d in told.deviations)
    return not told.comparison.differing and not (turned and row.location.address in straight)
