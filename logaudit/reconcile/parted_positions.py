"""Which closes one row may show together: those of a position, also where sizes in two units hide that it had parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.money import total
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.matching.grain import Parted, as_one


def positions_of(claims: Sequence[Claim]) -> list[Parted]:
    """The positions with their closes, without those that only a row or an acknowledgement makes closes."""
    found: dict[int, list[int]] = {}
    for c, claim in enumerate(claims):
        if claim.again is None:
            found.setdefault(id(claim.position), []).append(c)
    opens = {id(claim.position): claim.position.open for claim in claims}
    return [
        Parted(tuple(parts), None if (opened := opens[position]) is None else opened.fields)
        for position, parts in found.items()
    ]


def whole_positions(claims: Sequence[Claim], recorded: AbstractSet[int]) -> dict[int, TradeFields]:
    """Index of each part whose position has no row at all → the position as one trade."""
    found: dict[int, TradeFields] = {}
    for position in closed_in_parts(claims):
        if recorded.isdisjoint(position.closes):
            whole = as_one([claims[c].close.fields for c in position.closes], position.opened)
            found |= dict.fromkeys(position.closes, whole)
    return found


def opens_of(claims: Sequence[Claim], parted: Sequence[Parted]) -> list[TradeFields | None]:
    """What the open of each close's position says; of one that seems to have none, that of the parts it may follow."""
    opens = [None if (told := claim.position.open) is None else told.fields for claim in claims]
    for position in parted:
        for c in position.closes:
            opens[c] = position.opened if opens[c] is None else opens[c]
    return opens


def closed_in_parts(claims: Sequence[Claim]) -> list[Parted]:
    """The positions that were closed in parts, and those that may have been.

    A close in contracts, or of a size that is not told, seems to end a position that was opened in coins: closes that
    follow it, with no open of the symbol before them, may be of what it left. Whether they are, a row tells that shows
    their sum.
    """
    parted = [position for position in positions_of(claims) if len(position.closes) > 1]
    return [
        *parted,
        *_continued(claims),
        *_with_repeats(claims),
        *_continued(claims, again=True),
        *_distinct(claims),
    ]


def _continued(claims: Sequence[Claim], *, again: bool = False) -> Iterator[Parted]:
    """Closes of a symbol in a row that may be of one position; ``again``: with what acknowledgements made closes."""
    if again and all(claim.again is None for claim in claims):
        return
    by_symbol: dict[str, list[int]] = {}
    for c, claim in enumerate(claims):
        if again or claim.again is None:
            by_symbol.setdefault(symbol_key(claim.close.fields.symbol), []).append(c)
    for indices in by_symbol.values():
        chain: list[int] = []
        for c in indices:
            if chain and _continues(claims[chain[0]], claims[c]):
                chain.append(c)
                continue
            yield from _joined(claims, chain)
            chain = [c]
        yield from _joined(claims, chain)


def _with_repeats(claims: Sequence[Claim]) -> Iterator[Parted]:
    """The positions with what acknowledgements made closes again: parts of equal values differ in nothing else."""
    home = {claim.close.location: claim for claim in claims if claim.again is None}
    found: dict[int, list[int]] = {}
    for c, claim in enumerate(claims):
        first = claim if claim.again is None else home.get(claim.again.location, claim)
        found.setdefault(id(first.position), []).append(c)
    for parts in found.values():
        if any(claims[c].again is not None for c in parts):
            opened = next((o for c in parts if (o := claims[c].position.open) is not None), None)
            yield Parted(tuple(parts), None if opened is None else opened.fields)


def _distinct(claims: Sequence[Claim]) -> Iterator[Parted]:
    """What was opened in parts of different values that add up to it: the other closes in between repeat these."""
    by_market: dict[tuple[str, PositionSide | None], list[int]] = {}
    for c, claim in enumerate(claims):
        key = symbol_key(claim.close.fields.symbol), claim.close.fields.side
        by_market.setdefault(key, []).append(c)
    for indices in by_market.values():
        chain: list[int] = []
        for c in indices:
            home = claims[c].position
            if not chain or (home.open is not None and home is not claims[chain[0]].position):
                yield from _parts_of_open(claims, chain)
                chain = []
            chain.append(c)
        yield from _parts_of_open(claims, chain)


def _parts_of_open(claims: Sequence[Claim], chain: Sequence[int]) -> Iterator[Parted]:
    first: dict[tuple[object, ...], int] = {}
    for c in chain:
        told = claims[c].close.fields
        first.setdefault((told.size, told.exit_price, told.result), c)
    parts = tuple(sorted(first.values()))
    opened = claims[chain[0]].position.open if chain else None
    sizes = [claims[c].close.fields.size for c in parts]
    if opened is None or opened.fields.size is None or None in sizes or not 1 < len(parts) < len(chain):
        return
    if total(size.copy_abs() for size in sizes if size is not None) == opened.fields.size.copy_abs():
        yield Parted(parts, opened.fields)


def _joined(claims: Sequence[Claim], chain: Sequence[int]) -> Iterator[Parted]:
    """One position of a chain of closes of several, where their sizes do not show another; none of a single one."""
    if len({id(claims[c].position) for c in chain}) <= 1:
        return
    opened = claims[chain[0]].position.open
    sizes = [claims[c].close.fields.size for c in chain]
    told = total(size.copy_abs() for size in sizes if size is not None)
    if opened is None:
        yield Parted(tuple(chain))
    elif (
        opened.fields.contracts is None
        and None in sizes
        and (opened.fields.size is None or told <= opened.fields.size.copy_abs())
    ):
        yield Parted(tuple(chain), opened.fields)


def _continues(first: Claim, other: Claim) -> bool:
    """Whether a close is of the position of the first, or of none that is known and of its side."""
    if other.position is first.position:
        return True
    sides = {first.close.fields.side, other.close.fields.side} - {None}
    return other.position.open is None and len(sides) <= 1
