"""Closes without a row that say what another of their position says, when rows account for all that was opened.

A retry may announce a partial close again while something is held: only the rows show that nothing was left for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import total
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims.claim import Claim, in_order, joined
from logaudit.reconcile.positions import Position

_Key: TypeAlias = tuple[str, PositionSide | None, int]


def without_repeats(
    claims: Sequence[Claim], positions: Sequence[Position], recorded: Callable[[int], bool]
) -> tuple[Claim, ...] | None:
    """The claims, with those that are repeats among the echoes of the close they repeat; None where none is.

    Args:
        recorded: index of a claim → whether it has a row.
    """
    lost = [c for c in range(len(claims)) if not recorded(c) and claims[c].close.fields.size is not None]
    if not lost:
        return None
    opens = _opens(positions)
    stretches: dict[_Key, list[int]] = defaultdict(list)
    for c, claim in enumerate(claims):
        key = _key(claim, opens)
        if key is not None:
            stretches[key].append(c)
    homes: dict[int, int] = {}
    for key, members in stretches.items():
        homes |= dict(_repeated(claims, members, _size_at(opens, key), recorded))
    if not homes:
        return None
    echoes: dict[int, list[int]] = defaultdict(list)
    for c, home in homes.items():
        echoes[home].append(c)
    return in_order(
        joined(claim, [claims[r] for r in echoes[c]]) if c in echoes else claim
        for c, claim in enumerate(claims)
        if c not in homes
    )


def _opens(
    positions: Sequence[Position],
) -> dict[tuple[str, PositionSide | None], list[tuple[int, Decimal | None]]]:
    found: dict[tuple[str, PositionSide | None], list[tuple[int, Decimal | None]]] = defaultdict(list)
    for position in positions:
        for event in (position.open, *position.added) if position.open is not None else ():
            assert event is not None  # noqa: S101 - as the condition says
            found[symbol_key(position.symbol), position.side].append((event.at.us, event.fields.size))
    for times in found.values():
        times.sort(key=lambda told: told[0])
    return found


def _key(
    claim: Claim, opens: dict[tuple[str, PositionSide | None], list[tuple[int, Decimal | None]]]
) -> _Key | None:
    """The open that a claim follows."""
    symbol, side = symbol_key(claim.close.fields.symbol), claim.close.fields.side
    times = opens.get((symbol, side), [])
    last = bisect_right(times, claim.close.at.us, key=lambda told: told[0])
    return (symbol, side, last - 1) if last else None


def _size_at(
    opens: dict[tuple[str, PositionSide | None], list[tuple[int, Decimal | None]]], key: _Key
) -> Decimal | None:
    symbol, side, place = key
    return opens[symbol, side][place][1]


def _repeated(
    claims: Sequence[Claim], members: Sequence[int], held: Decimal | None, recorded: Callable[[int], bool]
) -> Iterator[tuple[int, int]]:
    """Members without a row that say what one with a row says, where those with rows take all that was opened."""
    known = [c for c in members if recorded(c)]
    sizes = [claims[c].close.fields.size for c in known]
    taken = total(size.copy_abs() for size in sizes if size is not None)
    if held is None or not known or None in sizes or taken < held.copy_abs():
        return
    for c in members:
        if c not in known:
            home = next((k for k in reversed(known) if _repeats(claims[c], claims[k])), None)
            if home is not None:
                yield c, home


def _repeats(claim: Claim, other: Claim) -> bool:
    """Whether a claim says what another says, and has no open of its own."""
    own = claim.position.open is not None and claim.position is not other.position
    return not own and _told(claim.close.fields) == _told(other.close.fields)


def _told(fields: TradeFields) -> tuple[object, ...]:
    return fields.size, fields.exit_price, fields.result
