"""Medians as the standard library has them."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.medians import median, median_low


@given(st.lists(st.integers(), min_size=1))
def test_medians_are_those_of_the_standard_library(values: list[int]) -> None:
    assert median_low(values) == statistics.median_low(values)
    assert median(values) == statistics.median(values)


def test_nothing_has_no_median() -> None:
    with pytest.raises(IndexError):
        median([])
    with pytest.raises(IndexError):
        median_low([])
