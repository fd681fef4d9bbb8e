"""What separates a ledger's clock from the log's, and the pairs of close and row that show it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from logaudit.core.message import Message
from logaudit.core.timestamp import MINUTE, SECOND

#: Zones differ by multiples of this.
QUARTER: Final = 15 * MINUTE


class PairedTimes(Struct, frozen=True):
    """A close and a row whose values agree.

    Attributes:
        row: its number in the ledger's own order.
        delta: row time less close time, µs.
        certain: whether so many values agree that hardly another pair is meant.
    """

    close: int
    row: int
    delta: int
    certain: bool = False


class Shift(Struct, frozen=True):
    """What separates a ledger's clock from the log's.

    Attributes:
        seconds: from log to row times; None when abstained from, with the reason in ``basis``.
        support: one-to-one matches behind the claim, or behind the best candidate.
        others: where abstained from, constants under which rows fit closes all the same, seconds.
        lag: µs, the least and the most by which rows follow their closes beside the constant; zeros where the
            usual window holds them.
        changes: (row number, seconds): from that row on the constant is another, as after a change of daylight time.
        unsure: numbers of the rows, the last left out, that nothing places before or behind the change.
        of_open: whether rows bear the time at which their positions were opened.
    """

    seconds: int | None
    support: int
    basis: Message
    others: tuple[int, ...] = ()
    lag: tuple[int, int] = (0, 0)
    changes: tuple[tuple[int, int], ...] = ()
    unsure: tuple[int, int] = (0, 0)
    of_open: bool = False

    @property
    def readings(self) -> tuple[int, ...]:
        """Every constant a row may have been written under, seconds."""
        return (self.seconds,) if self.seconds is not None else (0, *self.others)

    @property
    def is_zone(self) -> bool:
        """Whether the constant is a proven difference of zones: whole quarter hours, not zero."""
        return self.seconds is not None and self.seconds != 0 and self.seconds % (QUARTER // SECOND) == 0

    def readings_at(self, row: int) -> tuple[int, ...]:
        """Every constant that the row of this number may have been written under, seconds; the likeliest first."""
        if self.seconds is None:
            return self.readings
        if not self.unsure[0] <= row < self.unsure[1]:
            return (self.seconds_at(row),)
        return (
            self.seconds_at(row),
            *(seconds for since, seconds in self.changes if since == self.unsure[1]),
        )

    def seconds_at(self, row: int) -> int:
        """The constant of the row of this number; 0 where none is known."""
        known = self.seconds or 0
        for since, seconds in self.changes:
            if row >= since:
                known = seconds
        return known
