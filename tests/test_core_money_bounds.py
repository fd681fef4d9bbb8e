"""Numbers: what is read, what is out of bounds, and arithmetic that is exact whatever the thread has set."""

from __future__ import annotations

from decimal import ROUND_UP, Context, Decimal, Inexact, InvalidOperation, Overflow, Rounded, localcontext
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logaudit.core import money
from logaudit.core.money import PLACES, agree, format_decimal, out_of_bounds, parse_decimal

#: A context in which nearly any operation fails or rounds.
HOSTILE = Context(
    prec=1, rounding=ROUND_UP, Emin=-1, Emax=1, traps=[Inexact, Rounded, InvalidOperation, Overflow]
)

digits = st.text("0123456789", min_size=1, max_size=200)
exponents = (
    st.just("") | st.integers(-(10**12), 10**12).map("e{}".format) | st.integers(-99, 99).map("E{:+}".format)
)
numbers = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+"]),
    digits,
    st.just("") | digits.map(".{}".format),
    exponents,
)
#: As wide as bounds allow.
values = st.decimals(
    allow_nan=False, allow_infinity=False, places=PLACES, min_value=-(10**30), max_value=10**30
) | (st.integers(-(10**PLACES) + 1, 10**PLACES - 1).map(Decimal))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("94974.3000", "94974.3000"),
        ("-.5", "-0.5"),
        ("5.", "5"),
        ("+1.5e-05", "0.000015"),
        ("$1,234.50", "1234.50"),
        ("-$12", "-12"),
        ("1 234,5", "1234.5"),
        ("1,234", "1234"),
        ("0,25", "0.25"),
        ("\u22122", "-2"),
        ("1_000", "1000"),
        ("1" * 25, "1" * 25),
        ("1e20", "1E+20"),
        ("9" * PLACES, "9" * PLACES),
        ("0." + "1" * PLACES, "0." + "1" * PLACES),
        ("1e63", "1E+63"),
        ("1e-64", "1E-64"),
    ],
)
def test_a_number_is_read_with_its_own_digits(text, value):
    found = parse_decimal(text)
    assert str(found) == str(Decimal(value))
    assert not out_of_bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" + "0" * PLACES,
        "0." + "0" * PLACES + "1",
        "1e64",
        "1e-65",
        "12e63",
        "1e999999999",
        "-1e-999999999",
        "1e" + "9" * 5000,
        "0e999999999",
        "9" * 1_000_000,
        "$" + "9" * 100,
    ],
)
def test_a_number_without_a_market_is_none_and_said_to_be_out_of_bounds(text):
    assert parse_decimal(text) is None
    assert out_of_bounds(text)


@pytest.mark.parametrize(
    "text", ["", " ", "-", ".", "abc", "1.2.3", "1e", "NaN", "inf", "\u00b2", "\u00bd", "1\u00b2", "0x10"]
)
def test_what_is_no_number_is_none_and_not_out_of_bounds(text):
    assert parse_decimal(text) is None
    assert not out_of_bounds(text)


@given(numbers | st.text(max_size=40))
@example("1e999999999999999999999")
@example("\u0661\u0662\u0663")
@example("1,\u00b2\u00b2\u00b2")
def test_any_text_is_a_number_or_not_and_never_an_error(text):
    found = parse_decimal(text)
    if found is None:
        return
    assert found.is_finite()
    assert parse_decimal(format_decimal(found)) == found
    assert len(format_decimal(found)) <= 2 * PLACES + 2


@given(numbers)
def test_a_number_is_left_out_only_for_its_size(text):
    """By whole numbers: it needs at most so many digits on either side of its point."""
    mantissa, _, exponent = text.lower().partition("e")
    if abs(int(exponent or 0)) > 1000:
        assert out_of_bounds(text)
        return
    whole, _, part = mantissa.lstrip("+-").partition(".")
    last = len(part) - int(exponent or 0)
    fits = last <= PLACES and int(whole + part) < 10 ** (PLACES + last)
    if int(whole + part):
        assert (parse_decimal(text) is not None) == (fits and len(whole + part) < 256)


@given(st.lists(values, max_size=30))
@example([Decimal("1" * 25), Decimal("0.1")])
@example([Decimal("9" * PLACES), Decimal("1E-64"), Decimal("-" + "9" * PLACES)])
def test_sums_are_exact(terms):
    exact = sum(map(Fraction, terms), Fraction(0))
    assert Fraction(money.total(terms)) == exact
    assert list(map(Fraction, money.running_totals(terms)))[-1:] == ([exact] if terms else [])


@given(values, values)
def test_differences_and_products_are_exact(left, right):
    assert Fraction(money.difference(left, right)) == Fraction(left) - Fraction(right)
    assert Fraction(money.product(left, right)) == Fraction(left) * Fraction(right)


@given(values, values)
def test_a_quotient_is_off_by_at_most_half_of_its_last_digit(left, right):
    if not right:
        return
    found, exact = money.quotient(left, right), Fraction(left) / Fraction(right)
    assert abs(Fraction(found) - exact) <= abs(exact) * Fraction(1, 10**27)


@given(values, values)
def test_agreement_is_mutual_and_of_the_coarser_unit(left, right):
    coarse = max(Fraction(money.unit(left)), Fraction(money.unit(right)))
    assert agree(left, right) == agree(right, left) == (abs(Fraction(left) - Fraction(right)) <= coarse)


def figures() -> list[Decimal]:
    """What every function of the module makes of a few numbers."""
    a, b, c = Decimal("123456789.123456789"), Decimal("-0.0105"), Decimal("1" * 40)
    return [
        money.total([a, b, c]),
        *money.running_totals([a, b, c]),
        money.difference(a, c),
        money.product(a, c),
        money.quotient(a, b),
        money.quotient(1, 3, 5),
        money.significant(a, 3),
        money.rounded(a, 2),
        money.trimmed(Decimal("1.5000")),
        money.unit(a),
        Decimal(agree(a, Decimal("123456789.12"))),
        Decimal(format_decimal(c)),
        *filter(None, [parse_decimal("1e-30"), parse_decimal("$1,234.5678901234567890123456789012")]),
    ]


def test_what_the_thread_has_set_changes_no_figure():
    usual = [str(value) for value in figures()]
    with localcontext(HOSTILE):
        assert [str(value) for value in figures()] == usual


def test_rounding_is_half_to_even():
    assert [format_decimal(money.rounded(Decimal(x), 1)) for x in ("0.25", "0.35", "-0.25")] == [
        "0.2",
        "0.4",
        "-0.2",
    ]
    assert format_decimal(money.significant(Decimal("0.00125"), 2)) == "0.0012"


@given(st.booleans(), st.integers(0, 10**14), st.integers(-16, 8))
def test_the_last_place_and_the_digits_of_a_number_are_those_of_its_parts(negative, whole, exponent):
    value = Decimal((int(negative), tuple(map(int, str(whole))), exponent))
    assert str(money.unit(value)) == str(Decimal((0, (1,), exponent)))
    assert money.digits(value) == (len(value.as_tuple().digits) if value else 0)
