"""Exact decimals as they were printed: parsing within bounds, arithmetic, formatting, agreement.

All decimal arithmetic of the program is here, in contexts of its own: what the calling thread has set for
its precision, rounding or traps changes no figure. Sums, differences and products are exact. The operators
of `Decimal` round to the thread's context, `abs` and unary minus included, so no other module uses them;
comparisons, ``copy_abs``, ``Fraction`` and ``int`` of a decimal are exact anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from functools import lru_cache, reduce
from itertools import accumulate
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

#: Digits that a number may have before and after its decimal point. No amount, price or size of any market
#: comes near; and exact sums and products of numbers within these bounds fit into the contexts below.
PLACES: Final = 64
#: Digits that a printed sum may have, on both sides of its point together.
_PRINTED: Final = 4 * PLACES
#: Digits of an exponent, beyond which it is out of bounds whatever stands before it.
_EXPONENT: Final = 4
#: Significant digits of a quotient.
_QUOTIENT: Final = 28

_TRAPS: Final = [InvalidOperation, DivisionByZero, Overflow]
#: A result that does not fit is an error, never a rounded number.
_EXACT: Final = Context(prec=10 * PLACES, rounding=ROUND_HALF_EVEN, traps=[*_TRAPS, Inexact])
_ROUNDING: Final = Context(prec=10 * PLACES, rounding=ROUND_HALF_EVEN, traps=_TRAPS)

_ZERO: Final = Decimal(0)
#: Numbers that are within bounds by their very length, 40 digits and an exponent of 19 at most: nearly all.
_USUAL: Final = lazy_pattern(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[01]?[0-9])?")
_GROUPED: Final = lazy_pattern(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
#: Points that group thousands before a comma, which can only be the decimal sign.
_POINTS_GROUP: Final = lazy_pattern(r"[+\-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+", re.ASCII)
_NUMBER: Final = lazy_pattern(r"[+-]?(\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?(\d+))?")
_HALF: Final = Decimal("0.5")


def parse_decimal(text: str) -> Decimal | None:
    """The number in ``text``; no money signs, ``1,234.5`` and ``1 234.5`` read as 1234.5.

    None for what is no number, and for a number that needs more than `PLACES` digits before or after its
    decimal point; `out_of_bounds` tells one from the other.
    """
    if _USUAL.fullmatch(text):
        return Decimal(text)
    plain = _without_grouping(text) if text else ""
    if _USUAL.fullmatch(plain):
        return Decimal(plain)
    number = _NUMBER.fullmatch(plain)
    return None if number is None else _bounded(number)


def out_of_bounds(text: str) -> bool:
    """Whether ``text`` is a number, but one that is too large, too small or too long to be judged."""
    number = _NUMBER.fullmatch(_without_grouping(text))
    return number is not None and _bounded(number) is None


def parse_printed(text: str) -> Decimal | None:
    """A number that the program printed; as it may be a sum or a chance, its bounds are wider. None for any other."""
    number = _NUMBER.fullmatch(text)
    if number is None or len(text) > _PRINTED or len(number[2] or "") > _EXPONENT:
        return None
    return Decimal(text)


def _without_grouping(text: str) -> str:
    """A number's text without money signs and grouping, and with a point for a decimal comma."""
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace("_", "").replace(" ", "")
    plain = plain.lstrip("$").replace("-$", "-").replace("+$", "+").replace("$-", "-").replace("$+", "+")
    if "," not in plain:
        return plain
    head, _, tail = plain.rpartition(",")
    if _POINTS_GROUP.fullmatch(plain):
        return f"{head.replace('.', '')}.{tail}"
    # Commas that cut off groups of three digits group thousands, and no group stands before a leading zero;
    # otherwise a comma is a decimal comma.
    return plain.replace(",", "") if "." in plain or _GROUPED.fullmatch(plain) else f"{head}.{tail}"


def _bounded(number: re.Match[str]) -> Decimal | None:
    # Its length is looked at first: making a decimal of a huge exponent fails, and of a million digits takes time.
    if len(number[1]) > _PRINTED or len(number[2] or "") > _EXPONENT:
        return None
    value = Decimal(number[0])
    exponent = value.as_tuple().exponent
    whole = value.adjusted() if value else exponent
    if not isinstance(exponent, int) or not isinstance(whole, int):
        return None
    return value if exponent >= -PLACES and whole < PLACES else None


def format_decimal(value: Decimal) -> str:
    """The number with exactly its own digits, never in scientific notation, never ``-0``."""
    text = format(value, "f")
    return text[1:] if text.startswith("-") and not value else text


def format_signed(value: Decimal) -> str:
    """As `format_decimal`, with a sign for every number but zero: how PnL is shown to people."""
    return format_decimal(value) if value <= 0 else "+" + format_decimal(value)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, with the digits of the most precise term; ``Decimal(0)`` for none."""
    return reduce(_EXACT.add, values, _ZERO)


def running_totals(values: Iterable[Decimal]) -> Iterator[Decimal]:
    """The exact sums of the first, the first two, … terms."""
    return accumulate(values, _EXACT.add)


def difference(left: Decimal, right: Decimal) -> Decimal:
    """``left - right``, exact."""
    return _EXACT.subtract(left, right)


def product(left: Decimal, right: Decimal) -> Decimal:
    """``left * right``, exact."""
    return _EXACT.multiply(left, right)


def quotient(left: Decimal | int, right: Decimal | int, digits: int = _QUOTIENT) -> Decimal:
    """``left / right``, rounded half to even to so many significant digits; ``right`` is not 0."""
    return _to_digits(digits).divide(Decimal(left), Decimal(right))


def significant(value: Decimal, digits: int) -> Decimal:
    """``value`` rounded half to even to so many significant digits."""
    return _to_digits(digits).plus(value)


@lru_cache(maxsize=8)
def _to_digits(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, traps=_TRAPS)


def rounded(value: Decimal, places: int) -> Decimal:
    """``value`` rounded half to even to exactly so many digits after the decimal point."""
    return value.quantize(_place(-places), context=_ROUNDING)


def trimmed(value: Decimal) -> Decimal:
    """``value`` without the zeros at its end: 1.5 for 1.500, 1E+2 for 100."""
    return value.normalize(_EXACT)


def unit(value: Decimal) -> Decimal:
    """The last printed place of ``value``: 0.01 for 1.50."""
    # Its text is made in a tenth of the time that its tuple takes, and millions of numbers are compared.
    whole, _, decimals = str(value).partition(".")
    if decimals.isdigit():
        return _place(-len(decimals))
    if not decimals and (whole.isdigit() or whole[1:].isdigit()):
        return _place(0)
    exponent = value.as_tuple().exponent
    return _place(exponent) if isinstance(exponent, int) else _ZERO


def digits(value: Decimal) -> int:
    """How many digits ``value`` has from its first that is not 0: 3 for 0.0150; 0 for zero."""
    if not value:
        return 0
    decimals = str(value).partition(".")[2]
    if not decimals.isdigit():
        return len(value.as_tuple().digits)
    # The place of its first digit is counted from the point.
    return value.adjusted() + len(decimals) + 1


@lru_cache(maxsize=512)
def _place(exponent: int) -> Decimal:
    return Decimal((0, (1,), exponent))


def tolerance(value: Decimal) -> Decimal:
    """How far from ``value`` the number that it was printed from may lie.

    Decimals stand for one unit of their last place on either side, which covers rounding and truncation alike. A whole
    number is rounded or exact, so that 100 stands for 99.5 to 100.5; ``1e2`` is 100.
    """
    place = unit(value)
    return place if place < 1 else _HALF


def agree(left: Decimal, right: Decimal) -> bool:
    """Whether both may be one number printed to different precisions: they differ by at most the coarser tolerance.

    >>> agree(Decimal("1.94"), Decimal("1.9474")), agree(Decimal("100"), Decimal("100.9"))
    (True, False)
    """
    if left == right:
        return True
    gap = _EXACT.subtract(left, right).copy_abs()
    # No tolerance is larger than a half: most pairs of two trades' numbers differ by more.
    return gap <= _HALF and gap <= max(tolerance(left), tolerance(right))


def agree_exactly(left: Decimal, right: Decimal) -> bool:
    """As `agree`, where both sides print what is in steps, a size: to one precision they print the same digits.

    Programs round a size or cut it; none prints 0.003 as 0.01.

    >>> agree_exactly(Decimal("0.003"), Decimal("0.01")), agree_exactly(Decimal("0.018"), Decimal("0.01"))
    (False, True)
    """
    if unit(left) == unit(right):
        return left == right
    fine, coarse = (left, right) if unit(left) < unit(right) else (right, left)
    raised = _EXACT.subtract(coarse.copy_abs(), fine.copy_abs())
    return agree(left, right) and raised <= _EXACT.multiply(unit(coarse), _HALF)


def agree_truncated(left: Decimal, right: Decimal) -> bool:
    """As `agree`, where whole numbers may be cut too: programs print whole seconds of a duration so."""
    return left == right or _EXACT.subtract(left, right).copy_abs() <= min(
        Decimal(1), max(unit(left), unit(right))
    )
