"""Repeats that tell of a part of their position for which no row accounts, and parts when rows account for all.

A log that prints no sizes does not tell a partial close from a retry at another price. The rows do: where they add up
to all that was opened, nothing was left for a further part; where they add up to less, as those of no other position
do, an announcement with an exit and a result of its own may be the part that they lack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Location
from logaudit.core.money import agree, agree_exactly, difference, product, total
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.claims.claim import Claim, in_order, joined, parted
from logaudit.reconcile.links import Links
from logaudit.reconcile.positions import Position, Voice, voice_of
from logaudit.reconcile.positions.build import facts_in_order
from logaudit.reconcile.positions.part_sizes import costs_of_rows, learned_costs, taken
from logaudit.reconcile.positions.telling import ECHO

#: Of all positions so large a share must have rows of the opened size, or the rows count in another unit.
_SHARE: Final = 0.8
#: What is left of a size may be a fee that was taken in coins, or dust.
_DUST: Final = Decimal("0.02")


class _Family(Struct, frozen=True):
    """The closes of one open, however they were told.

    Attributes:
        home: index of the claim whose position has the open; members: those with rows; without: those without any.
        held: what was opened; recorded: what their rows add up to.
    """

    home: int
    members: tuple[int, ...]
    without: tuple[int, ...]
    held: Decimal
    recorded: Decimal

    @property
    def lacking(self) -> Decimal:
        """What no row accounts for."""
        return difference(self.held, self.recorded)


class Costs(Struct, frozen=True):
    """What a round trip costs, as a share of the exit price; ``of_rows`` where rows show it and the log does not."""

    share: Decimal
    of_rows: bool


def costs_told(
    opens: Sequence[Event], closes: Sequence[Event], claims: Sequence[Claim], links: Links
) -> Costs | None:
    """The costs that the log shows, or else the rows of closes that print no size; None where neither does.

    Args:
        closes: all announcements.
    """
    share = learned_costs(facts_in_order(opens, closes))
    if share is not None:
        return Costs(share, of_rows=False)
    share = costs_of_rows((claim.close.fields, links.lone_row_of(c)) for c, claim in enumerate(claims))
    return None if share is None else Costs(share, of_rows=True)


def with_unaccounted(
    claims: Sequence[Claim], positions: Sequence[Position], links: Links, costs: Decimal | None
) -> tuple[Claim, ...] | None:
    """The claims, with such repeats as closes of their own; None where there are none.

    One is in doubt unless its result is that of what lacks and its position is known to have ended.

    Args:
        costs: of a round trip, as a share of the exit price, where they are known.
    """
    families = [family for family in _families(claims, links) if not family.without]
    voices = frozenset(voice_of(claim.close) for claim in claims)
    short = [f for f in families if f.lacking > product(f.held, _DUST)]
    told = {f.home: found for f in short if (found := _candidates(claims, f, voices))}
    others = [f for f in families if f.home not in told]
    even = sum(agree_exactly(f.held, f.recorded) for f in others)
    if not told or not even or even < _SHARE * len(others):
        return None
    opened = _last_opens(positions)
    new: dict[int, list[Claim]] = {}
    for family in short:
        candidates = told.get(family.home, [])
        coins = (_counts_coins(claims[c].close.fields, links.lone_row_of(c), costs) for c in family.members)
        if candidates and all(coins):
            new |= _with_part(claims, family, candidates, opened, costs)
    if not new:
        return None
    return in_order(part for c, claim in enumerate(claims) for part in new.get(c, [claim]))


def _with_part(
    claims: Sequence[Claim],
    family: _Family,
    candidates: Sequence[tuple[int, Event]],
    opened: Mapping[str, int],
    costs: Decimal | None,
) -> dict[int, list[Claim]]:
    """The closes of a position, by index of a claim, with one more: all of them are parts of it.

    Args:
        candidates: repeats with the claims they are of.
        opened: market → when it was last opened.
    """
    position = claims[family.home].position
    assert position.open is not None  # noqa: S101 - families have an open
    first = position.open
    fits = [
        found for found in candidates if is_result_of(first.fields, found[1].fields, family.lacking, costs)
    ]
    sure = len(fits) == 1 and opened[symbol_key(first.fields.symbol)] > first.at.us
    owner, event = (fits or candidates)[0]
    rest, own = parted(claims[owner], [event])
    new = {c: [claims[c]] for c in family.members} | {owner: [rest, replace(own, doubtful=not sure)]}
    order = in_order(claim for told in new.values() for claim in told)
    places = {claim.close.location: n for n, claim in enumerate(order)}
    return {
        c: [replace(one, position=position, nth=places[one.close.location], again=None) for one in told]
        for c, told in new.items()
    }


def without_surplus(
    claims: Sequence[Claim], links: Links, is_spoken_of: Callable[[int], bool], costs: Decimal | None
) -> tuple[Claim, ...] | None:
    """The claims, with those that print no size among the echoes of others where rows account for all; None for none.

    A row may print the size of the whole position beside the money of a part: a close that has room in what its rows'
    money leaves stays one.

    Args:
        is_spoken_of: index of a claim → whether the recorder told of it.
        costs: of a round trip, as a share of the exit price, where they are known.
    """
    homes: dict[int, int] = {}
    for family in _families(claims, links):
        if agree_exactly(family.held, family.recorded):
            left = _left_by_money(claims, family, links, costs)
            for c in family.without:
                told = claims[c].close.fields
                unsized = told.size is None and told.contracts is None
                if unsized and not is_spoken_of(c) and not _has_room(claims, family, c, left, costs):
                    at = claims[c].close.at.us
                    homes[c] = min(family.members, key=lambda m: abs(claims[m].close.at.us - at))
    if not homes:
        return None
    echoes: dict[int, list[Claim]] = defaultdict(list)
    for c, home in homes.items():
        echoes[home].append(claims[c])
    return in_order(
        joined(claim, echoes[c]) if c in echoes else claim for c, claim in enumerate(claims) if c not in homes
    )


def _left_by_money(claims: Sequence[Claim], family: _Family, links: Links, costs: Decimal | None) -> Decimal:
    """What is left of a position that rows account for, where a row counts no more than its result tells."""
    over: list[Decimal] = []
    for c in family.members:
        row, told = links.lone_row_of(c), claims[c].close.fields
        if row is None or row.fields.size is None or costs is None or _counts_coins(told, row, costs):
            continue
        part, size = taken(row.fields, told, costs), row.fields.size.copy_abs()
        if part is not None and part.low < size:
            over.append(difference(size, part.low))
    return total(over)


def _has_room(
    claims: Sequence[Claim], family: _Family, claim: int, left: Decimal, costs: Decimal | None
) -> bool:
    """Whether a close may be of what is left of its position."""
    opened = claims[family.home].position.open
    if costs is None or opened is None or left <= product(family.held, _DUST):
        return False
    part = taken(opened.fields, claims[claim].close.fields, costs)
    return part is None or part.low <= left


def _families(claims: Sequence[Claim], links: Links) -> Iterable[_Family]:
    """Those some of whose closes have rows that print sizes."""
    owner: dict[Location, int] = {}
    for c, claim in enumerate(claims):
        if claim.again is None:
            owner |= dict.fromkeys((e.location for e in claim.announcements), c)
    grouped: dict[int, list[int]] = defaultdict(list)
    for c, claim in enumerate(claims):
        home = c if claim.again is None else owner.get(claim.again.location, c)
        grouped[id(claims[home].position)].append(c)
    for members in grouped.values():
        first = next((c for c in members if claims[c].position.open is not None), None)
        if first is None:
            continue
        position = claims[first].position
        sizes = [e.fields.size for e in (position.open, *position.added) if e is not None]
        own = [c for c in members if links.row_of(c) is not None]
        rows = _row_sizes(own, links)
        if rows and None not in sizes and None not in rows:
            held, recorded = (
                total(size.copy_abs() for size in shown if size is not None) for shown in (sizes, rows)
            )
            if held:
                rest = tuple(c for c in members if links.row_of(c) is None and c not in links.restored)
                yield _Family(first, tuple(own), rest, held, recorded)


def _row_sizes(members: Sequence[int], links: Links) -> list[Decimal | None]:
    """The sizes of the rows of closes, each row once."""
    sizes: dict[Location, Decimal | None] = {}
    for c in members:
        lone = links.row_of(c)
        rows = links.rows_of(c) or ((lone,) if lone is not None else ())
        sizes |= {row.location: row.fields.size for row in rows}
    return [*sizes.values()]


def _candidates(
    claims: Sequence[Claim], family: _Family, voices: Collection[Voice]
) -> list[tuple[int, Event]]:
    """Repeats, with the claims they are of, that a voice of closes told with values of their own, one of each."""
    closes = [claims[c].close for c in family.members]
    found: list[tuple[int, Event]] = []
    for c in family.members:
        for echo in claims[c].echoes:
            known = [*closes, *(event for _, event in found)]
            if voice_of(echo) in voices and _is_apart(echo, known) and not _is_sum(echo, closes):
                found.append((c, echo))
    return found


def _is_apart(echo: Event, known: Iterable[Event]) -> bool:
    """Whether an announcement prints an exit and a result that are none of those told, and not at once."""
    ours = echo.fields
    if ours.exit_price is None or ours.result is None or ours.size is not None or ours.contracts is not None:
        return False
    return all(
        abs(echo.at.us - other.at.us) > ECHO
        and other.fields.exit_price is not None
        and other.fields.result is not None
        and not agree(ours.exit_price, other.fields.exit_price)
        and not agree(ours.result, other.fields.result)
        for other in known
    )


def _is_sum(echo: Event, closes: Sequence[Event]) -> bool:
    """Whether a result is what the closes made together: the summary of their position."""
    results = [close.fields.result for close in closes]
    told = echo.fields.result
    return told is not None and agree(told, total(r for r in results if r is not None))


def is_result_of(opened: TradeFields, closed: TradeFields, size: Decimal, costs: Decimal | None) -> bool:
    """Whether a result may be that of so much of a position."""
    part = taken(opened, closed, costs) if costs is not None else None
    if part is None:
        return False
    slack = product(size, _DUST)
    return part.low <= total([size, slack]) and (part.high is None or part.high >= difference(size, slack))


def _counts_coins(closed: TradeFields, row: LedgerEntry | None, costs: Decimal | None) -> bool:
    """Whether a row's size may be in coins, as far as the result of its close tells: a market's may be in contracts."""
    if row is None or row.fields.size is None or costs is None or closed.size is not None:
        return True
    part = taken(row.fields, closed, costs)
    return part is None or is_result_of(row.fields, closed, row.fields.size.copy_abs(), costs)


def _last_opens(positions: Sequence[Position]) -> Mapping[str, int]:
    """Market → when it was last opened, naive µs."""
    found: dict[str, int] = defaultdict(int)
    for position in positions:
        if position.open is not None:
            key = symbol_key(position.symbol)
            found[key] = max(found[key], position.open.at.us)
    return found
