"""A constant between two clocks is claimed where one-to-one matches share it, and abstained from elsewhere."""

from __future__ import annotations

import random

import pytest
from evidence_factory import us
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.message import msg
from logaudit.core.timestamp import HOUR, MINUTE, SECOND
from logaudit.reconcile.clocks import PairedTimes, Shift, infer_shift

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
    assert inferred([7 * MINUTE + 4 * SECOND] * 3).seconds == 424
    assert inferred([-(2 * HOUR + 90 * SECOND + 17 * SECOND)] * 3).seconds == -(7200 + 107)
    assert not inferred([47 * SECOND] * 3).is_zone


@pytest.mark.parametrize("late", [[5, 19, 60], [7, 8, 10], [47] * 2])
def test_rows_written_late_are_a_lag_and_no_zone(late):
    found = inferred([seconds * SECOND for seconds in late])
    assert (found.seconds, found.is_zone) == (0, False)
    assert found.lag == (min(late) * SECOND, max(late) * SECOND)


def test_late_rows_of_another_zone_show_both():
    found = inferred([-3 * HOUR + seconds * SECOND for seconds in (8, 30, 55)])
    assert (found.seconds, found.is_zone, found.lag) == (-10_800, True, (8 * SECOND, 55 * SECOND))


def test_a_lag_that_the_window_holds_is_none():
    assert inferred([0, 2 * SECOND, 5 * SECOND]).lag == (0, 0)


def test_one_match_proves_nothing():
    found = inferred([-3 * HOUR])
    assert found.seconds is None
    assert found.support == 1


def test_a_single_certain_pair_shows_how_the_row_may_be_read():
    assert inferred([-3 * HOUR + SECOND]).readings == (0, -10_800)
    assert inferred([-3 * HOUR + SECOND], certain=False).readings == (0,)
    assert inferred([-3 * HOUR + 7 * MINUTE]).readings == (0,)


@pytest.mark.parametrize(("first", "second"), [(6, 6), (8, 4), (10, 2)])
def test_a_clock_that_was_changed_within_the_ledger_has_two_constants(first, second):
    """Some rows are two hours off, the later ones three."""
    found = inferred([-3 * HOUR] * first + [-2 * HOUR] * second)
    assert (found.seconds, found.support, found.changes) == (-10_800, first + second, ((first, -7_200),))
    assert [found.seconds_at(row) for row in (0, first - 1, first, first + second)] == [-10_800] * 2 + [
        -7_200
    ] * 2


def test_rows_at_the_change_of_a_clock_that_pair_with_no_close_may_be_of_either_side():
    """The fifth and the sixth row; that the fourth is of the first side and the seventh of the second is proven."""
    pairs = [PairedTimes(i, i, -3 * HOUR) for i in range(4)]
    pairs += [PairedTimes(i, i, -2 * HOUR) for i in range(6, 10)]
    found = infer_shift(pairs, WINDOW, [0] * 10, (0, 10 * HOUR))
    assert (found.seconds, found.changes) == (-10_800, ((6, -7_200),))
    read = [found.readings_at(row) for row in range(10)]
    assert read == [(-10_800,)] * 4 + [(-10_800, -7_200)] * 2 + [(-7_200,)] * 4


@pytest.mark.parametrize(
    "hours",
    [
        [3, 3, 2, 3, 2, 2, 3, 2],  # now the one, now the other
        [3, 3, 3, 3, 5, 5, 5, 5],  # no change of daylight time is two hours
    ],
)
def test_two_offsets_that_no_change_of_the_clock_explains_are_abstained_from(hours):
    found = inferred([-h * HOUR for h in hours])
    assert found.seconds is None
    assert set(found.others) == {-h * 3600 for h in hours}


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
        None, 0, msg("no close and row agree in their values")
    )


@pytest.mark.parametrize("many", ["rows", "closes"])
def test_a_close_that_many_rows_fit_counts_once_beside_other_constants(many):
    """Three pairs are five hours apart; one close fits four rows three hours before it, or one row four closes."""
    pairs, rows, span = paired([-5 * HOUR] * 3)
    for other in range(10, 14):
        close, row = (9, other) if many == "rows" else (other, 9)
        pairs.append(PairedTimes(close, row, -3 * HOUR))
    found = infer_shift(pairs, WINDOW, rows, span)
    assert (found.seconds, found.support) == (-18_000, 3)


@pytest.mark.parametrize(("matched", "of", "seconds"), [(4, 8, -10_800), (3, 8, None), (4, 9, None)])
def test_half_of_the_rows_make_a_constant_and_a_minority_does_not(matched, of, seconds):
    pairs, rows, span = paired([-3 * HOUR] * of)
    assert infer_shift(pairs[:matched], WINDOW, rows, span).seconds == seconds


@pytest.mark.parametrize(
    ("beyond", "seconds"),
    [(0, None), (1, -10_800)],
)
@pytest.mark.parametrize("side", ["first", "last"])
def test_rows_count_up_to_the_window_around_the_closes(side, beyond, seconds):
    """Two rows are matched; with two more in reach they are half, with three a minority."""
    pairs, rows, (first, last) = paired([-3 * HOUR] * 2)
    edge = first - WINDOW - beyond if side == "first" else last + WINDOW + beyond
    inside = [first - 3 * HOUR + MINUTE, first - 3 * HOUR + 2 * MINUTE]
    assert infer_shift(pairs, WINDOW, [*rows, *inside, edge - 3 * HOUR], (first, last)).seconds == seconds


@pytest.mark.parametrize(("apart", "seconds"), [(WINDOW, -10_380), (WINDOW + 1, None)])
def test_times_as_far_apart_as_the_window_share_a_constant(apart, seconds):
    """Two matches that share it are enough; one is not. Seven minutes past the hour no zone has."""
    odd = -3 * HOUR + 7 * MINUTE
    assert inferred([odd, odd + apart]).seconds == seconds


@pytest.mark.parametrize(
    ("delta", "seconds"),
    [
        (15 * MINUTE + 120 * SECOND, 900),  # two minutes of lag are the most that is taken for one
        (15 * MINUTE + 121 * SECOND, 1020),
        (-3 * HOUR - 30 * SECOND, -10_800),
        (-3 * HOUR - 31 * SECOND, -10_831),
        (3 * HOUR + 170 * SECOND, 10_980),  # ten seconds before a whole minute
        (14 * MINUTE + 5 * SECOND, 845),  # nearer than any two zones: a clock that is merely wrong
        (20 * MINUTE + 5 * SECOND, 1200),
        (400_000, 0),
    ],
)
def test_seconds_are_taken_for_a_lag_where_zones_may_differ(delta, seconds):
    assert inferred([delta] * 3).seconds == seconds


@pytest.mark.parametrize(
    ("delta", "others"),
    [
        (15 * MINUTE, (900,)),
        (15 * MINUTE + 10 * SECOND, (900,)),
        (15 * MINUTE + 11 * SECOND, ()),
        (-15 * MINUTE - 10 * SECOND, (-900,)),
        (30 * MINUTE - 10 * SECOND, (1800,)),
        (22 * MINUTE + 30 * SECOND, ()),  # as far as can be from two quarters
        (10 * SECOND, ()),  # a lag on one clock
        (0, ()),
    ],
)
def test_a_single_pair_tells_a_zone_only_near_a_quarter_of_an_hour(delta, others):
    assert inferred([delta]).others == others


def test_two_certain_pairs_of_one_row_tell_no_zone():
    """The row fits two closes, two and three hours on: one match, two readings, neither of them known."""
    closes = [START, START + HOUR]
    pairs = [PairedTimes(c, 0, START - 2 * HOUR - at, certain=True) for c, at in enumerate(closes)]
    found = infer_shift(pairs, WINDOW, [START - 2 * HOUR], (closes[0], closes[1]))
    assert (found.seconds, found.support, found.others) == (None, 1, ())


@pytest.mark.parametrize(
    ("best", "rival", "claimed"), [(8, 2, False), (9, 2, True), (12, 3, False), (13, 3, True)]
)
def test_an_odd_constant_is_a_rival_from_a_quarter_of_the_best_ones_matches_on(best, rival, claimed):
    """It is no difference of zones: fewer may be chance."""
    found = inferred([100 * SECOND] * best + [400 * SECOND] * rival)
    assert found.seconds == (100 if claimed else None)
    assert found.others == (() if claimed else (100, 400))


@pytest.mark.parametrize(("rival", "claimed"), [(1, True), (2, False)])
def test_another_zone_is_a_rival_from_two_matches_on(rival, claimed):
    found = inferred([-3 * HOUR] * 20 + [-7 * HOUR] * rival)
    assert found.seconds == (-10_800 if claimed else None)


@pytest.mark.parametrize("again", ["both", "closes", "rows"])
def test_rows_and_closes_of_the_best_constant_make_no_rival(again):
    """What it explains is explained: the same pairs, a second row of each close, a second close of each row."""
    pairs, rows, span = paired([-3 * HOUR] * 4)
    for p in pairs[:4]:
        close = p.close + (4 if again == "rows" else 0)
        row = p.row + (4 if again == "closes" else 0)
        pairs.append(PairedTimes(close, row, p.delta - HOUR))
    more = [at - HOUR for at in rows] if again == "closes" else []
    assert infer_shift(pairs, WINDOW, rows + more, span).seconds == -10_800


def test_of_equal_constants_the_nearest_to_no_shift_comes_first():
    assert inferred([-4 * HOUR] * 3 + [-2 * HOUR] * 3).others == (-7_200, -14_400)
    assert inferred([4 * HOUR] * 3 + [2 * HOUR] * 3).others == (7_200, 14_400)


def test_the_constant_is_the_middle_of_the_times_that_share_it():
    """A writer that lags now and then moves no clock: the median stands, for rank as for the claim."""
    assert inferred([22 * MINUTE + late * SECOND for late in (44, 47, 48)]).seconds == 22 * 60 + 47
    before, after = [-100, -96, -95], [97, 98, 103]
    assert set(inferred([at * SECOND for at in before + after]).others) == {-96, 98}


def test_at_most_three_rivals_are_named():
    """Five offsets of two rows each; what a row may mean is tried one by one, so there is an end to them."""
    found = inferred([hours * HOUR for hours in range(1, 6) for _ in range(2)])
    assert found.others == (3600, 7200, 10_800, 14_400)


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


def test_pairs_across_equal_trades_in_quick_succession_are_no_lag():
    """Two equal trades a minute apart fit each other's rows as well: the rows still follow at once."""
    deltas = [3 * HOUR + lag for lag in (0, 4_000, 9_000, 2_000)]
    pairs, rows, span = paired(deltas)
    pairs.append(PairedTimes(1, len(rows), deltas[1] + 63 * SECOND, certain=True))
    rows.append(rows[1] + 63 * SECOND)
    assert infer_shift(pairs, WINDOW, rows, span).lag == (0, 0)


@pytest.mark.parametrize(("support", "others"), [(2, ()), (3, (-7193,))])
def test_a_zone_that_a_minority_of_three_shares_is_left_open(support: int, others: tuple[int, ...]) -> None:
    """Nine rows could pair: too many have no close for a claim, and too many pairs share the zone for chance."""
    pairs, rows, span = paired([-2 * HOUR + 7 * SECOND] * 9)
    found = infer_shift(pairs[:support], WINDOW, rows, span)
    assert (found.seconds, found.support, found.others) == (None, support, others)
