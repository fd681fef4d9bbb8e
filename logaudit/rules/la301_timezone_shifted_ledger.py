"""LA301 timezone-shifted-ledger.

# What it finds

A ledger whose file date is not the local date at which its run opened it, but another zone's: it gives the
interval of UTC offsets of the log's clock that explains the name.

# Why it matters

Whoever looks for the day's trades opens the wrong file, and a job that picks files by date reads none.

# Example

A run that began at 02:19 on 2025-11-23 fills `trades_2025-11-22.csv`: named in UTC, which puts the bot's clock
more than 2:19 h east of UTC.

# What to do

Name the file by the clock that the rows use: `datetime.now()` for both, or aware UTC times for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Message, Place, Text, Time, label, msg, sentences
from logaudit.core.timestamp import SECOND, Stamp, iso, offset_text
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import report

RULE = Rule(
    "LA301",
    "timezone-shifted-ledger",
    Severity.WARNING,
    "the file's date is another zone's date for its rows",
    label("rule", "a ledger named by another zone's date"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each ledger opened on another local date than its name says."""
    for session in case.sessions:
        for ledger in session.ledgers:
            naming = ledger.naming
            if naming is not None and naming.other_day and naming.possible and ledger.ledger.name_date:
                yield _shifted(session, ledger)


def _shifted(session: Session, ledger: ReconciledLedger) -> Finding:
    naming, day = ledger.naming, ledger.ledger.name_date
    assert naming is not None  # noqa: S101 - checked by the caller
    assert day is not None  # noqa: S101 - as above
    opened = next(at for at in ledger.openings if iso(at)[:10] != day.isoformat())
    rows = ledger.ledger.rows
    other = sum(1 for r in rows if r.at.day != day)
    first = [rows[0].location] if rows else []
    return report(
        RULE,
        session,
        sentences(
            _dated(ledger, day, opened, other),
            msg(
                "A name taken in UTC explains it for every offset of the bot's clock from {low} to {high}: at that "
                "moment the UTC date was {date}.",
                low=Text(offset_text(naming.low)),
                high=Text(offset_text(naming.high)),
                date=Text(day.isoformat()),
            ),
        ),
        [ledger.place, *_proof(session, ledger, opened), *first],
        (day.isoformat(), iso(opened, SECOND)),
        remedy=msg("Name the file by the clock of its rows."),
        data={
            "ledger": ledger.address.path,
            "file_date": day.isoformat(),
            "opened": iso(opened, SECOND),
            "low": offset_text(naming.low),
            "high": offset_text(naming.high),
            "low_seconds": naming.low,
            "high_seconds": naming.high,
            "rows": len(rows),
            "rows_on_other_dates": other,
        },
    )


def _dated(ledger: ReconciledLedger, day: date, opened: int, other: int) -> Message:
    """What the name says, and what the log and ``other`` rows say instead."""
    address, named, at = Place(ledger.address), Text(day.isoformat()), Time(Stamp(opened, SECOND))
    if not ledger.ledger.rows:
        return msg(
            "{ledger} is dated {date}, but was opened at {at} local time.", ledger=address, date=named, at=at
        )
    return msg(
        "{ledger} is dated {date}, but was opened at {at} local time and {other} of its {rows} rows lie on another "
        "date.",
        ledger=address,
        date=named,
        at=at,
        other=other,
        rows=len(ledger.ledger.rows),
    )


def _proof(session: Session, ledger: ReconciledLedger, opened: int) -> list[Location]:
    """The recorder's own line, or the start of the run."""
    lines = [e.locations[0] for e in ledger.opened if e.at.us == opened]
    runs = [r.started.locations[0] for r in session.runs if r.started is not None and r.start == opened]
    return (lines or runs)[:1]
