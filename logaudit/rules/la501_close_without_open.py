"""LA501 close-without-open.

# What it finds

Logged closes whose positions were never logged as opened, in a run whose start is in the logs; once per run.

# Why it matters

The positions were opened on a path that does not log, were taken over from an earlier run, or were restored
from the exchange: their durations and entry prices cannot be checked.

# Example

A close of ETH-USDT long at 10:30; the run began at 02:19 and opened ETH-USDT short only.

# What to do

Log every open, and every position taken over at start, with symbol, side, price and size.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import label, plural, plural_in
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions import Position, Run
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import lacks_logs, report, run_meaning
from logaudit.rules.wording import describe

RULE = Rule(
    "LA501",
    "close-without-open",
    Severity.NOTE,
    "closes whose opens were never logged",
    label("rule", "closes whose opens were never logged"),
    needs=Needs.LOGS,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each run with such closes; silent for bots that log no opens at all."""
    for session in case.sessions:
        if any(p.open for p in session.positions):
            for run in session.runs:
                bare = [
                    p
                    for p in session.positions
                    if p.run == run.id
                    and p.status is PositionStatus.OPEN_MISSING
                    and not lacks_logs(session, run.start, p.start)
                ]
                if bare:
                    yield _unopened(session, run, bare)


def _unopened(session: Session, run: Run, bare: list[Position]) -> Finding:
    closes = [p.closes[0] for p in bare]
    total = len(session.of_run(run))
    return report(
        RULE,
        session,
        plural(
            "{n} of {closes} of this run has no matching open in the logs: {first}.",
            "{n} of {closes} of this run have no matching open in the logs; the first: {first}.",
            len(closes),
            closes=plural_in("of", "{n} close", "{n} closes", total),
            first=describe(closes[0]),
        ),
        [c.location for c in closes],
        (run_meaning(run),),
        run=run.id,
        data={
            "closes": total,
            "without_open": len(closes),
            "symbol": closes[0].fields.symbol,
            "first_closed": closes[0].at.iso(),
        },
    )
