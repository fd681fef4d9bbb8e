"""Positions that were turned: their market was held on the other side later, and no line tells of their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.trades import PositionStatus, symbol_key
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import Session

#: So many whole positions, none of them beside one of the other side, show a bot that holds one side of a market.
_ENOUGH: Final = 3


def turned(session: Session) -> Iterator[tuple[Position, Position]]:
    """Each position that stands open where the logs end, with a later one of the other side that was closed.

    A bot that holds both sides of a market at once leaves the one open, so nothing is said of it. Where the later open
    is logged, enough other positions must show that the bot holds one side only.
    """
    markets: dict[str, list[Position]] = defaultdict(list)
    for position in session.positions:
        if position.side is not None:
            markets[symbol_key(position.symbol)].append(position)
    if any(_holds_both(own) for own in markets.values()):
        return
    whole = sum(p.status is PositionStatus.CLOSED and p.open is not None for p in session.positions)
    for own in markets.values():
        for position in own:
            if position.status is PositionStatus.OPEN_AT_END:
                later = (p for p in own if _follows(position, p, known=whole > _ENOUGH))
                if (other := next(later, None)) is not None:
                    yield position, other


def _follows(position: Position, other: Position, *, known: bool) -> bool:
    unopened = other.open is None and other.status is PositionStatus.OPEN_MISSING
    ended = bool(other.closes) and (unopened or (known and other.open is not None))
    return ended and other.side is not position.side and other.start > position.start


def _holds_both(own: Sequence[Position]) -> bool:
    """Whether two whole positions of two sides overlap in time."""
    ends: dict[object, int] = {}
    for position in sorted((p for p in own if p.open is not None and p.closes), key=lambda p: p.start):
        if any(side is not position.side and end > position.start for side, end in ends.items()):
            return True
        ends[position.side] = max(ends.get(position.side, 0), position.closes[-1].at.us)
    return False
