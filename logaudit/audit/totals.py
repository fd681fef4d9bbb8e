"""Adds up sessions: the summary of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from logaudit.core.events import EventKind
from logaudit.core.finding import Finding, Severity
from logaudit.core.money_parts import added
from logaudit.core.report import Summary
from logaudit.core.trades import TradeState
from logaudit.reconcile.money_parts import money_of
from logaudit.reconcile.reconciled import Session

#: What of a summary is no number that is added up.
_OTHERS: Final = ("states", "money", "first_loss", "last_loss")


def totals_of(session: Session) -> Summary:
    """What one session adds, without archives and findings; money is exact."""
    trades, closes = session.trades, session.closed
    missing = [t for t in closes if t.missing]
    evidence = session.evidence
    extracts = [d for stream in evidence.streams for d in stream.sources]
    times = [t.at for t in missing]
    return Summary(
        sources=len(extracts) + len(evidence.ledgers) + len(evidence.health),
        archives=0,
        duplicates=sum(len(c) for c in evidence.copies.values()),
        records=sum(d.records for d in extracts),
        lines=sum(d.lines for d in extracts),
        closes=len(closes),
        repeats=sum(len(t.echoes) for t in closes),
        recorded=sum(1 for t in closes if t.row is not None),
        missing=len(missing),
        backfilled=sum(not t.lost for t in missing),
        lost=sum(t.lost for t in missing),
        repeated=len(session.repeats),
        unverifiable=sum(1 for t in trades if t.state is TradeState.UNVERIFIABLE),
        ledger_rows=len(session.rows),
        orphan_rows=sum(1 for t in trades if t.state is TradeState.ORPHAN_ROW),
        recorder_errors=sum(session.window.holds(e.at.us) for e in evidence.of(EventKind.RECORDER_FAILED)),
        states=Counter(t.state for t in trades),
        money=money_of(session),
        first_loss=min(times, key=lambda at: at.us, default=None),
        last_loss=max(times, key=lambda at: at.us, default=None),
        errors=0,
        warnings=0,
        notes=0,
    )


def summary(parts: Sequence[Summary], archives: int, findings: Sequence[Finding]) -> Summary:
    """The sums of all sessions."""
    sums = {
        name: sum(getattr(p, name) for p in parts)
        for name in Summary.__struct_fields__
        if name not in _OTHERS
    }
    severities = Counter(f.severity for f in findings)
    found = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "notes": Severity.NOTE}
    sums |= {"archives": archives, **{name: severities[severity] for name, severity in found.items()}}
    states = Counter[TradeState]()
    for part in parts:
        states.update(part.states)
    return Summary(
        **sums,
        states=dict(sorted(states.items())),
        money=added(part.money for part in parts),
        first_loss=min(
            (p.first_loss for p in parts if p.first_loss is not None), key=lambda at: at.us, default=None
        ),
        last_loss=max(
            (p.last_loss for p in parts if p.last_loss is not None), key=lambda at: at.us, default=None
        ),
    )
