"""Whether a table writes the day or the month first, decided for all its time columns together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from msgspec import Struct

from logaudit.core.timestamp import DAY, us_of_day
from logaudit.ledger.stamps import DateOrder, date_numbers, parse_any_year

_NOON: Final = 12
#: A row may be dated a day before or after the date in the file's name, by another zone or after midnight.
_NEAR: Final = 2 * DAY


class OrderBasis(Struct, frozen=True):
    """The order, and what it was decided by; ``order`` is None where both readings stand."""

    order: DateOrder | None
    basis: str


def decide_order(columns: Sequence[Sequence[str]], name_date: date | None) -> OrderBasis | None:
    """The order of the dates in the time columns of a table; None where no date leaves it open.

    In this order: a number above 12, dots (day first), the date in the file's name, rows that go back in time
    under one order only.
    """
    cells = [cell.strip() for column in columns for cell in column if cell]
    pairs = [pair for cell in cells if (pair := date_numbers(cell)) is not None]
    if not any(first != second for first, second in pairs):
        return None
    days = {first > _NOON for first, second in pairs if max(first, second) > _NOON}
    if len(days) == 1:
        (day_first,) = days
        return OrderBasis(_order(day_first=day_first), "a number above 12")
    if days:
        return None  # both orders are written: each date is read on its own
    if all("." in cell[:6] for cell in cells if date_numbers(cell)):
        return OrderBasis(DateOrder.DAY_FIRST, "dots between the numbers")
    for basis, scores in (
        ("the date in the file's name", {o: _near(columns, o, name_date) for o in DateOrder}),
        ("the order of the rows", {o: -_descents(columns, o) for o in DateOrder}),
    ):
        low, high = sorted(DateOrder, key=lambda o: scores[o])
        if scores[low] < scores[high]:
            return OrderBasis(high, basis)
    return OrderBasis(None, "")


def _order(*, day_first: bool) -> DateOrder:
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def _times(column: Iterable[str], order: DateOrder) -> list[int]:
    return [stamp.us for cell in column if (stamp := parse_any_year(cell, order)) is not None]


def _near(columns: Sequence[Sequence[str]], order: DateOrder, name_date: date | None) -> int:
    """How many times lie near the date in the file's name."""
    if name_date is None:
        return 0
    day = us_of_day(name_date)
    return sum(day - _NEAR < at < day + DAY + _NEAR for column in columns for at in _times(column, order))


def _descents(columns: Sequence[Sequence[str]], order: DateOrder) -> int:
    """How often a row is dated more than a day before the row above it, counted in the column with the fewest."""
    return min(
        (sum(b < a - DAY for a, b in pairwise(_times(column, order))) for column in columns if any(column)),
        default=0,
    )
