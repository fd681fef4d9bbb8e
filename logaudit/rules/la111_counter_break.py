"""LA111 counter-break.

# What it finds

The recorder's running total ("Total: 7") skips, repeats or runs back within a run, or disagrees with the number
of rows at hand for the time it covers.

# Why it matters

The total is an independent witness: it counts what the recorder thinks it wrote.

# Example

Acknowledgements 1, 2, 4: the third is missing. Or seven acknowledgements and six rows.

# What to do

A skipped number points to an acknowledgement or its log line that was lost; more acknowledgements than rows
point to a write that did not reach the file, or to a ledger that is not at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.message import Message, Text, Time, label, msg, plural, plural_in
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import lacks_logs, report, run_meaning

RULE = Rule(
    "LA111",
    "counter-break",
    Severity.WARNING,
    "the recorder's running total breaks or disagrees with the rows",
    label("rule", "the recorder's running total breaks"),
    needs=Needs.LOGS,
    told_in=ReportSection.TIMELINE,
)


def check(case: Case) -> Iterator[Finding]:
    """Breaks in each run's sequence, then its count against the rows."""
    for session in case.sessions:
        for run in session.runs:
            counted = [
                (e.captures.counter, e)
                for e in sorted(
                    session.events_in(run, EventKind.TRADE_ACKNOWLEDGED), key=lambda e: e.at.order
                )
                if e.captures.counter is not None
            ]
            if counted:
                yield from _breaks(session, run, counted)
                yield from _rows(session, run, counted)


def _breaks(session: Session, run: Run, counted: Sequence[tuple[int, Event]]) -> Iterator[Finding]:
    for (before, first), (after, second) in pairwise(counted):
        if after == before + 1 or lacks_logs(session, first.at.us, second.at.us):
            continue
        yield report(
            RULE,
            session,
            msg(
                "The recorder's total {what}: {before} at {at}, then {after} at {then}.",
                what=_broken(before, after),
                before=Text(str(before)),
                at=Time(first.at),
                after=Text(str(after)),
                then=Time(second.at),
            ),
            [second.locations[0], first.locations[0]],
            (before, after, iso(second.at.us, SECOND)),
            run=run.id,
            at=second.at,
            data={
                "before": before,
                "before_at": first.at.iso(),
                "after": after,
                "at": second.at.iso(),
            },
        )


def _broken(before: int, after: int) -> Message:
    if after == before:
        return label("counter", "repeats")
    return label("counter", "skips") if after > before else label("counter", "runs back")


def _rows(session: Session, run: Run, counted: Sequence[tuple[int, Event]]) -> Iterator[Finding]:
    """Acknowledged trades of the run against the recorder's rows within the acknowledgements' time."""
    if not session.ledgers or _unread(session):
        return
    margin = round(session.profile.ledger.window * SECOND)
    first, last = counted[0][1], counted[-1][1]
    earliest, latest = min(e.at.us for _, e in counted), max(e.at.end for _, e in counted)
    ours = {e.location for _, e in counted}
    rows = [
        row
        for row, at, acks in _records(session)
        if (
            not ours.isdisjoint(e.location for e in acks)
            if acks
            else earliest - margin - row.at.precision < at <= latest + margin
        )
    ]
    told = counted[-1][0] - counted[0][0] + 1
    if told == len(rows) or len(counted) != told:
        return
    yield report(
        RULE,
        session,
        msg(
            "The recorder counted {trades} (total {low} to {high}) from {first} to {last}; the ledgers hold {rows} of "
            "that time.",
            trades=plural_in("counted", "{n} trade", "{n} trades", told),
            low=Text(str(counted[0][0])),
            high=Text(str(counted[-1][0])),
            first=Time(first.at),
            last=Time(last.at),
            rows=plural("{n} row", "{n} rows", len(rows)),
        ),
        [last.locations[0], first.locations[0], *(r.location for r in rows[-1:])],
        (run_meaning(run), told - len(rows)),
        run=run.id,
        at=first.at,
        until=last.at,
        data={"acknowledged": told, "rows": len(rows), "from": first.at.iso(), "to": last.at.iso()},
    )


def _unread(session: Session) -> bool:
    """Whether there may be rows that were not read, or not with their time."""
    return bool(session.possible_ledgers) or any(
        lc.ledger.rejected or lc.ledger.undated for lc in session.ledgers
    )


def _records(session: Session) -> Iterator[tuple[LedgerEntry, int, Sequence[Event]]]:
    """What the recorder wrote: a row for each recorded close, whatever share one, its time, its counted trades.

    Of the parts of a position that share a row, those are left out that the recorder did not count when it counted one.

    An acknowledgement tells a row's run where the clock does not: in the hour that an autumn night has twice.
    """
    taken = {row.location for trade in session.closed for row in (trade.row, *trade.parts) if row}
    counts = [[e for e in t.witness.acks if e.captures.counter is not None] for t in session.closed]
    counted = {t.row.location for t, acks in zip(session.closed, counts, strict=True) if t.row and acks}
    for trade, acks in zip(session.closed, counts, strict=True):
        if trade.row is not None and (acks or trade.row.location not in counted):
            yield trade.row, trade.at.us, acks
    for ledger in session.ledgers:
        for row in ledger.own_rows:
            if row.location not in taken:
                yield row, ledger.log_time(row), ()
