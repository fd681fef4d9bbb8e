"""Tables: the trades ledger, row by row, and the bot's other CSV files, read for being alive."""

from logaudit.ledger.columns import Header, read_header
from logaudit.ledger.health import parse_health, read_health
from logaudit.ledger.parse import parse_ledger
from logaudit.ledger.sniff import CsvKind, sniff
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day
from logaudit.ledger.table import (
    NO_TRADING,
    HeaderChange,
    Health,
    HealthStatus,
    Ledger,
    LedgerStatus,
    Newline,
    RejectedRow,
    RejectReason,
    TableGap,
)
from logaudit.ledger.writers import WriterShape, third_party_rows, writer_shape

__all__ = [
    "NO_TRADING",
    "CsvKind",
    "Header",
    "HeaderChange",
    "Health",
    "HealthStatus",
    "Ledger",
    "LedgerStatus",
    "Newline",
    "RejectReason",
    "RejectedRow",
    "TableGap",
    "WriterShape",
    "parse_health",
    "parse_ledger",
    "parse_stamp",
    "parse_time_of_day",
    "read_header",
    "read_health",
    "sniff",
    "third_party_rows",
    "writer_shape",
]
