"""A ledger with what reconciling showed of its clock, its writers and its way of writing."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.location import Address, Location, Role
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, Writer
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.ledger import Ledger
from logaudit.reconcile.clocks import NamingInterval, Shift
from logaudit.reconcile.matching import Deviation


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
        if self.shift.seconds is not None:
            return (self.log_time(row),)
        return tuple(row.at.us - seconds * SECOND for seconds in self.shift.readings)
