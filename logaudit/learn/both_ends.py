"""Tells a wording of closes from one in which a bot tells of both ends of a trade: what was bought, and what sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from logaudit.core.money import agree, trimmed
from logaudit.core.timestamp import SECOND

#: Lines that print the price at which some row's position was opened: so many, and as a share of the rows told of.
_FEWEST: Final = 2
_SHARE: Final = 0.25
#: Significant digits of a price that few other prices share.
_TELLING: Final = 3
#: Lines without a row that stand before one with a row, and the other way about, as a share of either.
_IN_TURN: Final = 0.8
_TURNS: Final = 3


class ReadAsClose(NamedTuple):
    """A line that was read as a close.

    Attributes:
        symbol: its key.
        us: its time, naive µs.
        price: that it prints as the exit price.
        recorded: whether a row taught it.
    """

    symbol: str
    us: int
    price: Decimal | None
    recorded: bool


def tells_of_both_ends(lines: Iterable[ReadAsClose], opened: Mapping[str, Sequence[Decimal]]) -> bool:
    """Whether lines that were read as closes tell of opens, too.

    Either the lines without a row print the prices at which positions of the rows were opened, or lines without and
    with a row stand in turn, symbol by symbol, as buys and sells do.

    Args:
        lines: of all wordings that were learned.
        opened: by the key of the symbol, the prices at which positions of rows were opened.
    """
    apart = sorted(
        {(line.symbol, line.us // SECOND, line.price): line for line in _recorded_last(lines)}.values()
    )
    bare = [line for line in apart if not line.recorded]
    entries = sum(_is_entry(line.price, opened.get(line.symbol, ())) for line in bare)
    if entries >= max(_FEWEST, _SHARE * (len(apart) - len(bare))):
        return True
    return _in_turn(apart)


def _recorded_last(lines: Iterable[ReadAsClose]) -> list[ReadAsClose]:
    """The lines in such an order that of one close, told twice, the one with a row is kept."""
    return sorted(lines, key=lambda line: line.recorded)


def _is_entry(price: Decimal | None, opened: Sequence[Decimal]) -> bool:
    if price is None or len(trimmed(price).as_tuple().digits) < _TELLING:
        return False
    return any(agree(price, entry) for entry in opened)


def _in_turn(lines: Sequence[ReadAsClose]) -> bool:
    by_symbol: dict[str, list[bool]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.us):
        by_symbol[line.symbol].append(line.recorded)
    recorded = sum(line.recorded for line in lines)
    turns = sum(not first and then for told in by_symbol.values() for first, then in pairwise(told))
    return turns >= _TURNS and turns >= _IN_TURN * max(recorded, len(lines) - recorded)
