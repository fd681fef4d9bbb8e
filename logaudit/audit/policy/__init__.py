"""Sorts a report's findings by what the user asked for: rules, suppressions, baseline, gates."""

from logaudit.audit.policy.apply import apply_policy, visible
from logaudit.audit.policy.baseline import create, load_baseline
from logaudit.audit.policy.codes import chosen_codes
from logaudit.audit.policy.gates import exit_code
from logaudit.audit.policy.policy import Policy

__all__ = [
    "Policy",
    "apply_policy",
    "chosen_codes",
    "create",
    "exit_code",
    "load_baseline",
    "visible",
]
