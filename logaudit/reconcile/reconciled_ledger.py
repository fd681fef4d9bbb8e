"""A ledger with what reconciling showed of its clock, its writers and its way of writing, and what its times mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.location import Address, Location, Role
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, Writer
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.ledger import Ledger
from logaudit.reconcile.clocks import NamingInterval, Shift
from logaudit.reconcile.ledger_offset import open_of
from logaudit.reconcile.matching import Deviation

_BEYOND: Final = 1 << 62
#: A row with its position's open time and the line that tells of the open may be printed so far apart.
_OPEN_SLACK: Final = 2 * SECOND


class LedgerConvention(Struct, frozen=True):
    """One way in which a ledger writes trades differently from the log.

    Attributes:
        support: linked rows that do so, of ``of`` that could.
        lag: for times, µs from the close to the row, the least and the most.
        pairs: for what is told symbol by symbol, how the log and the ledger write it.
        proof: a row and its close, a few times.
    """

    ledger: Address
    deviation: Deviation
    support: int
    of: int
    proof: tuple[Location, ...]
    lag: tuple[int, int] = (0, 0)
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def prevails(self) -> bool:
        """Whether the ledger does so as a rule, so that it is no error of single rows."""
        return is_rule(self.support, self.of)


def is_rule(support: int, of: int) -> bool:
    """Whether so many rows make what they do the ledger's way of writing: four in five."""
    return support * 5 >= of * 4


# Its dict holds what follows from its fields and is asked for once a close.
class ReconciledLedger(Struct, frozen=True, dict=True):
    """One trades file with what is known about its clock and its writers.

    Attributes:
        opened: the recorder's own lines that name this file.
        openings: naive µs at which its name was chosen, as far as known; falls back to a run's start.
        naming: offsets that explain its name; None when its date or openings are unknown.
        shift: log → row times.
        elsewhere: naive µs at which the recorder opened files that are not at hand.
    """

    extract: LedgerExtract
    opened: tuple[Event, ...]
    openings: tuple[int, ...]
    naming: NamingInterval | None
    shift: Shift
    elsewhere: tuple[int, ...] = ()

    @property
    def ledger(self) -> Ledger:
        """The parsed file."""
        return self.extract.ledger

    @property
    def address(self) -> Address:
        """Where it lies."""
        return self.extract.address

    @property
    def place(self) -> Location:
        """The file as a whole."""
        return self.address.as_location(Role.LEDGER)

    @cached_property
    def own_rows(self) -> tuple[LedgerEntry, ...]:
        """The rows that the recorder wrote."""
        return tuple(r for r in self.ledger.rows if r.writer is not Writer.OTHER)

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The least and the greatest time of its rows on the log's clock, naive µs; None without any."""
        times = [self.log_time(row) for row in self.ledger.rows]
        return (min(times), max(times)) if times else None

    @cached_property
    def fills_span(self) -> tuple[int, int] | None:
        """As `span`, of its rows as fills."""
        times = [self.log_time(row) for row in self.ledger.fills]
        return (min(times), max(times)) if times else None

    @property
    def third_party_rows(self) -> tuple[LedgerEntry, ...]:
        """The rows that another writer added."""
        return tuple(r for r in self.ledger.rows if r.writer is Writer.OTHER)

    def log_time(self, row: LedgerEntry) -> int:
        """A row's time on the log's clock, naive µs."""
        return row.at.us - self.shift.seconds_at(row.number) * SECOND

    @cached_property
    def _lines(self) -> tuple[list[int], list[int]]:
        """The rows' own times in order, and for each the greatest line of a row so far."""
        rows = sorted(self.ledger.rows, key=lambda row: row.at.us)
        return [row.at.us for row in rows], [*accumulate((row.location.line for row in rows), max)]

    def line_of(self, until: int) -> int:
        """The last line that holds a row of this time on the rows' clock or of an earlier one; 1 without any."""
        times, lines = self._lines
        count = bisect_right(times, until)
        return lines[count - 1] if count else 1

    def row_time(self, at: int) -> int:
        """A time of the log's clock on the rows' clock, naive µs: the reverse of `log_time`."""
        return at + (self.shift.seconds or 0) * SECOND

    def readings(self, row: LedgerEntry) -> tuple[int, ...]:
        """All that a row's time may mean on the log's clock, naive µs; several where the shift is in doubt."""
        return tuple(row.at.us - seconds * SECOND for seconds in self.shift.readings_at(row.number))


class Readings:
    """What a row's time means on the log's clock, whatever ledger the row stands in.

    Args:
        ledgers: those of the session.
        closes: in time order; with ``opened`` they say when the position of a row ended that bears its open's time.
        opened: index of a close → naive µs of its position's open, None when not known.
    """

    def __init__(
        self,
        ledgers: Sequence[ReconciledLedger],
        closes: Sequence[Event] = (),
        opened: Callable[[int], int | None] = lambda _: None,
    ) -> None:
        self._ledgers: dict[Address, ReconciledLedger] = {lc.address: lc for lc in ledgers}
        self._closes = closes
        self._opens: list[tuple[int, int]] = []
        if any(lc.shift.of_open for lc in ledgers):
            opens = ((open_of(c, close, opened), c) for c, close in enumerate(closes))
            self._opens = sorted((at, c) for at, c in opens if at is not None)

    def of(self, row: LedgerEntry) -> tuple[int, ...]:
        """All that it may mean, naive µs."""
        return self._ledgers[row.location.address].readings(row)

    def of_close(self, row: LedgerEntry) -> tuple[int, ...]:
        """The times at which the close of the row's position may have been logged, naive µs."""
        ledger = self._ledgers[row.location.address]
        low, high = ledger.shift.lag
        if not ledger.shift.of_open:
            return tuple(at - (low + high) // 2 for at in ledger.readings(row))
        at, slack = ledger.log_time(row), _OPEN_SLACK + row.at.precision
        first = bisect_left(self._opens, (at - max(slack, high), -1))
        last = bisect_right(self._opens, (at - min(-slack, low), _BEYOND))
        return tuple(self._closes[c].at.us for _, c in self._opens[first:last]) or (at,)

    def reach(self, row: LedgerEntry, window: int) -> int:
        """How far from its close the row may lie; where rows follow at a varying distance, one may follow at once."""
        low, high = self._ledgers[row.location.address].shift.lag
        at_once = (low + high) // 2 if high - low > window else 0
        return window + max((high - low) // 2, at_once)

    def best(self, row: LedgerEntry) -> int:
        """What it most likely means, naive µs."""
        return self._ledgers[row.location.address].log_time(row)
