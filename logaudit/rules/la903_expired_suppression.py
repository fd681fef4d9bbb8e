"""LA903 expired-suppression.

# What it finds

A suppression in the settings whose `until` date has passed. It suppresses nothing any more.

# Why it matters

Somebody promised to look again by that day.

# Example

    [[suppressions]]
    rule = "LA403"
    reason = "rotation is fixed in the January release"
    until = 2026-01-31

in February.

# What to do

Mend what it was about and remove it, or give it a new date and a reason that still holds.
"""

from __future__ import annotations

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Text, label, msg
from logaudit.rules.base import by_settings, report

RULE = Rule(
    "LA903",
    "expired-suppression",
    Severity.NOTE,
    "a suppression's until date has passed",
    label("rule", "a suppression has run out"),
    needs=Needs.NOTHING,
)
check = by_settings


def expired(origin: str, what: str, until: str, reason: str) -> Finding:
    """The finding of a suppression that ended.

    Args:
        origin: where it stands; what: what it names; until: its last day, ISO; reason: its own.
    """
    return report(
        RULE,
        None,
        msg(
            "{origin} ({what}) ended on {until} and suppresses nothing. Its reason was: {reason}",
            origin=Code(origin),
            what=Code(what),
            until=Text(until),
            reason=Text(reason),
        ),
        (),
        (what, until),
        data={"suppression": what, "until": until},
    )
