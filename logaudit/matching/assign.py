"""Globally cheapest one-to-one assignment over sparse pairs, and which of its choices are toss-ups.

Source: successive shortest augmenting paths with dual prices (the Jonker–Volgenant form of Kuhn–Munkres) over
the allowed pairs only, in exact integers. A choice is a toss-up when it lies on a cycle of pairs that cost
exactly their two prices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from typing import Final, TypeAlias

from logaudit.matching.strong import strong_parts

_Pairs: TypeAlias = Mapping[tuple[int, int], int]
_FREE: Final = -1
#: Stands for having no partner where toss-ups are sought.
_NOBODY: Final = -1


def assign(costs: _Pairs) -> tuple[dict[int, int], frozenset[int]]:
    """Pairs as many as possible at the least total cost.

    Args:
        costs: (left, right) → cost ≥ 0, for the allowed pairs only.

    Returns:
        left → right, and the lefts for which an equally good assignment chooses otherwise: another right,
        one instead of none, or none instead of one.
    """
    pairs: dict[int, int] = {}
    ties: set[int] = set()
    for part in _parts(costs):
        if len(part) == 1:
            pairs.update(part)
            continue
        lefts, rights = sorted({a for a, _ in part}), sorted({b for _, b in part})
        # The fewer ask: one who asks in vain has to search the whole part.
        flipped = len(rights) < len(lefts)
        askers, seats = (rights, lefts) if flipped else (lefts, rights)
        market = _Market(askers, seats, [((b, a) if flipped else (a, b), costs[a, b]) for a, b in part])
        market.solve()
        tied_askers, tied_seats = market.ties()
        found = market.pairs()
        pairs.update({b: a for a, b in found.items()} if flipped else found)
        ties |= tied_seats if flipped else tied_askers
    return dict(sorted(pairs.items())), frozenset(ties)


def _parts(costs: _Pairs) -> Iterator[list[tuple[int, int]]]:
    """The pairs of each connected part, in order."""
    by_left: dict[int, list[int]] = defaultdict(list)
    by_right: dict[int, list[int]] = defaultdict(list)
    for left, right in sorted(costs):
        by_left[left].append(right)
        by_right[right].append(left)
    seen: set[int] = set()
    for start in by_left:
        if start in seen:
            continue
        seen.add(start)
        lefts, at = [start], 0
        while at < len(lefts):
            for right in by_left[lefts[at]]:
                fresh = [a for a in by_right.pop(right, ()) if a not in seen]
                seen.update(fresh)
                lefts += fresh
            at += 1
        yield [(a, b) for a in sorted(lefts) for b in by_left[a]]


class _Market:
    """One connected part: askers bid for seats; ``owner`` is the asker of a seat, `_FREE` for none."""

    def __init__(self, askers: list[int], seats: list[int], pairs: list[tuple[tuple[int, int], int]]) -> None:
        number = {seat: j for j, seat in enumerate(seats)}
        row = {asker: i for i, asker in enumerate(askers)}
        self._askers, self._seats = askers, seats
        self._offers: list[list[tuple[int, int]]] = [[] for _ in askers]
        for (asker, seat), cost in pairs:
            self._offers[row[asker]].append((number[seat], cost))
        # Going without costs more than any whole assignment, so that none goes without for cheapness.
        self._alone = 1 + sum(cost for _, cost in pairs)
        self._worth = [0] * len(askers)
        self._price = [0] * len(seats)
        self._owner = [_FREE] * len(seats)
        self._seat = [_FREE] * len(askers)

    def pairs(self) -> dict[int, int]:
        return {self._askers[a]: self._seats[s] for s, a in enumerate(self._owner) if a != _FREE}

    def solve(self) -> None:
        for asker in range(len(self._askers)):
            self._seat_one(asker)

    def _seat_one(self, asker: int) -> None:
        """Dijkstra over reduced costs to the nearest free seat, or to whoever can best go without."""
        price, owner = self._price, self._owner
        reached = {asker: 0}
        known: dict[int, int] = {}
        bidder: dict[int, int] = {}
        passed: list[int] = []
        heap: list[tuple[int, int]] = []
        entering = asker
        while True:
            here = reached[entering] - self._worth[entering]
            # Seats are numbered from 0; ``~asker`` is that asker's going without.
            heappush(heap, (here + self._alone, ~entering))
            for seat, cost in self._offers[entering]:
                there = here + cost - price[seat]
                if seat not in known or there < known[seat]:
                    known[seat], bidder[seat] = there, entering
                    heappush(heap, (there, seat))
            far, end = heappop(heap)
            while end >= 0 and far > known[end]:
                far, end = heappop(heap)
            if end < 0 or owner[end] == _FREE:
                break
            passed.append(end)
            entering = owner[end]
            reached[entering] = far
        for seat in passed:
            price[seat] += known[seat] - far
        for one, when in reached.items():
            self._worth[one] += far - when
        self._move(end, bidder)

    def _move(self, end: int, bidder: Mapping[int, int]) -> None:
        """Seats everyone on the path that leads to ``end`` one further."""
        seat = end
        if end < 0:
            seat, self._seat[~end] = self._seat[~end], _FREE
        while seat != _FREE:
            one = bidder[seat]
            self._owner[seat] = one
            seat, self._seat[one] = self._seat[one], seat

    def ties(self) -> tuple[set[int], set[int]]:
        """Askers and seats that an equally good assignment treats otherwise.

        Equally good ones differ by cycles that alternate between tight pairs and chosen ones, where having
        no partner counts as a partner of its own.
        """
        first = len(self._askers)
        arrows: dict[int, list[int]] = {_NOBODY: []}
        for a, seat in enumerate(self._seat):
            arrows[a] = [first + s for s, cost in self._offers[a] if s != seat and self._is_tight(a, s, cost)]
            if seat == _FREE:
                arrows[_NOBODY].append(a)
            elif self._worth[a] == self._alone:
                arrows[a].append(_NOBODY)
        for s, owner in enumerate(self._owner):
            arrows[first + s] = [_NOBODY if owner == _FREE else owner]
            if owner != _FREE and not self._price[s]:
                arrows[_NOBODY].append(first + s)
        part = strong_parts(arrows)
        askers = {
            self._askers[a]
            for a, seat in enumerate(self._seat)
            if part[a] == part[_NOBODY if seat == _FREE else first + seat]
        }
        seats = {
            self._seats[s]
            for s, owner in enumerate(self._owner)
            if part[first + s] == part[_NOBODY if owner == _FREE else owner]
        }
        return askers, seats

    def _is_tight(self, asker: int, seat: int, cost: int) -> bool:
        return cost == self._worth[asker] + self._price[seat]
