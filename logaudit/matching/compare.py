"""A close against a row: which values agree within printed precision, and which do not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.model.events import FieldName
from logaudit.model.money import agree, plain
from logaudit.model.trades import Close, Row, symbol_key

#: So many numbers tell one trade from another.
_TELLING: Final = 3


class Difference(Struct, frozen=True):
    """One value that disagrees, as printed on both sides."""

    field: FieldName
    log: str
    row: str


class Comparison(Struct, frozen=True):
    """Numbers compared; ``differences`` holds text fields too."""

    agreeing: int
    differing: int
    differences: tuple[Difference, ...]

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


def may_be_same(close: Close, row: Row) -> bool:
    """Whether symbol and side allow it; a side that is not written contradicts nothing."""
    return sides_fit(close, row) and symbol_key(close.symbol) == symbol_key(row.symbol)


def sides_fit(close: Close, row: Row) -> bool:
    """Whether the sides do not contradict each other."""
    return close.side is None or row.side is None or close.side is row.side


def compare(close: Close, row: Row) -> Comparison:
    """Every value that both sides show."""
    agreeing = 0
    differences: list[Difference] = []
    for name, options, theirs in _numbers(close, row):
        if theirs is None or not options:
            continue
        if any(agree(ours, theirs) for ours in options):
            agreeing += 1
        elif name is FieldName.SIZE and close.size is None:
            # The log shows contracts only and the row may show coins: that is no disagreement.
            continue
        else:
            differences.append(Difference(name, plain(options[0]), plain(theirs)))
    differing = len(differences)
    if close.reason and row.reason and close.reason.lower() != row.reason.lower():
        differences.append(Difference(FieldName.REASON, close.reason, row.reason))
    return Comparison(agreeing, differing, tuple(differences))


def agreement(close: Close, row: Row) -> int | None:
    """How many numbers agree; None at the first that differs, which spares the others: most pairs do."""
    agreeing = 0
    for _, options, theirs in _numbers(close, row):
        if theirs is None or not options:
            continue
        if not any(agree(ours, theirs) for ours in options):
            return None
        agreeing += 1
    return agreeing


def _numbers(close: Close, row: Row) -> Iterator[tuple[FieldName, list[Decimal], Decimal | None]]:
    """Field, the log's ways to print it, the row's value."""
    yield FieldName.ENTRY_PRICE, _known(close.entry), row.entry
    yield FieldName.EXIT_PRICE, _known(close.exit), row.exit
    yield FieldName.SIZE, _known(close.size, close.contracts), row.size
    yield FieldName.GROSS_PNL, _known(close.gross), row.gross
    yield FieldName.NET_PNL, _known(close.net), row.net
    if close.pnl is not None:
        # A PnL that the log calls neither gross nor net is the one it agrees with, if any.
        is_net = row.gross is None or (row.net is not None and agree(close.pnl, row.net))
        yield FieldName.PNL, [close.pnl], row.net if is_net else row.gross
    yield FieldName.COMMISSION, _known(close.commission), row.commission
    yield FieldName.DURATION_SEC, _known(close.duration), row.duration


def _known(*values: Decimal | None) -> list[Decimal]:
    return [v for v in values if v is not None]
