"""A distinct close with the announcements that may be repeats of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.location import Location
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions import Position, shared, standing_for


class Claim(Struct, frozen=True):
    """One close, however many lines, sinks, handlers and notifiers tell of it.

    Attributes:
        close: the announcement that stands for it: the one whose values the row has, else the first that prints a
            result, else the first. What only another announcement prints is taken from there.
        echoes: the other announcements, in time and then file order.
        position: the position it ended, whole or in part.
        nth: its place among the closes of the position.
        again: the close of the same position that it was told of as a repeat, until a row or an acknowledgement of
            its own made it a close.
        doubtful: whether it may be a repeat all the same.
    """

    close: Event
    echoes: tuple[Event, ...]
    position: Position
    nth: int = 0
    again: Event | None = None
    doubtful: bool = False

    @property
    def announcements(self) -> tuple[Event, ...]:
        """Every line that tells of it, the one that stands for it first."""
        return (self.close, *self.echoes)

    @property
    def opened(self) -> int | None:
        """Naive µs of its position's open, None when not known."""
        return self.position.open.at.us if self.position.open else None


def claims_of(positions: Sequence[Position]) -> tuple[Claim, ...]:
    """The closes of these positions, in time and then file order."""
    found = [
        Claim(close, position.echoes[i] if position.echoes else (), position, i)
        for position in positions
        for i, close in enumerate(position.closes)
    ]
    return in_order(found)


def in_order(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """By time, then by place."""
    return tuple(sorted(claims, key=lambda c: (c.close.at.us, c.close.stream, c.close.location)))


def with_standing(claim: Claim, event: Event) -> Claim:
    """The claim with another of its announcements to stand for it."""
    if event.location == claim.close.location:
        return claim
    others = tuple(e for e in claim.announcements if e.location != event.location)
    first = standing_for(event, others)
    return replace(claim, close=first, echoes=_sorted(others))


def split(claim: Claim, events: Sequence[Event], kept: Event | None = None) -> list[Claim]:
    """The claim without some of its echoes, and each of these as a close of its own of the ended position.

    The other echoes go to the close that they say most of, of those to the nearest.

    Args:
        kept: an echo that stays with the claim, for which it will stand.
    """
    own = {e.location for e in events}
    told: dict[Location, list[Event]] = defaultdict(list)
    for echo in claim.echoes:
        if echo.location not in own:
            stays = kept is not None and echo.location == kept.location
            home = claim.close if stays else max((claim.close, *events), key=lambda e: _nearness(e, echo))
            told[home.location].append(echo)
    first = replace(claim, echoes=tuple(told[claim.close.location]))
    return [first, *(_own(claim, event, told[event.location]) for event in events)]


def parted(claim: Claim, events: Sequence[Event]) -> list[Claim]:
    """The claim and, of its position too, each of these echoes as a partial close; other echoes as in `split`."""
    first, *others = split(claim, events)
    return [first, *(replace(c, position=claim.position, nth=claim.nth, again=None) for c in others)]


def joined(claim: Claim, repeats: Sequence[Claim]) -> Claim:
    """The claim with all announcements of others among its echoes."""
    told = [event for repeat in repeats for event in repeat.announcements]
    return replace(claim, echoes=_sorted((*claim.echoes, *told)))


def _nearness(close: Event, echo: Event) -> tuple[int, int]:
    same = shared(close.fields, echo.fields)
    return same.weight - 2 * same.differing, -abs(echo.at.us - close.at.us)


def _own(claim: Claim, event: Event, echoes: Sequence[Event]) -> Claim:
    side = claim.position.side or event.fields.side
    close = standing_for(event, echoes)
    again = Position(
        claim.position.symbol, side, claim.position.run, PositionStatus.CLOSED_AGAIN, None, (close,)
    )
    return Claim(close, tuple(echoes), again, again=claim.close)


def _sorted(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda e: (e.at.us, e.stream, e.location)))


def rebuilt(
    positions: Sequence[Position], claims: Sequence[Claim]
) -> tuple[tuple[Position, ...], tuple[Claim, ...]]:
    """Positions and claims that show the same closes, after other announcements came to stand for them."""
    by_home: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_home[id(claim.position)].append(claim)
    homes = [*positions, *(c.position for c in claims if c.again is not None)]
    shown: list[Position] = []
    found: list[Claim] = []
    for position in homes:
        own = sorted(by_home[id(position)], key=lambda c: c.nth)
        if not own and position.open is None:
            continue
        closes, echoes = tuple(c.close for c in own), tuple(c.echoes for c in own)
        shown.append(replace(position, closes=closes, echoes=echoes))
        found += [replace(c, position=shown[-1]) for c in own]
    return tuple(sorted(shown, key=lambda p: (p.start, p.symbol))), in_order(found)
