"""LA303 clock-offset.

# What it finds

Rows and log lines of the same trades that differ by a constant of whole quarter hours, as zones do, inferred from
one-to-one matches of trades that agree in their values; it says how many support it. Rows that are merely written late
are a convention of their ledger (LA208).

# Why it matters

A tool that compares times without knowing the constant finds every trade missing; a day's sum takes trades of
the wrong day.

# Example

Every row is exactly 3 h earlier than its close: the ledger is written in UTC, the log in local time.

# What to do

Write both in one zone, best with the offset in the text (`2025-11-28T05:13:38+03:00`).
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Duration, Message, Param, Place, label, msg
from logaudit.core.timestamp import SECOND
from logaudit.reconcile.reconciled import Case
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import report

RULE = Rule(
    "LA303",
    "clock-offset",
    Severity.WARNING,
    "rows and log lines of the same trades differ by a constant offset",
    label("rule", "rows and log use different clocks"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each ledger with a known constant that is not zero."""
    for session in case.sessions:
        for ledger in session.ledgers:
            seconds = ledger.shift.seconds
            if not seconds or not ledger.shift.is_zone:
                continue
            pairs: list[Location] = []
            for trade in session.closed:
                if trade.row and trade.row.location.address == ledger.address:
                    pairs += trade.pair
            yield report(
                RULE,
                session,
                _apart(ledger, seconds),
                pairs[:4] or [ledger.place],
                (str(ledger.ledger.name_date or ""), seconds),
                remedy=msg("Write both with their UTC offset, or both in UTC."),
                data={
                    "ledger": ledger.address.path,
                    "offset_seconds": seconds,
                    "support": ledger.shift.support,
                },
            )


def _apart(ledger: ReconciledLedger, seconds: int) -> Message:
    given: dict[str, Param] = {
        "ledger": Place(ledger.address),
        "span": Duration(seconds * SECOND),
        "basis": ledger.shift.basis,
    }
    if seconds > 0:
        return msg(
            "The rows of {ledger} are {span} later than the log lines of the same trades ({basis}).", **given
        )
    return msg(
        "The rows of {ledger} are {span} earlier than the log lines of the same trades ({basis}).", **given
    )
