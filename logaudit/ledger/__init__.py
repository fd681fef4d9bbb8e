"""Tables: the trades ledger, row by row, and the bot's other CSV files, read for being alive."""

from logaudit.ledger.columns import Header, read_header
from logaudit.ledger.convention import Convention
from logaudit.ledger.entry_kind import SetAside
from logaudit.ledger.health import read_health
from logaudit.ledger.parse import parse_ledger
from logaudit.ledger.reject import RejectedRow, RejectReason
from logaudit.ledger.rows import UndatedEntry
from logaudit.ledger.sniff import CsvKind, may_be_ledger, sniff
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day
from logaudit.ledger.table import (
    HeaderChange,
    Health,
    HealthStatus,
    Ledger,
    Newline,
    TableGap,
)
from logaudit.ledger.writers import WriterShape, third_party_rows, writer_shape

__all__ = [
    "Convention",
    "CsvKind",
    "Header",
    "HeaderChange",
    "Health",
    "HealthStatus",
    "Ledger",
    "Newline",
    "RejectReason",
    "RejectedRow",
    "SetAside",
    "TableGap",
    "UndatedEntry",
    "WriterShape",
    "may_be_ledger",
    "parse_ledger",
    "parse_stamp",
    "parse_time_of_day",
    "read_header",
    "read_health",
    "sniff",
    "third_party_rows",
    "writer_shape",
]
