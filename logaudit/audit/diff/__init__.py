"""Compares two scans by what findings and trades mean, not by where they stand."""

from logaudit.audit.diff.compare import compare
from logaudit.audit.diff.load import is_saved, of_report, saved

__all__ = ["compare", "is_saved", "of_report", "saved"]
