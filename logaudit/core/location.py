"""Where a piece of evidence lies: path, archive member, line, and what it was cited for."""

from enum import StrEnum

from msgspec import Struct


class SourceKind(StrEnum):
    """What a source's content is.

    ``table``: a database or document that holds a ledger; ``unread-table``: a table that may be a ledger and that
    is not understood; ``undated-log``: a log whose times show no date, which nothing else tells.
    """

    LOG = "log"
    LEDGER = "ledger"
    TABLE = "table"
    HEALTH = "health"
    UNREAD_TABLE = "unread-table"
    UNDATED_LOG = "undated-log"
    OTHER = "other"
    EMPTY = "empty"


class Role(StrEnum):
    """What a cited line proves."""

    CLOSE = "close"
    OPEN = "open"
    ACK = "acknowledgement"
    ERROR = "error"
    EXCHANGE = "exchange"
    READY = "recorder-ready"
    LEDGER_OPENED = "ledger-opened"
    RUN_START = "run-start"
    ROW = "row"
    LEDGER = "ledger"
    LOG = "log"
    GAP = "gap"
    CODE = "code"


class Address(Struct, frozen=True, order=True):
    """A readable stream: a file, or a member of an archive.

    Attributes:
        path: relative to the scanned root, with ``/``.
        member: the name inside the archive, empty for a plain file.
    """

    path: str
    member: str = ""

    def __str__(self) -> str:
        return f"{self.path}!{self.member}" if self.member else self.path

    def as_location(self, role: Role = Role.LOG) -> "Location":
        """The source as a whole, as a place."""
        return Location(self.path, self.member, role=role)


class Location(Struct, frozen=True, order=True):
    """One cited place.

    Attributes:
        path: relative to the scanned root, with ``/``.
        member: the name inside the archive, empty for a plain file.
        line: 1-based; 0 when the whole source is meant.
        role: what the place proves.
        text: the quoted line as it was written, cut to 500 characters; hostile: escape per format.
        byte: offset of the line's first byte in the decoded (UTF-8) source; -1 when unknown.
        table: the table of a database; row: its row id there, or the 1-based place in a list. Empty and 0 elsewhere.
    """

    path: str
    member: str = ""
    line: int = 0
    role: Role = Role.LOG
    text: str = ""
    byte: int = -1
    table: str = ""
    row: int = 0

    @property
    def address(self) -> Address:
        """The source that holds the line."""
        return Address(self.path, self.member)

    def cite(self) -> str:
        """``path!member:line`` as reports print it; ``path#table:row`` of a database, ``path#row`` of a list."""
        if self.row:
            table = f"{self.table}:" if self.table else ""
            return f"{self.address}#{table}{self.row}"
        return f"{self.address}:{self.line}" if self.line else str(self.address)
