"""Two sources' fields of one trade: which values agree within printed precision, and which do not.

Every field has the comparator of its kind; `compare_fields` runs them all, in the order of `KINDS`. What only one side
shows is neither equal nor different. Two values have no partner of their own name: a PnL that the log calls neither
gross nor net is held against the one that it agrees with, and contracts may be what the row counts as size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum, auto
from operator import attrgetter
from typing import Final, TypeAlias, assert_never

from msgspec import Struct

from logaudit.core.fields import KINDS, FieldKind, FieldName, TradeFields
from logaudit.core.money import agree, agree_exactly, agree_truncated
from logaudit.core.trades import symbol_key

#: So many numbers tell one trade from another.
_TELLING: Final = 3


class NumberDifference(Struct, frozen=True):
    """One number that disagrees, as printed on both sides."""

    field: FieldName
    log: Decimal
    row: Decimal


class WordDifference(Struct, frozen=True):
    """One word that disagrees, as written on both sides."""

    field: FieldName
    log: str
    row: str


Difference: TypeAlias = NumberDifference | WordDifference


class NoDifference(Enum):
    """What a comparator says where there is no difference; ``SILENT`` when not both sides show the value."""

    EQUAL = auto()
    SILENT = auto()


#: The log's fields and the row's → what one field says.
Comparator: TypeAlias = Callable[[TradeFields, TradeFields], NoDifference | Difference]


class FieldComparison(Struct, frozen=True):
    """Numbers counted; ``differences`` holds words too.

    Attributes:
        equal: the numbers that agree; fewer than ``agreeing`` where a named deviation explains others.
    """

    agreeing: int
    differing: int
    differences: tuple[Difference, ...]
    equal: tuple[FieldName, ...] = ()

    @property
    def plausible(self) -> bool:
        """False when three numbers or more differ for each that agrees: another trade.

        Trades of one symbol often share their size and, closed together, a price.
        """
        return self.differing < _TELLING or self.agreeing * _TELLING >= self.differing

    @property
    def certain(self) -> bool:
        """Whether enough numbers agree, and none differs, to know the trade again among its neighbours."""
        return not self.differing and self.agreeing >= _TELLING


def may_be_same(log: TradeFields, row: TradeFields) -> bool:
    """Whether symbol and side allow it; a side that is not written contradicts nothing."""
    return sides_fit(log, row) and symbol_key(log.symbol) == symbol_key(row.symbol)


def sides_fit(log: TradeFields, row: TradeFields) -> bool:
    """Whether the sides do not contradict each other."""
    return log.side is None or row.side is None or log.side is row.side


def compare_fields(log: TradeFields, row: TradeFields) -> FieldComparison:
    """Every value that both sides show."""
    equal: list[FieldName] = []
    differences: list[Difference] = []
    for name, compared in _NUMBERS:
        result = compared(log, row)
        if result is NoDifference.EQUAL:
            equal.append(name)
        elif not isinstance(result, NoDifference):
            differences.append(result)
    differing = len(differences)
    words = [result for _, compared in _WORDS if not isinstance(result := compared(log, row), NoDifference)]
    return FieldComparison(len(equal), differing, (*differences, *words), tuple(equal))


def agreement(log: TradeFields, row: TradeFields) -> int | None:
    """How many numbers agree; None at the first that differs, which spares the others: most pairs do."""
    agreeing = 0
    for _, compared in _NUMBERS:
        result = compared(log, row)
        if result is NoDifference.EQUAL:
            agreeing += 1
        elif result is not NoDifference.SILENT:
            return None
    return agreeing


def _number(name: FieldName) -> Comparator:
    """Numbers of one name, equal within printed precision."""
    value: Callable[[TradeFields], Decimal | None] = attrgetter(name.value)

    def held(log: TradeFields, row: TradeFields) -> NoDifference | Difference:
        return _numbers(name, value(log), value(row))

    return held


def _numbers(name: FieldName, log: Decimal | None, row: Decimal | None) -> NoDifference | Difference:
    if log is None or row is None:
        return NoDifference.SILENT
    return NoDifference.EQUAL if agree(log, row) else NumberDifference(name, log, row)


def _size(log: TradeFields, row: TradeFields) -> NoDifference | Difference:
    """The row's size may be the log's coins or its contracts; contracts that differ from it are no disagreement.

    A sign says the side and nothing of the size.
    """
    if row.size is None:
        return NoDifference.SILENT
    held = row.size.copy_abs()
    if log.contracts is not None and agree_exactly(log.contracts.copy_abs(), held):
        return NoDifference.EQUAL
    if log.size is None:
        return NoDifference.SILENT
    return (
        NoDifference.EQUAL
        if agree_exactly(log.size.copy_abs(), held)
        else NumberDifference(FieldName.SIZE, log.size, row.size)
    )


def _duration(log: TradeFields, row: TradeFields) -> NoDifference | Difference:
    """Seconds, which programs cut as often as they round."""
    ours, theirs = log.duration_sec, row.duration_sec
    if ours is None or theirs is None:
        return NoDifference.SILENT
    if agree_truncated(ours, theirs):
        return NoDifference.EQUAL
    return NumberDifference(FieldName.DURATION_SEC, ours, theirs)


def _unnamed_pnl(log: TradeFields, row: TradeFields) -> NoDifference | Difference:
    """A PnL that the log calls neither gross nor net is the one it agrees with, if any."""
    if log.pnl is None:
        return NoDifference.SILENT
    is_net = row.gross_pnl is None or (row.net_pnl is not None and agree(log.pnl, row.net_pnl))
    return _numbers(FieldName.PNL, log.pnl, row.net_pnl if is_net else row.gross_pnl)


def _word(name: FieldName) -> Comparator:
    """Words of one name, equal but for case."""
    value: Callable[[TradeFields], str] = attrgetter(name.value)

    def held(log: TradeFields, row: TradeFields) -> NoDifference | Difference:
        ours, theirs = value(log), value(row)
        if not ours or not theirs:
            return NoDifference.SILENT
        return NoDifference.EQUAL if ours.lower() == theirs.lower() else WordDifference(name, ours, theirs)

    return held


#: Fields that a partner of another name may answer, or that are printed in a way of their own.
_SPECIAL: Final[dict[str, Comparator]] = {
    FieldName.SIZE: _size,
    FieldName.PNL: _unnamed_pnl,
    FieldName.DURATION_SEC: _duration,
}


def _comparators(*, of_words: bool) -> Iterator[tuple[FieldName, Comparator]]:
    for name, kind in KINDS.items():
        match kind:
            case FieldKind.PRICE | FieldKind.SIZE | FieldKind.MONEY | FieldKind.DURATION:
                if not of_words:
                    yield FieldName(name), _SPECIAL.get(name) or _number(FieldName(name))
            case FieldKind.WORD:
                if of_words:
                    yield FieldName(name), _word(FieldName(name))
            case FieldKind.SUBJECT | FieldKind.ID | FieldKind.TIME:
                pass
            case _:
                assert_never(kind)


_NUMBERS: Final = tuple(_comparators(of_words=False))
_WORDS: Final = tuple(_comparators(of_words=True))
