"""LA904 unused-suppression.

# What it finds

A suppression in the settings that covers no finding of this scan.

# Why it matters

What it was about is gone, or it is misspelt; left in place it may one day hide something else.

# Example

    [[suppressions]]
    fingerprint = "0123456789abcdef"
    reason = "entered by hand on 2025-12-01"

and no finding has that fingerprint.

# What to do

Remove it, or correct what it names: `logaudit scan --output-format json` shows rules, paths and
fingerprints.
"""

from __future__ import annotations

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Text, label, msg
from logaudit.rules.base import by_settings, report

RULE = Rule(
    "LA904",
    "unused-suppression",
    Severity.NOTE,
    "a suppression covers no finding",
    label("rule", "a suppression covers no finding"),
    needs=Needs.NOTHING,
)
check = by_settings


def unused(origin: str, what: str, reason: str) -> Finding:
    """The finding of a suppression without use; arguments as for LA903."""
    return report(
        RULE,
        None,
        msg(
            "{origin} ({what}) covers no finding of this scan. Its reason: {reason}",
            origin=Code(origin),
            what=Code(what),
            reason=Text(reason),
        ),
        (),
        (what,),
        data={"suppression": what},
    )
