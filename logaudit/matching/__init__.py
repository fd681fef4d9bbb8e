"""Closes × rows → links."""

from logaudit.matching.assign import assign
from logaudit.matching.backfill import carries_open_time, link_backfilled
from logaudit.matching.compare import (
    Comparison,
    Difference,
    NumberDifference,
    WordDifference,
    agreement,
    compare,
    may_be_same,
    sides_fit,
)
from logaudit.matching.match import Match, match

__all__ = [
    "Comparison",
    "Difference",
    "Match",
    "NumberDifference",
    "WordDifference",
    "agreement",
    "assign",
    "carries_open_time",
    "compare",
    "link_backfilled",
    "match",
    "may_be_same",
    "sides_fit",
]
