"""Everything known after reading, in one place for the rules."""

from logaudit.case.build import build_session
from logaudit.case.ledgers import base_name, in_force
from logaudit.case.types import Case, ClosedTrade, LedgerCase, Session, Trade, UnclosedEntry, Witness
from logaudit.case.window import limit, rows_before
from logaudit.model.window import Window

__all__ = [
    "Case",
    "ClosedTrade",
    "LedgerCase",
    "Session",
    "Trade",
    "UnclosedEntry",
    "Window",
    "Witness",
    "base_name",
    "build_session",
    "in_force",
    "limit",
    "rows_before",
]
