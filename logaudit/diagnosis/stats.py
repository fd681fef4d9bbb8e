"""Exact statistics of small counts: Fisher's test by whole numbers, shares as decimals; no floats anywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import Final

from logaudit.core.money import format_decimal, quotient, rounded, trimmed

#: Digits that a reader can use of a probability.
_DIGITS: Final = 3
_PLACES: Final = 4


def tail(hits: int, drawn: int, marked: int, total: int) -> Fraction:
    """One-sided Fisher's exact test: the chance of at least ``hits`` marked among ``drawn``.

    Args:
        hits: marked ones among those drawn.
        drawn: how many were drawn, blindly and without putting back.
        marked: of the ``total`` ones.
        total: of how many.
    """
    most = min(drawn, marked)
    first = max(hits, drawn - (total - marked), 0)
    if first > most:
        return Fraction(0)
    ways = term = comb(marked, first) * comb(total - marked, drawn - first)
    for x in range(first, most):
        term = term * (marked - x) * (drawn - x) // ((x + 1) * (total - marked - drawn + x + 1))
        ways += term
    return Fraction(ways, _ways(total, drawn))


@lru_cache(maxsize=4096)
def least(drawn: int, marked: int, total: int) -> Fraction:
    """The smallest value that `tail` can take for these margins: what a perfect split would reach."""
    return tail(min(drawn, marked), drawn, marked, total)


@lru_cache(maxsize=4096)
def _ways(total: int, drawn: int) -> int:
    return comb(total, drawn)


def probability(value: Fraction) -> Decimal:
    """A probability with three significant digits."""
    return trimmed(quotient(value.numerator, value.denominator, _DIGITS))


def share(part: int, whole: int) -> Decimal:
    """``part / whole`` to four places, written without needless zeros: ``1.0``, ``0.5``, ``0.6667``."""
    return ratio(Fraction(part, whole))


def ratio(value: Fraction) -> Decimal:
    """A fraction as `share` writes it."""
    text = format_decimal(rounded(quotient(value.numerator, value.denominator), _PLACES)).rstrip("0")
    return Decimal(text + "0" if text.endswith(".") else text)
