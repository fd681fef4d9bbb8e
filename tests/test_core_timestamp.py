"""Two printed times may be one instant: equal digits at one precision, one coarse step at two."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_factory import DAY, stamp, us
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.timestamp import (
    MILLISECOND,
    MINUTE,
    SECOND,
    Stamp,
    day_of,
    offset_text,
    span_text,
    us_of_day,
)

INSTANT = st.integers(-(10**15), 4 * 10**15)
PRECISIONS = st.sampled_from([1, MILLISECOND, SECOND, MINUTE])


def printed(at: int, precision: int, *, rounded: bool) -> Stamp:
    """An instant as a clock of this precision prints it."""
    half = precision // 2 if rounded else 0
    return Stamp((at + half) // precision * precision, precision)


def test_two_calls_one_millisecond_apart_are_two():
    """Two sinks of one logger format one record: at one precision they print the same digits."""
    assert stamp("10:00:00.500").could_equal(stamp("10:00:00.500"))
    assert not stamp("10:00:00.500").could_equal(stamp("10:00:00.501"))
    assert not stamp("10:00:00").could_equal(stamp("10:00:01"))


@pytest.mark.parametrize(
    ("fine", "equal"),
    [
        ("10:00:00.000", True),  # cut at the second
        ("10:00:00.999", True),
        ("09:59:59.600", True),  # rounded up to the second
        ("10:00:01.400", True),  # what a clock that rounds up prints late
        ("09:59:58.999", False),
        ("10:00:02.000", False),
    ],
)
def test_a_fine_time_may_be_a_coarse_one_up_to_one_coarse_step_away(fine, equal):
    assert stamp("10:00:00").could_equal(stamp(fine)) is equal
    assert stamp(fine).could_equal(stamp("10:00:00")) is equal


@given(INSTANT, PRECISIONS, PRECISIONS, st.booleans(), st.booleans())
def test_one_instant_printed_to_two_precisions_could_be_equal(at, first, second, up, too):
    if first == second:
        too = up
    left, right = printed(at, first, rounded=up), printed(at, second, rounded=too)
    assert left.could_equal(right)


@given(INSTANT, INSTANT, PRECISIONS, PRECISIONS)
def test_it_is_symmetric_and_reflexive(one, other, first, second):
    left, right = Stamp(one // first * first, first), Stamp(other // second * second, second)
    assert left.could_equal(right) == right.could_equal(left)
    assert left.could_equal(left)


@given(INSTANT, st.integers(1, 1000), PRECISIONS)
def test_at_one_precision_different_digits_are_different_instants(at, steps, precision):
    left = Stamp(at // precision * precision, precision)
    assert not left.could_equal(Stamp(left.us + steps * precision, precision))


@given(
    INSTANT,
    st.integers(2, 1000),
    st.sampled_from([(MILLISECOND, 1), (SECOND, MILLISECOND), (MINUTE, SECOND)]),
)
def test_at_two_precisions_two_coarse_steps_are_too_many(at, steps, pair):
    coarse, fine = pair
    left = Stamp(at // coarse * coarse, coarse)
    assert not left.could_equal(Stamp(left.us + steps * coarse, fine))
    assert not left.could_equal(Stamp(left.us - (steps - 1) * coarse - fine, fine))


# --- Times as text.


def test_a_time_is_printed_with_the_digits_it_was_written_with():
    at = us("05:13:38") + 49_000
    assert Stamp(at - 49_000, SECOND).iso() == f"{DAY}T05:13:38"
    assert Stamp(at, MILLISECOND).iso() == f"{DAY}T05:13:38.049"
    assert Stamp(at, 1).iso() == f"{DAY}T05:13:38.049000"
    assert Stamp(us("05:13:00"), MINUTE).iso() == f"{DAY}T05:13:00"
    # Tenths and hundredths of a millisecond need all six digits.
    assert Stamp(at + 500, 100).iso() == f"{DAY}T05:13:38.049500"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "+00:00"),
        (10_800, "+03:00"),
        (-19_800, "-05:30"),
        (20_700, "+05:45"),
        (9_017, "+02:30:17"),  # Moscow until 1919
        (-17_762, "-04:56:02"),  # New York until 1883
        (-30, "-00:00:30"),
    ],
)
def test_an_offset_is_printed_as_iso_8601_does(seconds, shown):
    assert offset_text(seconds) == shown
    assert Stamp(us("05:13:38"), SECOND, seconds).iso() == f"{DAY}T05:13:38{shown}"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.25, "250 ms"),
        (0.4999, "500 ms"),
        (0.51, "1 s"),
        (35, "35 s"),
        (-35, "35 s"),
        (119, "119 s"),
        (120, "2 min"),
        (59 * 60 + 59, "59 min"),
        (3600, "1 h"),
        (2 * 3600 + 19 * 60, "2 h 19 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d"),
        (3 * 86_400 + 4 * 3600 + 59 * 60, "3 d 4 h"),
    ],
)
def test_a_duration_is_told_in_the_units_people_use(seconds, shown):
    assert span_text(round(seconds * SECOND)) == shown


@pytest.mark.parametrize(
    "text", ["1969-12-31 23:59:59", "1970-01-01 00:00:00", f"{DAY} 00:00:00", f"{DAY} 23:59:59"]
)
def test_a_day_lasts_from_midnight_to_midnight(text):
    day = date.fromisoformat(text[:10])
    assert day_of(us(text)) == day == stamp(text).day
    assert us_of_day(day) <= us(text) < us_of_day(day) + 86_400 * SECOND


def test_the_printed_digits_stand_for_an_interval_that_ends_with_the_next():
    assert stamp("10:00:00").end == us("10:00:01")
    assert stamp("10:00:00.500").end == us("10:00:00") + 501_000
