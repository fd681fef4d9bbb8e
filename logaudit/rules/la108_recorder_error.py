"""LA108 recorder-error.

# What it finds

A line in which the recorder reports that it could not write: in words that the profile knows, or as an ERROR that
follows a close without a row and was logged by the function or module that initialised the recorder or acknowledged
trades, or that names the ledger's file.

# Why it matters

The trade of that moment is lost unless somebody restores it.

# Example

    ERROR | ... | Failed to export trade to CSV: [Errno 13] Permission denied: 'logs/trades_2025-11-28.csv'

# What to do

Mend what the message names (a file held open by another program, a full disk, a missing folder) and restore
the rows of the closes it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.message import Code, Message, Time, label, msg, sentences
from logaudit.core.text import printable, quote
from logaudit.core.timestamp import SECOND, iso
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.unworded_failures import UNWORDED
from logaudit.rules.base import first_run, report, severity_of
from logaudit.rules.wording import describe

RULE = Rule(
    "LA108",
    "recorder-error",
    Severity.ERROR,
    "the recorder logged a failed write",
    label("rule", "the recorder logged a failed write"),
    needs=Needs.LOGS,
    told_in=ReportSection.TIMELINE,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each failure that the recorder logged; one call's several lines count once."""
    for session in case.sessions:
        owner = {id(e): t for t in session.closed for e in t.witness.failures}
        told: set[str] = set()
        for event in _failures(session):
            trade = owner.get(id(event))
            if trade is not None and trade.id in told:
                continue
            if trade is not None:
                told.add(trade.id)
            close = trade.close if trade else None
            run = first_run(session, event.at.us)
            yield report(
                RULE,
                session,
                sentences(
                    _failed(event),
                    msg("It belongs to {close}.", close=describe(close)) if close else None,
                ),
                [
                    *(e.locations[0] for e in (trade.witness.failures if trade else (event,))),
                    *([close.location] if close else []),
                ],
                (iso(event.at.us, SECOND), event.fields.symbol, event.pattern),
                run=run.id if run else "",
                severity=None if trade is None or trade.backfill is None else severity_of([trade]),
                at=event.at,
                data={
                    "at": event.at.iso(),
                    "detail": quote(event.captures.detail),
                    "trade": trade.id if trade else None,
                },
            )


def _failures(session: Session) -> list[Event]:
    """What the profile words, and what is known for the recorder's by who logged it or by the ledger that it names."""
    unworded = [e for t in session.closed for e in t.witness.failures if e.pattern == UNWORDED]
    return sorted([*session.evidence.of(EventKind.RECORDER_FAILED), *unworded], key=lambda e: e.at.us)


def _failed(event: Event) -> Message:
    detail = printable(quote(event.captures.detail, 200))
    if not detail:
        return msg("The recorder failed at {at}.", at=Time(event.at))
    return msg("The recorder failed at {at}: {detail}.", at=Time(event.at), detail=Code(detail))
