"""A distinct close with the announcements that may be repeats of it."""

from __future__ import annotations

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.reconcile.positions import Position


class Claim(Struct, frozen=True):
    """One close, however many lines, sinks, handlers and notifiers tell of it.

    A ledger entry may fit any of its announcements: an exit is told when it is placed and when it is filled, a
    retry prints the price of the moment. Matching compares an entry with all of them and takes the best.

    Attributes:
        close: the announcement that stands for it: the one whose values the row has, else the first that prints a
            result, else the first. What only another announcement prints is taken from there.
        echoes: the other announcements, in time and then file order.
        position: the position it ended, whole or in part.
    """

    close: Event
    echoes: tuple[Event, ...]
    position: Position

    @property
    def announcements(self) -> tuple[Event, ...]:
        """Every line that tells of it, the one that stands for it first."""
        return (self.close, *self.echoes)
