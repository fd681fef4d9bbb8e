"""Closes without an open, told long after a position had ended, whose results are those of that position: late retries?

So long after, the market may have been opened anew without a line, so that no size shows them to be repeats. A result
that follows from the entry price and the size of the position before leaves that open, unless an id or the entry price
that the close prints is another than the position's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims.claim import Claim
from logaudit.reconcile.claims.unaccounted import is_result_of
from logaudit.reconcile.positions import Position
from logaudit.reconcile.positions.announcements import contradicts, without_order
from logaudit.reconcile.positions.part_sizes import taken


class _Fit(Struct, frozen=True):
    """A position whose result that of a close is.

    Attributes:
        open: where it was opened.
        telling: whether no other size would fit as well. A result that is little but costs fits whatever was held: it
            counts only beside others of the same position.
    """

    open: Location
    telling: bool


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
    ended: dict[tuple[str, PositionSide | None], list[Position]] = defaultdict(list)
    for position in sorted(positions, key=lambda p: p.start):
        if position.open is not None and position.closes:
            ended[symbol_key(position.symbol), position.side].append(position)
    fits = {
        c: fit
        for c, claim in enumerate(claims)
        if claim.position.open is None
        and claim.again is None
        and not is_told_of(c)
        and (fit := _fit(claim.close, ended, costs)) is not None
    }
    known = {fit.open for fit in fits.values() if fit.telling}
    late = {c for c, fit in fits.items() if fit.open in known}
    if not late:
        return None
    return tuple(replace(claim, doubtful=True) if c in late else claim for c, claim in enumerate(claims))


def _fit(
    close: Event, ended: Mapping[tuple[str, PositionSide | None], Sequence[Position]], costs: Decimal
) -> _Fit | None:
    """Which position a close may tell of once more; None where there is none."""
    told = close.fields
    earlier = ended.get((symbol_key(told.symbol), told.side), ())
    place = bisect_right(earlier, close.at.us, key=lambda position: position.start)
    if not place or told.size is not None or told.contracts is not None:
        return None
    position = earlier[place - 1]
    first = position.open
    if first is None or first.fields.size is None or _is_another(told, position, first):
        return None
    size = first.fields.size.copy_abs()
    if not is_result_of(first.fields, told, size, costs):
        return None
    part = taken(first.fields, told, costs)
    return _Fit(first.location, part is not None and part.high is not None)


def _is_another(told: TradeFields, position: Position, first: Event) -> bool:
    """Whether an id or an entry price is not that of a position.

    The order of a close is no other close's; of several parts a retry may repeat any.
    """
    ours, closes = without_order(told), [close.fields for close in position.closes]
    if any(contradicts(ours, without_order(known)) for known in (first.fields, *closes)):
        return True
    return all(contradicts(told, close) for close in closes)
