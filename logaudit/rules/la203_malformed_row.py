"""LA203 malformed-row.

# What it finds

A line of a ledger that is torn, too short, too long, or holds text where a time or number belongs. It is quoted
with its line, never dropped.

# Why it matters

Whatever reads the ledger next either stops at the line or silently leaves it out.

# Example

    2025-11-23T10:52:26.681705,DOGE-USDT,short,0.14

# What to do

Restore the line from the log. A torn last line means that the process died while writing, or that the file was
copied while being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Place, Text, label, msg
from logaudit.ledger import RejectReason
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import report

RULE = Rule(
    "LA203",
    "malformed-row",
    Severity.ERROR,
    "torn, short, over-long or unparsable ledger line",
    label("rule", "a ledger line that cannot be read"),
    needs=Needs.LEDGER,
)

_REASONS: Final = {
    RejectReason.NO_HEADER: label("ledger line", "no-header"),
    RejectReason.TORN: label("ledger line", "torn"),
    RejectReason.SHORT: label("ledger line", "short"),
    RejectReason.OVER_LONG: label("ledger line", "over-long"),
    RejectReason.UNCLOSED_QUOTE: label("ledger line", "unclosed-quote"),
    RejectReason.NO_TIME: label("ledger line", "no-time"),
    RejectReason.BAD_TIME: label("ledger line", "bad-time"),
    RejectReason.BAD_NUMBER: label("ledger line", "bad-number"),
    RejectReason.NO_SYMBOL: label("ledger line", "no-symbol"),
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each rejected line."""
    for session in case.sessions:
        for ledger in session.ledgers:
            for bad in ledger.ledger.rejected:
                yield report(
                    RULE,
                    session,
                    msg(
                        "Line {line} of {ledger} cannot be read ({reason}): {detail}.",
                        line=Text(str(bad.location.line)),
                        ledger=Place(ledger.address),
                        reason=_REASONS[bad.reason],
                        detail=Text(bad.detail),
                    ),
                    [bad.location],
                    (str(ledger.ledger.name_date or ""), bad.reason.value, bad.location.text),
                    data={
                        "ledger": ledger.address.path,
                        "line": bad.location.line,
                        "reason": bad.reason.value,
                        "detail": bad.detail,
                    },
                )
