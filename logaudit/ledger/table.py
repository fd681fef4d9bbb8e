"""What reading a table yields: rows, what was not a row and why, and how the file is laid out."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from logaudit.core.location import Address, Location
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import LedgerEntry, LedgerStatus
from logaudit.ledger.convention import Convention
from logaudit.ledger.entry_kind import SetAside
from logaudit.ledger.reject import RejectedRow, RejectReason
from logaudit.ledger.rows import UndatedEntry
from logaudit.ledger.widths import WidthGroup


class Newline(StrEnum):
    """How lines end; ``none`` for a file without a line end."""

    LF = "lf"
    CRLF = "crlf"
    MIXED = "mixed"
    NONE = "none"


class HealthStatus(StrEnum):
    """As `LedgerStatus`; a table is ``malformed`` when more of its lines are damaged than not."""

    ALIVE = "alive"
    HEADER_ONLY = "header-only"
    EMPTY = "empty"
    MALFORMED = "malformed"


class HeaderChange(Struct, frozen=True):
    """Another header within the file; the rows after it are read by it."""

    location: Location
    header: tuple[str, ...]


class Ledger(Struct, frozen=True):
    """One trades file. Every line of it is counted in exactly one of the places below.

    Attributes:
        address: where it was read; copies: where else the same bytes lie.
        header: the first header's column names as written, empty when there is none.
        columns: canonical name → index in ``header``.
        delimiter: of the first header, empty without one.
        header_changes: other headers further down.
        rows: the trades, in file order; a row with line breaks inside quotes spans several lines.
        rejected: lines that are not rows, in file order.
        preamble: lines before the header that are no rows (account, time zone).
        repeats: lines that repeat the header in force, as restarts leave them.
        blank_lines: lines of white space or NULs only.
        nuls: lines that NUL bytes were removed from.
        noisy: lines, of any of these kinds, that hold bytes which no writer of text writes; those of ``nuls`` too.
        name_date: the date in the file's name.
        offset: the UTC offset that header or preamble states for the rows' times, seconds east; rows whose
            own text states none carry it in ``at.offset``.
        lines: physical lines; size: bytes up to the end of the last line's text as delivered (its line end
            excluded).
        convention: how numbers and times under the first header are written.
        undated: rows whose time means several days, or none; the latter stand in ``rejected`` too.
        aside: totals, comments, payments and open positions.
        widths: rows that were read though they have more or fewer cells than the header names.
        unread_until: where rows before the last one were not read, the latest time that one of them may show, on its
            own clock, naive µs; None where all were read, up to a damage.
        newline: how lines end; torn_tail: the file breaks off within a row, which stands in ``rejected``, or within
            its header.
        fills: all rows as they are written, where each is a fill; ``rows`` are the closed trades made of them.
    """

    address: Address
    copies: tuple[Address, ...]
    header: tuple[str, ...]
    columns: dict[str, int]
    delimiter: str
    header_changes: tuple[HeaderChange, ...]
    rows: tuple[LedgerEntry, ...]
    rejected: tuple[RejectedRow, ...]
    preamble: tuple[Location, ...]
    repeats: int
    blank_lines: int
    nuls: tuple[Location, ...]
    name_date: date | None
    offset: int | None
    lines: int
    size: int
    newline: Newline
    torn_tail: bool
    convention: Convention = Convention()
    undated: tuple[UndatedEntry, ...] = ()
    aside: tuple[SetAside, ...] = ()
    widths: tuple[WidthGroup, ...] = ()
    fills: tuple[LedgerEntry, ...] = ()
    unread_until: int | None = None
    noisy: tuple[Location, ...] = ()

    @property
    def unplaced(self) -> bool:
        """Whether lines stand in it, and none of them has a time that could be read."""
        reasons = {row.reason for row in self.rejected}
        return not self.rows and bool(reasons) and reasons <= {RejectReason.BAD_TIME, RejectReason.NO_TIME}

    @property
    def status(self) -> LedgerStatus:
        """Whether it can testify at all; single rejected lines beside rows leave it ``ok``."""
        if self.rows:
            return LedgerStatus.OK
        if self.undated:
            return LedgerStatus.OK
        if self.header:
            return LedgerStatus.MALFORMED if self.rejected else LedgerStatus.HEADER_ONLY
        return LedgerStatus.MALFORMED if self.rejected or self.preamble else LedgerStatus.EMPTY


class TableGap(Struct, frozen=True):
    """A silence between two consecutive rows.

    Attributes:
        location: the row that ends it.
        after, until: the times on either side, None where the file's date is not known.
        us: its length in microseconds.
    """

    location: Location
    after: Stamp | None
    until: Stamp | None
    us: int


class Health(Struct, frozen=True):
    """Another CSV of the bot's, read only for being alive.

    Attributes:
        title: the profile's name for it, else the file's name.
        rows: lines with a time, each cell break inside quotes counted once.
        first, last: times of the first and last row in file order, naive unless the text states an offset;
            None without rows or, for times without a date, when the file's name has no date.
        midnights: how many date changes its rows cross.
        silences: gaps far longer than the file's usual pace, in file order.
        header: its first line as written, empty when it has none.
    """

    address: Address
    title: str
    rows: int
    malformed: tuple[RejectedRow, ...]
    first: Stamp | None
    last: Stamp | None
    status: HealthStatus
    midnights: int
    silences: tuple[TableGap, ...]
    header: str = ""
