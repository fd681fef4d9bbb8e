"""Fills of which some were never written: a row with a result ended a position, one without opened one.

Once a fill is lost, what is held by the sizes that were bought and sold is another than it was. Results still tell the
two kinds of rows apart, where they follow from the prices of rows without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from logaudit.core.money import difference, product, total
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.ledger.fills import DUST, FEE, Effect, Fill

#: Results that must follow from earlier rows, and how many of all may not: positions opened before the table begins.
_FEWEST: Final = 3
_STRAYS: Final = 4
#: Latest openings of a market that a row may have ended.
_LATEST: Final = 32
_CENT: Final = Decimal("0.01")


class _Lot(NamedTuple):
    size: Decimal
    price: Decimal
    sign: int


def told_by_results(
    fills: Sequence[Fill],
) -> tuple[dict[int, LedgerEntry], dict[int, LedgerEntry]] | None:
    """By number, the rows that opened a position and those that ended one; None where results do not bear that out."""
    if any(fill.effect is Effect.ENDS and not fill.pnl for fill in fills):
        return None
    opened, ended = dict[int, LedgerEntry](), dict[int, LedgerEntry]()
    held: dict[str, list[_Lot]] = defaultdict(list)
    follow = strays = 0
    for fill in sorted(fills, key=lambda f: (f.row.at.us, f.row.number)):
        lots = held[symbol_key(fill.row.fields.symbol)]
        taken = _taken(fill, lots)
        if not fill.pnl and not taken:
            lots.append(_Lot(fill.size, fill.price, fill.sign))
            del lots[:-_LATEST]
            opened[fill.row.number] = fill.as_opened()
            continue
        # Without a result it may have ended a position at the price of its open, or opened another.
        ended[fill.row.number] = fill.as_ended(sure=bool(fill.pnl))
        strays += not taken
        if fill.pnl and taken:
            follow += 1
            last = lots[taken.stop - 1]
            left = difference(total(lot.size for lot in lots[taken]), fill.size)
            rest = _Lot(left, last.price, last.sign)
            lots[taken] = [rest] if left > product(DUST, last.size) else []
    return (opened, ended) if follow >= max(_FEWEST, _STRAYS * strays) else None


def _taken(fill: Fill, lots: Sequence[_Lot]) -> slice | None:
    """What a fill may have ended: one position of its size, several that add up to it, or a part of a larger one."""
    places = [slice(i, i + 1) for i in reversed(range(len(lots)))]
    several = [slice(i, len(lots)) for i in reversed(range(len(lots) - 1))]
    whole = (place for place in (*places, *several) if _fits(fill, lots[place], whole=True))
    return next(whole, None) or next((p for p in places if _fits(fill, lots[p], whole=False)), None)


def _fits(fill: Fill, lots: Sequence[_Lot], *, whole: bool) -> bool:
    """Whether a fill is of the other side, as large or smaller, and its result that of the prices."""
    size, slack = total(lot.size for lot in lots), product(DUST, fill.size)
    over = difference(fill.size, size)
    if any(lot.sign == fill.sign for lot in lots) or over > slack or (whole and -over > slack):
        return False
    if not fill.pnl:
        return whole and all(lot.price == fill.price for lot in lots)
    moved = [(difference(fill.price, lot.price), lot.size if whole else fill.size) for lot in lots]
    gross = product(total(product(*part) for part in moved), Decimal(-fill.sign))
    traded = product(total((fill.price, lots[0].price)), fill.size)
    return difference(gross, fill.pnl).copy_abs() <= total((product(FEE, traded), _CENT))
