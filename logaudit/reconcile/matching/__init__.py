"""Closes × rows → links."""

from logaudit.reconcile.matching.assignment import assign, assign_offers
from logaudit.reconcile.matching.backfill import carries_open_time, link_backfilled
from logaudit.reconcile.matching.deviations import Deviation, DeviationKind, explain
from logaudit.reconcile.matching.field_compare import (
    Difference,
    FieldComparison,
    NumberDifference,
    WordDifference,
    agreement,
    compare_fields,
    may_be_same,
    sides_fit,
)
from logaudit.reconcile.matching.match import Match, match

__all__ = [
    "Deviation",
    "DeviationKind",
    "Difference",
    "FieldComparison",
    "Match",
    "NumberDifference",
    "WordDifference",
    "agreement",
    "assign",
    "assign_offers",
    "carries_open_time",
    "compare_fields",
    "explain",
    "link_backfilled",
    "match",
    "may_be_same",
    "sides_fit",
]
