"""Exact decimals as they were printed: parsing, formatting and agreement within printed precision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


def parse_decimal(text: str) -> Decimal | None:
    """The number in ``text``, or None: no money signs, ``1,234.5`` and ``1 234.5`` read as 1234.5."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    plain = text.strip().replace("\u2212", "-").replace("\u00a0", "").replace("_", "").replace(" ", "")
    plain = plain.lstrip("$").replace("-$", "-").replace("+$", "+").replace("$-", "-").replace("$+", "+")
    if "," in plain:
        head, _, tail = plain.rpartition(",")
        # A comma before exactly three digits groups thousands; otherwise it is a decimal comma.
        grouped = "." in plain or (len(tail) == 3 and head.replace(",", "").lstrip("+-").isdigit())  # noqa: PLR2004
        plain = plain.replace(",", "") if grouped else f"{head}.{tail}"
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def format_decimal(value: Decimal) -> str:
    """The number with exactly its own digits, never in scientific notation, never ``-0``."""
    text = format(value, "f")
    return text[1:] if text.startswith("-") and not value else text


def format_signed(value: Decimal) -> str:
    """As `format_decimal`, with a sign for every number but zero: how PnL is shown to people."""
    return format_decimal(value) if value <= 0 else "+" + format_decimal(value)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum, with the digits of the most precise term; ``Decimal(0)`` for none."""
    return sum(values, Decimal(0))


def unit(value: Decimal) -> Decimal:
    """The last printed place of ``value``: 0.01 for 1.50."""
    exponent = value.as_tuple().exponent
    return _place(exponent) if isinstance(exponent, int) else Decimal(0)


@lru_cache(maxsize=128)
def _place(exponent: int) -> Decimal:
    return Decimal(1).scaleb(exponent)


def agree(left: Decimal, right: Decimal) -> bool:
    """Whether both may be one number printed to different precisions.

    Each printed number stands for an interval one unit of its last place wide on either side, which
    covers rounding and truncation alike; they agree when they differ by at most the coarser unit.
    """
    return left == right or abs(left - right) <= max(unit(left), unit(right))
