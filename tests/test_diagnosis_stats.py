"""Exact statistics against enumeration, and against values that can be counted by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.diagnosis.stats import least, probability, share, tail


def enumerated(hits: int, drawn: int, marked: int, total: int) -> Fraction:
    """The share of all ways to draw that hit often enough; things 0 … marked-1 are the marked ones."""
    ways = list(combinations(range(total), drawn))
    return Fraction(sum(sum(thing < marked for thing in way) >= hits for way in ways), len(ways))


@given(st.data())
def test_the_tail_is_the_share_of_all_ways_to_draw(data):
    total = data.draw(st.integers(1, 9))
    marked, drawn = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    hits = data.draw(st.integers(0, total + 1))
    assert tail(hits, drawn, marked, total) == enumerated(hits, drawn, marked, total)


def test_a_perfect_split_is_one_way_among_all():
    assert tail(7, 7, 7, 12) == Fraction(1, 792)
    assert least(7, 7, 12) == Fraction(1, 792)


def test_the_least_value_of_a_draw_larger_than_the_marked_takes_them_all():
    assert least(5, 3, 8) == enumerated(3, 5, 3, 8)


def test_thousands_of_closes_stay_exact():
    assert tail(2000, 2000, 2000, 4000) * least(2000, 2000, 4000) > 0
    assert tail(0, 1500, 2000, 4000) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 792), "0.00126"), (Fraction(1, 6), "0.167"), (Fraction(1), "1"), (Fraction(1, 8), "0.125")],
)
def test_a_probability_has_three_significant_digits(value, text):
    assert str(probability(value)) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(7, 7, "1.0"), (0, 3, "0.0"), (1, 2, "0.5"), (2, 3, "0.6667"), (19, 20, "0.95")],
)
def test_a_share_has_four_places_and_no_needless_zeros(part, whole, text):
    assert str(share(part, whole)) == text
    assert isinstance(share(part, whole), Decimal)
