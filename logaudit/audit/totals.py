"""Adds up a whole case: the summary of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from logaudit.core.events import EventKind
from logaudit.core.finding import Finding, Severity
from logaudit.core.money_parts import added
from logaudit.core.report import Summary
from logaudit.core.trades import TradeState
from logaudit.reconcile.money_parts import money_of
from logaudit.reconcile.reconciled import Case


def summary(case: Case, findings: Sequence[Finding]) -> Summary:
    """Counts and sums; money is exact."""
    trades = [t for _, t in case.trades()]
    closes = [t for _, t in case.closed()]
    missing = [t for t in closes if t.missing]
    rows = sum(len(s.rows) for s in case.sessions)
    extracts = [d for s in case.sessions for st in s.evidence.streams for d in st.sources]
    tables = [d for s in case.sessions for d in (*s.evidence.ledgers, *s.evidence.health)]
    severities = Counter(f.severity for f in findings)
    times = [t.at for t in missing]
    first, last = (
        min(times, key=lambda at: at.us, default=None),
        max(times, key=lambda at: at.us, default=None),
    )
    return Summary(
        sources=len(extracts) + len(tables),
        archives=case.archives,
        duplicates=sum(len(c) for s in case.sessions for c in s.evidence.copies.values()),
        records=sum(d.records for d in extracts),
        lines=sum(d.lines for d in extracts),
        closes=len(closes),
        repeats=sum(len(t.echoes) for t in closes),
        recorded=sum(1 for t in closes if t.row is not None),
        missing=len(missing),
        backfilled=sum(not t.lost for t in missing),
        lost=sum(t.lost for t in missing),
        repeated=sum(len(s.repeats) for s in case.sessions),
        unverifiable=sum(1 for t in trades if t.state is TradeState.UNVERIFIABLE),
        ledger_rows=rows,
        orphan_rows=sum(1 for t in trades if t.state is TradeState.ORPHAN_ROW),
        recorder_errors=sum(
            case.window.holds(e.at.us)
            for s in case.sessions
            for e in s.evidence.of(EventKind.RECORDER_FAILED)
        ),
        states=dict(sorted(Counter(t.state for t in trades).items())),
        money=added(money_of(s) for s in case.sessions),
        first_loss=first,
        last_loss=last,
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
    )
