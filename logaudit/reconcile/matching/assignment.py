"""Globally cheapest one-to-one assignment over sparse pairs, and which of its choices are toss-ups.

Source: successive shortest augmenting paths with dual prices (the Jonker–Volgenant form of Kuhn–Munkres) over
the allowed pairs only, in exact integers. A choice is a toss-up when it lies on a cycle of pairs that cost
exactly their two prices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import Final, TypeAlias

from logaudit.reconcile.matching.strong import strong_parts

_Pairs: TypeAlias = Mapping[tuple[int, int], int]
#: Left → right → cost.
_Offers: TypeAlias = Mapping[int, Mapping[int, int]]
_FREE: Final = -1
#: So many offers are looked at before the search of a part is given up: some, and some for each of its pairs.
_PATIENCE: Final = 1_000_000
_TIMES: Final = 8
#: Stands for having no partner where toss-ups are sought.
_NOBODY: Final = -1


def assign(costs: _Pairs) -> tuple[dict[int, int], frozenset[int]]:
    """Pairs as many as possible at the least total cost.

    Args:
        costs: (left, right) → cost ≥ 0, for the allowed pairs only.

    Returns:
        left → right, and the lefts for which an equally good assignment chooses otherwise: another right,
        one instead of none, or none instead of one. Of a part so large and so level that the search is given up,
        as many are paired as is quickly seen, and all of it are such.
    """
    offers: dict[int, dict[int, int]] = defaultdict(dict)
    for (left, right), cost in costs.items():
        offers[left][right] = cost
    return assign_offers(offers)


def assign_offers(offers: _Offers) -> tuple[dict[int, int], frozenset[int]]:
    """As `assign`, of left → right → cost: of a crowd's pairs it takes a third of the memory."""
    pairs: dict[int, int] = {}
    ties: set[int] = set()
    for lefts in _parts(offers):
        if len(lefts) == 1 and len(offers[lefts[0]]) == 1:
            pairs[lefts[0]] = next(iter(offers[lefts[0]]))
            continue
        rights = sorted({right for left in lefts for right in offers[left]})
        # The fewer ask: one who asks in vain has to search the whole part.
        flipped = len(rights) < len(lefts)
        rows, columns = (rights, lefts) if flipped else (lefts, rights)
        told = ((a, b, offers[a][b]) for a in lefts for b in sorted(offers[a]))
        market = _Assignment(
            rows, columns, ((b, a, cost) if flipped else (a, b, cost) for a, b, cost in told)
        )
        tied_rows, tied_columns = market.ties() if market.solve() else (set(rows), set(columns))
        found = market.pairs()
        pairs.update({b: a for a, b in found.items()} if flipped else found)
        ties |= tied_columns if flipped else tied_rows
    return dict(sorted(pairs.items())), frozenset(ties)


def _parts(offers: _Offers) -> Iterator[list[int]]:
    """The lefts of each connected part, in order."""
    by_right: dict[int, list[int]] = defaultdict(list)
    asking = [left for left in sorted(offers) if offers[left]]
    for left in asking:
        for right in offers[left]:
            by_right[right].append(left)
    seen: set[int] = set()
    for start in asking:
        if start in seen:
            continue
        seen.add(start)
        lefts, at = [start], 0
        while at < len(lefts):
            for right in offers[lefts[at]]:
                fresh = [a for a in by_right.pop(right, ()) if a not in seen]
                seen.update(fresh)
                lefts += fresh
            at += 1
        yield sorted(lefts)


class _Assignment:
    """One connected part: rows are assigned to columns; ``owner`` is the row of a column, `_FREE` for none."""

    def __init__(self, rows: list[int], columns: list[int], pairs: Iterable[tuple[int, int, int]]) -> None:
        """``pairs``: row, column and cost of each."""
        number = {column: j for j, column in enumerate(columns)}
        row_index = {row: i for i, row in enumerate(rows)}
        self._rows, self._columns = rows, columns
        # Columns and their costs apart: a pair of both for each offer takes four times the memory.
        self._offered: list[list[int]] = [[] for _ in rows]
        self._costs: list[list[int]] = [[] for _ in rows]
        count = total = 0
        for row, column, cost in pairs:
            self._offered[row_index[row]].append(number[column])
            self._costs[row_index[row]].append(cost)
            count += 1
            total += cost
        # Going without costs more than any whole assignment, so that none goes without for cheapness.
        self._alone = 1 + total
        self._worth = [0] * len(rows)
        self._price = [0] * len(columns)
        self._owner = [_FREE] * len(columns)
        self._column_of = [_FREE] * len(rows)
        self._patience = _PATIENCE + _TIMES * count

    def _offers(self, row: int) -> Iterator[tuple[int, int]]:
        return zip(self._offered[row], self._costs[row], strict=True)

    def pairs(self) -> dict[int, int]:
        return {self._rows[a]: self._columns[s] for s, a in enumerate(self._owner) if a != _FREE}

    def solve(self) -> bool:
        """Assigns all; False where that would take too long: then the rest have what is free of their own."""
        for row in range(len(self._rows)):
            if self._patience < 0:
                self._take_free(row)
            else:
                self._assign_one(row)
        return self._patience >= 0

    def _take_free(self, row: int) -> None:
        for column, _ in sorted(self._offers(row), key=lambda offer: offer[1]):
            if self._owner[column] == _FREE:
                self._owner[column], self._column_of[row] = row, column
                return

    def _assign_one(self, row: int) -> None:
        """Dijkstra over reduced costs to the nearest free column, or to whoever can best go without."""
        price, owner = self._price, self._owner
        reached = {row: 0}
        known: dict[int, int] = {}
        bidder: dict[int, int] = {}
        passed: list[int] = []
        heap: list[tuple[int, int]] = []
        entering = row
        while True:
            here = reached[entering] - self._worth[entering]
            # Columns are numbered from 0; ``~row`` is that row's going without.
            heappush(heap, (here + self._alone, ~entering))
            self._patience -= len(self._offered[entering])
            for column, cost in self._offers(entering):
                there = here + cost - price[column]
                if column not in known or there < known[column]:
                    known[column], bidder[column] = there, entering
                    heappush(heap, (there, column))
            far, end = heappop(heap)
            while end >= 0 and far > known[end]:
                far, end = heappop(heap)
            if end < 0 or owner[end] == _FREE:
                break
            passed.append(end)
            entering = owner[end]
            reached[entering] = far
        for column in passed:
            price[column] += known[column] - far
        for one, when in reached.items():
            self._worth[one] += far - when
        self._move(end, bidder)

    def _move(self, end: int, bidder: Mapping[int, int]) -> None:
        """Columns everyone on the path that leads to ``end`` one further."""
        column = end
        if end < 0:
            column, self._column_of[~end] = self._column_of[~end], _FREE
        while column != _FREE:
            one = bidder[column]
            self._owner[column] = one
            column, self._column_of[one] = self._column_of[one], column

    def ties(self) -> tuple[set[int], set[int]]:
        """Rows and columns that an equally good assignment treats otherwise.

        Equally good ones differ by cycles that alternate between tight pairs and chosen ones, where having
        no partner counts as a partner of its own.
        """
        first = len(self._rows)
        arrows: dict[int, list[int]] = {_NOBODY: []}
        for a, column in enumerate(self._column_of):
            arrows[a] = [
                first + s for s, cost in self._offers(a) if s != column and self._is_tight(a, s, cost)
            ]
            if column == _FREE:
                arrows[_NOBODY].append(a)
            elif self._worth[a] == self._alone:
                arrows[a].append(_NOBODY)
        for s, owner in enumerate(self._owner):
            arrows[first + s] = [_NOBODY if owner == _FREE else owner]
            if owner != _FREE and not self._price[s]:
                arrows[_NOBODY].append(first + s)
        part = strong_parts(arrows)
        rows = {
            self._rows[a]
            for a, column in enumerate(self._column_of)
            if part[a] == part[_NOBODY if column == _FREE else first + column]
        }
        columns = {
            self._columns[s]
            for s, owner in enumerate(self._owner)
            if part[first + s] == part[_NOBODY if owner == _FREE else owner]
        }
        return rows, columns

    def _is_tight(self, row: int, column: int, cost: int) -> bool:
        return cost == self._worth[row] + self._price[column]
