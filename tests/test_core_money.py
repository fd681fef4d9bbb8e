"""Two printed numbers may be one: the limit is one unit of the coarser one's last decimal."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.money import (
    agree,
    agree_exactly,
    agree_truncated,
    format_decimal,
    format_signed,
    parse_decimal,
    total,
    unit,
)

#: Exact numbers of six decimals, as an exchange computes them.
EXACT = st.integers(-(10**15), 10**15).map(lambda n: Decimal(n).scaleb(-6))
#: Numbers as a log prints them: one to eight decimals.
PRINTED = st.builds(
    lambda n, places: Decimal(n).scaleb(-places), st.integers(-(10**12), 10**12), st.integers(1, 8)
)
#: Printed decimals, fewer than those of `EXACT`; whether a whole number is exact is another question.
PLACES = st.integers(1, 5)
WAYS = st.sampled_from([ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP])


def cut(value: Decimal, places: int, way: str) -> Decimal:
    """``value`` as a format with so many decimals prints it."""
    return value.quantize(Decimal(1).scaleb(-places), way)


def test_truncated_and_rounded_to_one_place_are_one_number():
    """1.95 is 1.9 where the log cuts and 2.0 where the ledger rounds: a whole unit between them."""
    assert agree(Decimal("1.9"), Decimal("2.0"))
    assert agree(Decimal("2.0"), Decimal("1.9"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.9", "2.1"),  # two units
        ("1.94", "1.96"),  # two units of a finer place
        ("-0.1", "0.1"),  # the sign of a loss
        ("1.900", "2.0001"),  # both finer than the tenth in which they would be one
        ("1", "2.01"),  # a unit and a hundredth
    ],
)
def test_more_than_one_unit_apart_are_two_numbers(left, right):
    assert not agree(Decimal(left), Decimal(right))
    assert not agree(Decimal(right), Decimal(left))


def test_the_coarser_of_two_prints_is_the_tolerance():
    assert agree(Decimal("60.7"), Decimal("60.731"))
    assert agree(Decimal("60.8"), Decimal("60.731"))
    assert not agree(Decimal("60.9"), Decimal("60.731"))


def test_zeros_at_the_end_are_printed_digits():
    """1.90 claims hundredths, 1.9 tenths only."""
    assert not agree(Decimal("1.90"), Decimal("1.85"))
    assert agree(Decimal("1.9"), Decimal("1.85"))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("61", "60.731", True),
        ("60", "60.5", True),
        ("60", "60.731", False),  # a size of 60 is not one of 60.731
        ("100", "100.9", False),
        ("1", "2", False),
        ("1e2", "0", False),
        ("1e2", "100.0", True),
        ("1e2", "140", False),
    ],
)
def test_a_whole_number_is_rounded_or_exact_and_never_cut(left, right, same):
    assert agree(Decimal(left), Decimal(right)) is same
    assert agree(Decimal(right), Decimal(left)) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [("0.01", "0.02", False), ("0.01", "0.010", True), ("0.01", "0.0149", True), ("0.01", "0.0201", False)],
)
def test_a_size_printed_to_one_precision_is_the_same_digits(left, right, same):
    assert agree_exactly(Decimal(left), Decimal(right)) is same


@pytest.mark.parametrize(("cut", "same"), [("60", True), ("61", True), ("59", False), ("62", False)])
def test_whole_seconds_are_cut_as_often_as_they_are_rounded(cut, same):
    assert agree_truncated(Decimal(cut), Decimal("60.731")) is same


@given(EXACT, PLACES, WAYS)
def test_a_number_agrees_with_its_cut_form_however_it_was_cut(value, places, way):
    assert agree(value, cut(value, places, way))


@given(EXACT, PLACES, WAYS, WAYS)
def test_two_cut_forms_of_one_number_agree_however_each_was_cut(value, places, first, second):
    assert agree(cut(value, places, first), cut(value, places, second))


@given(PRINTED, PRINTED)
def test_agreement_is_symmetric(left, right):
    assert agree(left, right) == agree(right, left)


@given(PRINTED)
def test_every_number_agrees_with_itself_and_with_its_neighbours_of_one_unit_only(value):
    step = unit(value)
    assert agree(value, value)
    assert agree(value, value + step)
    assert not agree(value, value + 2 * step)
    assert not agree(value, value - 2 * step)


@given(PRINTED, st.integers(1, 6))
def test_zeros_added_at_the_end_keep_the_value(value, more):
    finer = value.quantize(unit(value).scaleb(-more))
    assert agree(value, finer)
    assert unit(finer) == unit(value).scaleb(-more)


# --- Numbers as text, and sums.


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.50", "1.50"),
        ("-1.50", "-1.50"),
        ("0.00", "0.00"),
        ("-0.00", "0.00"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
    ],
)
def test_a_number_is_shown_with_its_own_digits(value, shown):
    assert format_decimal(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.01", "+0.01"), ("-0.01", "-0.01"), ("0.00", "0.00"), ("-0.00", "0.00"), ("1.50", "+1.50")],
)
def test_a_pnl_is_shown_with_its_sign_and_zero_has_none(value, shown):
    assert format_signed(Decimal(value)) == shown


def test_a_sum_keeps_the_finest_digits_and_is_zero_for_nothing():
    assert str(total([Decimal("1.9"), Decimal("-0.0500"), Decimal(2)])) == "3.8500"
    assert str(total([])) == "0"


@given(st.lists(PRINTED, max_size=20), st.randoms())
def test_a_sum_is_exact_whatever_the_order(values, dice):
    shuffled = list(values)
    dice.shuffle(shuffled)
    assert total(values) == total(shuffled)
    assert Fraction(total(values)) == sum(map(Fraction, values))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", "1234"),  # three digits: thousands
        ("-12,345,678", "-12345678"),
        ("1,2345", "1.2345"),  # four: a decimal comma
        ("1,23", "1.23"),
        ("1.234,56", "1234.56"),  # points that group thousands: the comma is the decimal sign
        ("-1.234.567,8", "-1234567.8"),
        ("1,234.50", "1234.50"),
        ("$1,234", "1234"),
        ("-$5.00", "-5.00"),
    ],
)
def test_a_comma_before_three_digits_groups_them(text, value):
    assert str(parse_decimal(text)) == value
