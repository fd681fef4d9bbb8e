"""Tables: the trades ledger, row by row, and the bot's other CSV files, read for being alive."""

from logaudit.ledger.columns import read_header
from logaudit.ledger.convention import Convention
from logaudit.ledger.health import read_health
from logaudit.ledger.parse import parse_ledger
from logaudit.ledger.reject import RejectedRow, RejectReason
from logaudit.ledger.rows import UndatedEntry
from logaudit.ledger.sniff import CsvKind, is_health, may_be_ledger, sniff
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day
from logaudit.ledger.table import Health, HealthStatus, Ledger, Newline
from logaudit.ledger.writers import third_party_rows, writer_shape

__all__ = [
    "Convention",
    "CsvKind",
    "Health",
    "HealthStatus",
    "Ledger",
    "Newline",
    "RejectReason",
    "RejectedRow",
    "UndatedEntry",
    "is_health",
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
