"""LA605 blind-path-unfired.

# What it finds

A call in the bot's source that closes a position and drops the result, by which no close of these logs came. It
needs `--source`, and a source that matches the logs.

# Why it matters

The next close by this path is lost.

# Example

`await self.emergency_close(symbol)` drops what it returns; these logs hold no emergency.

# What to do

Repair it together with the calls that LA601 names.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import label, msg, sentences
from logaudit.core.source_code import PathEnd
from logaudit.reconcile.reconciled import Case
from logaudit.rules.code_sites import closes_ending_in, site_report
from logaudit.rules.la601_blind_call_site import what

RULE = Rule(
    "LA605",
    "blind-path-unfired",
    Severity.WARNING,
    "a call that would lose a close, and has not yet",
    label("rule", "a call in the source that would lose a close"),
    needs=Needs.NOTHING,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each blind place without closes."""
    for session, group in closes_ending_in(case, PathEnd.DROPPED):
        if session is not None and not group.missing and not group.recorded:
            fired = (
                msg("Whether a lost close came by it cannot be told.")
                if group.doubtful
                else msg("No close of these logs came by it.")
            )
            said = sentences(what(group), fired)
            yield site_report(RULE, session, group, said)
