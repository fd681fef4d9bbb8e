"""Equal sums of lost closes and of rows without one excuse the loss, unless chance makes them equal."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from logaudit.reconcile.matching.leftovers import same_total


def money(*results: str) -> list[Decimal]:
    return [Decimal(result) for result in results]


@pytest.mark.parametrize(
    ("lost", "rows"),
    [
        (["4.0000"], ["4.0000"]),
        (["-13.21"], ["-13.2087"]),
        (["5.25", "-1.50", "2.10"], ["3.75", "2.10"]),
        (["5.25", "-1.50", "2.10"], ["5.8531"]),  # 5.85, each of three rounded by half a cent at most
    ],
)
def test_one_sum_told_in_other_parts_may_be_the_same_trades(lost, rows):
    assert same_total(money(*lost), money(*rows))


@pytest.mark.parametrize(
    ("lost", "rows"),
    [
        (["4.0000"], ["4.0001"]),
        (["4.00"], ["4.0051"]),
        (["4.00", "1.00"], ["5.0101"]),
        ([], ["4.00"]),
    ],
)
def test_other_sums_are_other_trades(lost, rows):
    assert not same_total(money(*lost), money(*rows))


@pytest.mark.parametrize(
    ("lost", "rows"),
    [
        (["1"], ["1"]),  # a whole number is the result of every hundredth trade
        (["0.00"], ["0.00"]),
        (["0.1", "-0.3"], ["-0.2"]),
    ],
)
def test_sums_that_are_often_equal_by_chance_say_nothing(lost, rows):
    assert not same_total(money(*lost), money(*rows))


def test_an_unknown_result_leaves_the_sum_open():
    assert not same_total([Decimal("4.00"), None], money("4.00"))


def test_sums_of_many_unrelated_trades_seldom_agree():
    """Of 2,000 sessions whose rows are of other trades fewer than 20 are excused, however many closes they lost."""
    random = Random(7)  # noqa: S311 - repeatable, not secret
    for closes in (1, 5, 60):
        excused = 0
        for _ in range(2_000):
            lost = [Decimal(f"{random.gauss(0, 4):.2f}") for _ in range(closes)]
            rows = [Decimal(f"{random.gauss(0, 4):.4f}") for _ in range(closes)]
            excused += same_total(lost, rows)
        assert excused < 20


def test_the_same_many_trades_agree_but_for_rounding():
    random = Random(8)  # noqa: S311 - repeatable, not secret
    for _ in range(200):
        rows = [Decimal(f"{random.gauss(0, 4):.4f}") for _ in range(60)]
        assert same_total([Decimal(f"{row:.2f}") for row in rows], rows)


def test_amounts_beyond_any_float_say_nothing():
    assert not same_total(money("1e999"), money("1e999"))
