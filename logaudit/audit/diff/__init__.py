"""Compares two scans by what findings and trades mean, not by where they stand."""

from logaudit.audit.diff.compare import compare
from logaudit.audit.diff.load import Scan, TradeMark, is_saved, of_report, saved

__all__ = ["Scan", "TradeMark", "compare", "is_saved", "of_report", "saved"]
