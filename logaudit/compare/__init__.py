"""Compares two scans by what findings and trades mean, not by where they stand."""

from logaudit.compare.compare import compare
from logaudit.compare.scans import Scan, TradeMark, is_saved, of_outcome, saved

__all__ = ["Scan", "TradeMark", "compare", "is_saved", "of_outcome", "saved"]
