"""Sorts an outcome's findings by what the user asked for: rules, suppressions, baseline, gates."""

from logaudit.review.baseline import BASELINE_VERSION, Baseline, create, load_baseline
from logaudit.review.codes import chosen_codes
from logaudit.review.gates import exit_code
from logaudit.review.policy import Policy
from logaudit.review.review import review, visible

__all__ = [
    "BASELINE_VERSION",
    "Baseline",
    "Policy",
    "chosen_codes",
    "create",
    "exit_code",
    "load_baseline",
    "review",
    "visible",
]
