"""Adds up a whole case: the summary of an outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from logaudit.core.events import EventKind
from logaudit.core.finding import Finding, Severity
from logaudit.core.money import total
from logaudit.core.report import Summary
from logaudit.core.trades import LedgerEntry, TradeState, Writer
from logaudit.reconcile.reconciled import Case


def summary(case: Case, findings: Sequence[Finding]) -> Summary:
    """Counts and sums; money is exact."""
    trades = [t for _, t in case.trades()]
    closes = [t for _, t in case.closed()]
    missing = [t for t in closes if t.missing]
    rows = [r for s in case.sessions for r in s.rows]
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
        backfilled=sum(1 for t in closes if t.state is TradeState.BACKFILLED),
        repeated=sum(len(s.repeats) for s in case.sessions),
        unverifiable=sum(1 for t in trades if t.state is TradeState.UNVERIFIABLE),
        ledger_rows=len(rows),
        orphan_rows=sum(1 for t in trades if t.state is TradeState.ORPHAN_ROW),
        recorder_errors=sum(
            case.window.holds(e.at.us)
            for s in case.sessions
            for e in s.evidence.of(EventKind.RECORDER_FAILED)
        ),
        states=dict(sorted(Counter(t.state for t in trades).items())),
        log_net_pnl=sum_of(t.fields.result for t in closes),
        ledger_net_pnl=sum_of(r.result for r in _recorders(case)),
        unrecorded_net_pnl=sum_of(t.fields.result for t in missing),
        first_loss=first.iso() if first else "",
        last_loss=last.iso() if last else "",
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
    )


def _recorders(case: Case) -> Iterator[LedgerEntry]:
    """The rows that the recorder wrote; another writer's repeat or restore what it lost."""
    for session in case.sessions:
        for ledger in session.ledgers:
            yield from (r for r in session.judged_rows_of(ledger) if r.writer is not Writer.OTHER)


def sum_of(values: Iterable[Decimal | None]) -> Decimal:
    """The exact sum of what is known."""
    return total(v for v in values if v is not None)
