"""Rows that show a close's prices and size, and its money in another unit: ten or a thousand times as much."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from logaudit.core.fields import KINDS, FieldKind, FieldName
from logaudit.core.money import difference, product, tolerance, total
from logaudit.reconcile.matching.deviations import LOOSEST, POWERS
from logaudit.reconcile.matching.field_compare import FieldComparison, NumberDifference

#: With these three equal, the money follows: two trades that share them earned the same, but for their fees.
_OF_TRADE: Final = frozenset({FieldName.ENTRY_PRICE, FieldName.EXIT_PRICE, FieldName.SIZE})


def differs_in_money_alone(told: FieldComparison) -> bool:
    """Whether both prices and the size agree, so that money that differs may be a wrong figure of one trade."""
    numbers = [d for d in told.differences if isinstance(d, NumberDifference)]
    return (
        bool(numbers)
        and _OF_TRADE.issubset(told.equal)
        and all(KINDS[d.field.value] is FieldKind.MONEY for d in numbers)
    )


def is_in_another_unit(told: FieldComparison) -> bool:
    """Whether all money that differs is one power of ten of the close's: a unit error, as whole tables have them."""
    if not differs_in_money_alone(told):
        return False
    pairs = [(d.log, d.row) for d in told.differences if isinstance(d, NumberDifference)]
    return any(all(_is_multiple(log, row, power) for log, row in pairs) for power in POWERS)


def _is_multiple(log: Decimal, row: Decimal, power: Decimal) -> bool:
    value = product(log, power)
    slack = total([product(tolerance(log), power), tolerance(row)])
    return slack <= product(value.copy_abs(), LOOSEST) and difference(value, row).copy_abs() <= slack
