"""Closes without an open, told long after a position had ended, whose results are those of that position: late retries?

In a silence of the log the market may have been opened anew, so that nothing shows them to be repeats. A result that
follows from the entry price and the size of the position before it leaves that open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from msgspec.structs import replace

from logaudit.core.fields import PositionSide
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims.claim import Claim
from logaudit.reconcile.claims.unaccounted import is_result_of
from logaudit.reconcile.positions import Position


def with_late_repeats(
    claims: Sequence[Claim],
    positions: Sequence[Position],
    is_told_of: Callable[[int], bool],
    costs: Decimal,
) -> tuple[Claim, ...] | None:
    """The claims, with those in doubt that may repeat the close of an earlier position; None where there are none.

    Args:
        is_told_of: index of a claim → whether it has a row, or the recorder spoke of it.
        costs: of a round trip, as a share of the exit price.
    """
    ended: dict[tuple[str, PositionSide | None], list[tuple[int, Position]]] = defaultdict(list)
    for position in sorted(positions, key=lambda p: p.start):
        if position.open is not None and position.closes:
            ended[symbol_key(position.symbol), position.side].append((position.start, position))
    found = [
        replace(claim, doubtful=True)
        if claim.position.open is None
        and claim.again is None
        and not is_told_of(c)
        and _may_repeat(claim, ended, costs)
        else claim
        for c, claim in enumerate(claims)
    ]
    return tuple(found) if any(one.doubtful for one in found) else None


def _may_repeat(
    claim: Claim,
    ended: dict[tuple[str, PositionSide | None], list[tuple[int, Position]]],
    costs: Decimal,
) -> bool:
    told = claim.close.fields
    known = ended.get((symbol_key(told.symbol), told.side), [])
    place = bisect_right(known, claim.close.at.us, key=lambda item: item[0])
    opened = known[place - 1][1].open if place else None
    if opened is None or opened.fields.size is None or told.size is not None or told.contracts is not None:
        return False
    return is_result_of(opened.fields, told, opened.fields.size.copy_abs(), costs)
