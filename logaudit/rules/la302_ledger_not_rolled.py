"""LA302 ledger-not-rolled.

# What it finds

A ledger opened on the date of its name whose rows run past midnight: the run kept writing into the file it
began with.

# Why it matters

The name promises one day. A job that reads "yesterday's file" finds half of the trades and doubts the rest.

# Example

A run that began at 22:52 on 2025-11-27 writes the trades of 2025-11-28 into `trades_2025-11-27.csv`.

# What to do

Choose the file at each write by the trade's own date, or name the file after the run. It is not a time zone
problem: the name was right when the file was opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Place, Text, Time, label, msg, plural
from logaudit.core.timestamp import day_of
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import report

RULE = Rule(
    "LA302",
    "ledger-not-rolled",
    Severity.WARNING,
    "rows run past midnight in the previous day's file",
    label("rule", "a ledger not rolled at midnight"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each ledger that holds rows of later days than its name says."""
    for session in case.sessions:
        for ledger in session.ledgers:
            date = ledger.ledger.name_date
            if date is None or (ledger.naming is not None and ledger.naming.other_day):
                continue
            own = ledger.own_rows
            later = [r for r in own if day_of(ledger.log_time(r)) > date]
            began = ledger.openings or tuple(ledger.log_time(r) for r in own[:1])
            if later and any(day_of(at) == date for at in began):
                yield report(
                    RULE,
                    session,
                    plural(
                        "{ledger} is dated {date} and holds {n} row of later days, the first at {at}: it was opened "
                        "on its own date and not rolled at midnight.",
                        "{ledger} is dated {date} and holds {n} rows of later days, the first at {at}: it was opened "
                        "on its own date and not rolled at midnight.",
                        len(later),
                        ledger=Place(ledger.address),
                        date=Text(date.isoformat()),
                        at=Time(later[0].at),
                    ),
                    [later[0].location, ledger.place, *(e.locations[0] for e in ledger.opened[-1:])],
                    (date.isoformat(), later[0].at.day.isoformat()),
                    remedy=msg("Open a new file at midnight, or leave the date out of its name."),
                    data={
                        "ledger": ledger.address.path,
                        "file_date": date.isoformat(),
                        "rows": len(later),
                        "first": later[0].at.iso(),
                    },
                )
