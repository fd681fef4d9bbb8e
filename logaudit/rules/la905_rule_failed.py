"""LA905 rule-failed.

# What it finds

A rule, or one of the explanations that the diagnosis tests, that met a value it cannot judge and stopped. The
others went on, and what the rule had found before is reported. Where it was the reconciliation of a session, nothing
is claimed of that session's trades, and the other sessions are judged. The same holds where its process died or ran
out of memory, and did so once more when nothing else ran beside it.

# Why it matters

What that rule looks for may be there all the same, so the scan is inconclusive and exits 3, unless it found something
that fails the job anyway.

# Example

LA204 stopped at a value that it cannot judge (OverflowError in logaudit.rules.la204_arithmetic_mismatch:162).

# What to do

Report it with the place that it names: this is a defect of logaudit, not of the bot. Where a process ended, scan that
folder alone, on a machine with more memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Message, label, msg
from logaudit.core.stopped import OUT_OF_MEMORY, Stopped
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import by_settings, report

RULE = Rule(
    "LA905",
    "rule-failed",
    Severity.WARNING,
    "a rule met a value that it cannot judge",
    label("rule", "a rule failed"),
    needs=Needs.NOTHING,
)
#: Which rules fail shows when they run, so `logaudit.rules` calls `failed`.
check = by_settings


def check_diagnosed(case: Case, diagnosis: Diagnosis) -> Iterator[Finding]:
    """The sessions that could not be reconciled, and the explanations that failed."""
    unreconciled = (session.stopped for session in case.sessions if session.stopped is not None)
    return (failed(one, case) for one in (*unreconciled, *diagnosis.stopped))


def failed(one: Stopped, case: Case) -> Finding:
    """The finding of a rule or an explanation that stopped."""
    said, remedy = _at_a_value(one) if one.place else _with_its_process(one)
    return report(
        RULE,
        next((s for s in case.sessions if s.root == one.session), None),
        said,
        (),
        (one.what, one.session),
        data={"stopped": one.what, "error": one.error, "place": one.place},
        remedy=remedy,
    )


def _at_a_value(one: Stopped) -> tuple[Message, Message]:
    said = msg(
        "{what} stopped at a value that it cannot judge ({error} in {place}).",
        what=Code(one.what),
        error=Code(one.error),
        place=Code(one.place),
    )
    return said, msg("Report it with this place: it is a bug in logaudit.")


def _with_its_process(one: Stopped) -> tuple[Message, Message]:
    said = (
        msg("{what} ran out of memory, each time it was tried.", what=Code(one.what))
        if one.error == OUT_OF_MEMORY
        else msg("{what} ended with its process, each time it was tried.", what=Code(one.what))
    )
    return said, msg("Scan this folder alone, where there is more memory; report it if it ends again.")
