"""A number as the cells of a column write numbers: digits after the point, decimal sign, plus sign."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from logaudit.core.money import format_decimal, format_signed, rounded, trimmed
from logaudit.ledger.number_style import Decimals


def number_text(value: Decimal, cells: Sequence[str], sign: Decimals | None) -> str:
    """``value`` in the style of ``cells``; with its own digits where no cell shows a number.

    Where all cells show as many digits after the point, so does the text; a writer that drops zeros drops them here.
    """
    point = sign.value if sign is not None else "."
    digits = {len(cell.rpartition(point)[2]) if point in cell else 0 for cell in cells}
    if len(digits) == 1:
        value = rounded(value, digits.pop())
    elif digits:
        value = trimmed(rounded(value, max(digits)))
    signed = any(cell.startswith("+") for cell in cells)
    text = format_signed(value) if signed else format_decimal(value)
    return text.replace(".", point)
