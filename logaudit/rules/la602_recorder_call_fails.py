"""LA602 recorder-call-fails.

# What it finds

A call that is meant to record a trade and cannot: the recorder has no method of that name, does not take these
arguments, or reads fields that the result does not have. It needs `--source`.

# Why it matters

The code looks as if it recorded. When the close comes, the call raises, and the surrounding `except` may hide it.

# Example

`self.performance_tracker.add_trade(result)`, and the class `PerformanceTracker` has `record_trade` only.

# What to do

Call the recorder by its name, and hand over what it reads; a type checker finds such calls before they run.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import label, msg, plural, sentences
from logaudit.core.source_code import PathEnd
from logaudit.reconcile.reconciled import Case
from logaudit.rules.code_sites import closes_ending_in, listed, site_report

RULE = Rule(
    "LA602",
    "recorder-call-fails",
    Severity.ERROR,
    "a call of the recorder that cannot work",
    label("rule", "a call of the recorder that cannot work"),
    needs=Needs.NOTHING,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each place; a warning where no close has come by it yet."""
    for session, group in closes_ending_in(case, PathEnd.BROKEN):
        if group.recorded:
            continue
        lost = len(group.missing)
        yield site_report(
            RULE,
            session,
            group,
            sentences(
                msg("{places}: this call of the recorder cannot work.", places=listed(group.sites)),
                group.sites[0].why,
                plural("It explains {n} lost close.", "It explains {n} lost closes.", lost) if lost else None,
            ),
            None if lost or session is None else Severity.WARNING,
        )
