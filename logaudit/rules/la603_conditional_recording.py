"""LA603 conditional-recording.

# What it finds

A condition that decides whether a close is recorded: where it does not hold, the recorder is not called, and the
bot goes on. It needs `--source`. A test that the result itself settles (`if result:` behind a call that always
returns one) is none.

# Why it matters

`hasattr(self, "performance_tracker")` is silent when an attribute was renamed or is not set yet. Closes are lost
without an error.

# Example

`if trade_result and hasattr(self, "performance_tracker"):` has no `else`; three closes of this path are not in the
ledger.

# What to do

Make the condition impossible to fail, or log in its `else` branch. Where lost closes came this way, log what each
part of the condition gave.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, label, msg, plural, sentences
from logaudit.core.source_code import PathEnd
from logaudit.reconcile.reconciled import Case
from logaudit.rules.code_sites import closes_ending_in, listed, site_report

RULE = Rule(
    "LA603",
    "conditional-recording",
    Severity.WARNING,
    "a condition decides whether a close is recorded",
    label("rule", "a condition decides whether closes are recorded"),
    needs=Needs.NOTHING,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each place; a note while no lost close came by it."""
    for session, group in closes_ending_in(case, PathEnd.CONDITIONAL):
        lost, condition = len(group.missing), group.sites[0].condition
        yield site_report(
            RULE,
            session,
            group,
            sentences(
                msg(
                    "{places}: closes are recorded only if {condition}.",
                    places=listed(group.sites),
                    condition=Code(condition),
                )
                if condition
                else msg("{places}: closes are recorded on some paths only.", places=listed(group.sites)),
                plural("It explains {n} lost close.", "It explains {n} lost closes.", lost) if lost else None,
            ),
            None if lost else Severity.NOTE,
            msg("Record the close on every path, or log why it is not recorded."),
        )
