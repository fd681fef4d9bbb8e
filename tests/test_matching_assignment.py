"""The assignment is the best there is, and says where another is as good: held against trying everything."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from logaudit.reconcile.matching import assign
from logaudit.reconcile.matching.strong import strong_parts

COSTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.sampled_from([0, 0, 1, 1, 2, 5, 10**10]), max_size=16
)


def every_assignment(costs: Mapping[tuple[int, int], int]) -> Iterator[dict[int, int]]:
    lefts = sorted({a for a, _ in costs})

    def extend(at: int, chosen: dict[int, int]) -> Iterator[dict[int, int]]:
        if at == len(lefts):
            yield dict(chosen)
            return
        yield from extend(at + 1, chosen)
        for left, right in costs:
            if left == lefts[at] and right not in chosen.values():
                yield from extend(at + 1, chosen | {left: right})

    return extend(0, {})


def best(costs: Mapping[tuple[int, int], int]) -> list[dict[int, int]]:
    found = list(every_assignment(costs))
    rank = [(-len(pairs), sum(costs[pair] for pair in pairs.items())) for pairs in found]
    return [pairs for pairs, place in zip(found, rank, strict=True) if place == min(rank)]


@given(COSTS)
@settings(max_examples=250, deadline=None)
def test_it_is_one_of_the_best_and_names_what_the_others_choose_differently(costs):
    pairs, ties = assign(costs)
    wanted = best(costs)
    assert pairs in wanted
    lefts = {a for a, _ in costs}
    assert ties == {a for a in lefts if len({other.get(a) for other in wanted}) > 1}


@given(COSTS, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_pairs_changes_nothing(costs, dice):
    items = list(costs.items())
    dice.shuffle(items)
    assert assign(dict(items)) == assign(costs)


def test_as_many_pairs_as_possible_before_the_cheapest():
    assert assign({(0, 0): 0, (0, 1): 10**10, (1, 0): 10**10}) == ({0: 1, 1: 0}, frozenset())


def test_two_that_want_one_are_both_tied():
    assert assign({(0, 0): 5, (1, 0): 5})[1] == {0, 1}
    assert assign({(0, 0): 5, (1, 0): 6}) == ({0: 0}, frozenset())


def test_nothing_gives_nothing():
    assert assign({}) == ({}, frozenset())


def test_a_chain_of_thousands_seats_every_right():
    """Each left may take seven rights, so that all hang together; half of the rights are missing."""
    dice = random.Random(3)  # noqa: S311 - a repeatable world
    rights = [i for i in range(4000) if dice.random() < 0.5]
    costs = {
        (left, j): abs(left - right) * 1000 + dice.randrange(3) * 10**10
        for j, right in enumerate(rights)
        for left in range(max(0, right - 3), min(4000, right + 4))
    }
    pairs, _ = assign(costs)
    assert len(pairs) == len(rights)
    assert len(set(pairs.values())) == len(rights)


def test_strong_parts_are_those_that_reach_each_other():
    part = strong_parts({0: [1], 1: [2], 2: [0, 3], 3: [4], 4: [3], 5: []})
    groups = {frozenset(n for n in part if part[n] == name) for name in part.values()}
    assert groups == {frozenset({0, 1, 2}), frozenset({3, 4}), frozenset({5})}


def test_a_ring_longer_than_the_stack_is_one_part():
    ring = {i: [(i + 1) % 50_000] for i in range(50_000)}
    assert len(set(strong_parts(ring).values())) == 1
