"""Two printed times may be one instant: equal digits at one precision, one coarse step at two."""

from __future__ import annotations

import pytest
from evidence_factory import stamp
from hypothesis import given
from hypothesis import strategies as st

from logaudit.model.stamp import MILLISECOND, MINUTE, SECOND, Stamp

INSTANT = st.integers(-(10**15), 4 * 10**15)
PRECISIONS = st.sampled_from([1, MILLISECOND, SECOND, MINUTE])


def printed(us: int, precision: int, *, rounded: bool) -> Stamp:
    """An instant as a clock of this precision prints it."""
    half = precision // 2 if rounded else 0
    return Stamp((us + half) // precision * precision, precision)


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
def test_one_instant_printed_to_two_precisions_could_be_equal(us, first, second, up, too):
    if first == second:
        too = up
    left, right = printed(us, first, rounded=up), printed(us, second, rounded=too)
    assert left.could_equal(right)


@given(INSTANT, INSTANT, PRECISIONS, PRECISIONS)
def test_it_is_symmetric_and_reflexive(one, other, first, second):
    left, right = Stamp(one // first * first, first), Stamp(other // second * second, second)
    assert left.could_equal(right) == right.could_equal(left)
    assert left.could_equal(left)


@given(INSTANT, st.integers(1, 1000), PRECISIONS)
def test_at_one_precision_different_digits_are_different_instants(us, steps, precision):
    left = Stamp(us // precision * precision, precision)
    assert not left.could_equal(Stamp(left.us + steps * precision, precision))


@given(
    INSTANT,
    st.integers(2, 1000),
    st.sampled_from([(MILLISECOND, 1), (SECOND, MILLISECOND), (MINUTE, SECOND)]),
)
def test_at_two_precisions_two_coarse_steps_are_too_many(us, steps, pair):
    coarse, fine = pair
    left = Stamp(us // coarse * coarse, coarse)
    assert not left.could_equal(Stamp(left.us + steps * coarse, fine))
    assert not left.could_equal(Stamp(left.us - (steps - 1) * coarse - fine, fine))
