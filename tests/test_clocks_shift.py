"""A constant between two clocks is claimed where one-to-one matches share it, and abstained from elsewhere."""

from __future__ import annotations

import random

import pytest
from evidence_factory import us
from hypothesis import given
from hypothesis import strategies as st

from logaudit.clocks import PairedTimes, Shift, infer_shift
from logaudit.model.stamp import HOUR, MINUTE, SECOND

WINDOW = 6 * SECOND
START = us("10:00:00")


def paired(
    deltas: list[int], *, certain: bool = True
) -> tuple[list[PairedTimes], list[int], tuple[int, int]]:
    """One close every ten minutes, its row so many µs later; pairs, rows' times, the closes' span."""
    times = [START + i * 10 * MINUTE for i in range(len(deltas))]
    pairs = [PairedTimes(i, i, delta, certain) for i, delta in enumerate(deltas)]
    rows = [at + delta for at, delta in zip(times, deltas, strict=True)]
    return pairs, rows, (times[0], times[-1])


def inferred(deltas: list[int], *, certain: bool = True) -> Shift:
    pairs, rows, span = paired(deltas, certain=certain)
    return infer_shift(pairs, WINDOW, rows, span)


def test_a_constant_is_claimed_with_its_support():
    found = inferred([-3 * HOUR + lag for lag in (0, SECOND, SECOND // 2, 2 * SECOND)])
    assert (found.seconds, found.support, found.others) == (-10_800, 4, ())
    assert found.readings == (-10_800,)


def test_a_lag_of_seconds_is_no_part_of_a_zone():
    assert inferred([5 * HOUR + 30 * MINUTE + 4 * SECOND] * 3).seconds == 5 * 3600 + 1800


def test_a_clock_that_is_merely_wrong_keeps_its_seconds():
    assert inferred([47 * SECOND] * 3).seconds == 47
    assert inferred([-(2 * HOUR + 90 * SECOND + 17 * SECOND)] * 3).seconds == -(7200 + 107)


def test_one_match_proves_nothing():
    found = inferred([-3 * HOUR])
    assert found.seconds is None
    assert found.support == 1


def test_a_single_certain_pair_shows_how_the_row_may_be_read():
    assert inferred([-3 * HOUR + SECOND]).readings == (0, -10_800)
    assert inferred([-3 * HOUR + SECOND], certain=False).readings == (0,)
    assert inferred([-3 * HOUR + 7 * MINUTE]).readings == (0,)


@pytest.mark.parametrize(("first", "second"), [(6, 6), (8, 4), (10, 2)])
def test_two_offsets_in_one_ledger_are_abstained_from(first, second):
    """Clocks went back within the file: some rows are two hours off, the others three."""
    found = inferred([-3 * HOUR] * first + [-2 * HOUR] * second)
    assert found.seconds is None
    assert sorted(found.readings) == [-10_800, -7_200, 0]


def test_two_offsets_that_are_no_zones_are_abstained_from_when_both_explain_much():
    found = inferred([100 * SECOND] * 5 + [400 * SECOND] * 5)
    assert found.seconds is None
    assert set(found.others) == {100, 400}


def test_random_times_are_abstained_from():
    dice = random.Random(7)  # noqa: S311 - a repeatable world
    found = inferred([dice.randrange(-20 * HOUR, 20 * HOUR) for _ in range(30)])
    assert found.seconds is None


def test_no_pair_is_no_claim():
    assert infer_shift([], WINDOW, [START], (START, START)) == Shift(
        None, 0, "no close and row agree in their values"
    )


def test_a_minority_is_no_constant():
    pairs, rows, span = paired([-3 * HOUR] * 8)
    assert infer_shift(pairs[:3], WINDOW, rows, span).seconds is None


def test_rows_that_no_close_could_have_have_no_say():
    """A ledger of a month beside the logs of a day: most rows lie outside, whatever the clock."""
    pairs, rows, span = paired([-3 * HOUR] * 6)
    others = [START + day * 24 * HOUR for day in range(-20, 20) if day not in (0, -1)]
    assert infer_shift(pairs, WINDOW, rows + others, span).seconds == -10_800


def test_a_close_that_many_rows_fit_counts_once():
    pairs = [PairedTimes(0, r, -3 * HOUR) for r in range(9)]
    assert infer_shift(pairs, WINDOW, [START - 3 * HOUR] * 9, (START, START)).support == 1


def test_equal_trades_share_the_offset_of_the_most():
    """Every close fits every row: ten minutes apart, only one constant pairs them all."""
    _, rows, span = paired([-3 * HOUR] * 8)
    closes = [START + i * 10 * MINUTE for i in range(8)]
    pairs = [PairedTimes(c, r, rows[r] - closes[c]) for c in range(8) for r in range(8)]
    assert infer_shift(pairs, WINDOW, rows, span).seconds == -10_800


@given(
    st.integers(-14 * 4, 14 * 4), st.lists(st.integers(0, 4 * SECOND), min_size=2, max_size=20), st.randoms()
)
def test_any_difference_of_zones_is_found_whatever_the_order(quarters, lags, dice):
    pairs, rows, span = paired([quarters * 15 * MINUTE + lag for lag in lags])
    dice.shuffle(pairs)
    found = infer_shift(pairs, WINDOW, rows, span)
    assert found.support == len(lags)
    assert found.seconds is not None
    assert abs(found.seconds - quarters * 900) <= (0 if quarters else 4)
