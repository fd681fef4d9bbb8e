"""Finds the trades that show the same numbers as another, in near linear time even where many share some."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.money import difference, total, unit

#: The quantity that a field holds; net, gross and unnamed PnL may stand for one another.
QUANTITY: Final = {
    FieldName.ENTRY_PRICE: "entry",
    FieldName.EXIT_PRICE: "exit",
    FieldName.SIZE: "size",
    FieldName.CONTRACTS: "size",
    FieldName.GROSS_PNL: "money",
    FieldName.NET_PNL: "money",
    FieldName.PNL: "money",
    FieldName.COMMISSION: "fee",
    FieldName.DURATION_SEC: "duration",
}
#: Sets of so many trades are still intersected where no single number is rarer.
_INTERSECTED: Final = 512
#: A number that more trades show than this, and than a tenth of them, tells none from another.
_FEW: Final = 4
_TENTH: Final = 10


def quantities(told: TradeFields) -> Iterator[tuple[str, Decimal]]:
    """The numbers that may tell a trade: none that is zero, and no sign of a size or a fee."""
    for name, quantity in QUANTITY.items():
        value: Decimal | None = getattr(told, name.value)
        if value:
            yield quantity, value if quantity == "money" else value.copy_abs()


class ValueIndex:
    """Trades by their numbers, each number with the precision that it was printed with."""

    def __init__(self, told: Sequence[TradeFields]) -> None:
        self._size = len(told)
        found: dict[tuple[str, Decimal], list[tuple[Decimal, int]]] = defaultdict(list)
        for i, fields in enumerate(told):
            for quantity, value in quantities(fields):
                found[quantity, unit(value)].append((value, i))
        self._values: dict[str, list[tuple[Decimal, list[Decimal], list[int]]]] = defaultdict(list)
        for (quantity, step), entries in found.items():
            entries.sort()
            self._values[quantity].append((step, [v for v, _ in entries], [i for _, i in entries]))

    def candidates(self, told: TradeFields, most: int) -> list[int]:
        """The trades that share one of the rarest numbers of ``told``; none where more than ``most`` share each."""
        spans = sorted(
            (self._spans(quantity, value) for quantity, value in quantities(told)),
            key=lambda found: sum(last - first for _, first, last in found),
        )
        rare: set[int] = set()
        for found in spans:
            if sum(last - first for _, first, last in found) <= most:
                rare.update(_members(found))
        if rare or len(spans) < 2:  # noqa: PLR2004 - two numbers are needed to narrow each other down
            return sorted(rare)
        smallest = [s for s in spans if 0 < sum(last - first for _, first, last in s) <= _INTERSECTED]
        if not smallest:
            return []
        common = set(_members(smallest[0]))
        for found in spans:
            if found is not smallest[0] and len(common) > most:
                narrowed = common.intersection(_members(found)) if _total(found) <= _INTERSECTED else common
                common = narrowed or common
        return sorted(common) if len(common) <= most else []

    def is_telling(self, name: FieldName, told: TradeFields) -> bool:
        """Whether few enough trades share this number of ``told``."""
        value: Decimal | None = getattr(told, name.value)
        if not value:
            return False
        quantity = QUANTITY[name]
        shared = _total(self._spans(quantity, value if quantity == "money" else value.copy_abs()))
        return shared <= max(_FEW, self._size // _TENTH)

    def _spans(self, quantity: str, value: Decimal) -> list[tuple[list[int], int, int]]:
        """Members and bounds of the trades that show ``value``, by printed precision."""
        found = []
        for step, values, members in self._values.get(quantity, ()):
            slack = min(Decimal(1), max(step, unit(value)))
            first, last = (
                bisect_left(values, difference(value, slack)),
                bisect_right(values, total([value, slack])),
            )
            if first < last:
                found.append((members, first, last))
        return found


def _members(found: Sequence[tuple[list[int], int, int]]) -> Iterator[int]:
    for members, first, last in found:
        yield from members[first:last]


def _total(found: Sequence[tuple[list[int], int, int]]) -> int:
    return sum(last - first for _, first, last in found)
