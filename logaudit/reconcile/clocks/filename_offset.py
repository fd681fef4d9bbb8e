"""A ledger's file date against when it was opened: which offsets explain the name.

A recorder names its file by the date it sees when it opens it. Read in UTC (``datetime.utcnow()``), that is
the date of ``opened − offset``. So a file dated D and opened at local time t says
``D ≤ t − offset < D + 1 day``: an interval of offsets.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from logaudit.core.timestamp import DAY, EAST, SECOND, WEST, day_of, us_of_day


class NamingInterval(Struct, frozen=True):
    """Whole seconds east of UTC, both ends included; ``low > high`` when no offset explains the names.

    Attributes:
        other_day: whether at least one opening lay on another local date than the file's name.
    """

    low: int
    high: int
    other_day: bool

    @property
    def possible(self) -> bool:
        """Whether some offset in civil use explains every opening."""
        return self.low <= self.high


def written_date(at: int, offset: int) -> date:
    """The UTC date at local naive µs ``at`` in a zone ``offset`` seconds east."""
    return day_of(at - offset * SECOND)


def naming_interval(file_date: date, opened: Iterable[int]) -> NamingInterval | None:
    """The offsets for which a file dated in UTC would bear ``file_date`` at every opening.

    Args:
        file_date: the date in the file's name.
        opened: local naive µs at which the recorder chose the name.

    Returns:
        None without openings: nothing can be said then.
    """
    low, high, other, count = WEST, EAST, False, 0
    midnight = us_of_day(file_date)
    for at in opened:
        count += 1
        other = other or day_of(at) != file_date
        low = max(low, (at - midnight - DAY) // SECOND + 1)
        high = min(high, (at - midnight) // SECOND)
    return NamingInterval(low, high, other) if count else None
