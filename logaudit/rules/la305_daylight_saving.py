"""LA305 daylight-saving.

# What it finds

A change of daylight time: a log that tells an hour twice in autumn or leaves one out in spring, and a ledger whose
distance from the log changes by an hour from one row on.

# Why it matters

It is no silence, no jump of the clock and no loss. But times of that night are ambiguous for every other program, and
durations over the change are an hour off.

# Example

02:59:58 is followed by 02:00:01 on the last Sunday of October: the order of the lines counts, not their times.

# What to do

Log in UTC, or with the offset in the stamp. With `--tz` logaudit knows the nights on which the zone's clock is changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Duration, Place, Time, label, msg
from logaudit.core.timestamp import HOUR, SECOND, Stamp, iso, stamp_at
from logaudit.reconcile.normalize import ClockTurn
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import report

RULE = Rule(
    "LA305",
    "daylight-saving",
    Severity.NOTE,
    "the clock was changed for daylight time",
    label("rule", "the clock was changed for daylight time"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each change of a session's logs; where none shows it, one for each ledger that does."""
    for session in case.sessions:
        nights: dict[tuple[int, int], list[ClockTurn]] = {}
        for turn in session.evidence.turns:
            nights.setdefault((turn.before // (12 * HOUR), turn.seconds), []).append(turn)
        for turns in nights.values():
            yield _of_logs(session, turns)
        if not nights:
            yield from (_of_ledger(session, lc) for lc in session.ledgers if lc.shift.changes)


def _of_logs(session: Session, turns: list[ClockTurn]) -> Finding:
    first = turns[0]
    sides = {"before": Time(Stamp(first.before, SECOND)), "after": Time(Stamp(first.after, SECOND))}
    return report(
        RULE,
        session,
        msg("The clock was set back by an hour: {before} is followed by {after}.", **sides)
        if first.seconds < 0
        else msg("The clock was set forward by an hour: {before} is followed by {after}.", **sides),
        [turn.location for turn in turns],
        (iso(first.before, SECOND)[:10], first.seconds),
        at=stamp_at(first.after),
        data={
            "before": iso(first.before),
            "after": iso(first.after),
            "seconds": first.seconds,
            "files": len({turn.location.address for turn in turns}),
        },
    )


def _of_ledger(session: Session, ledger: ReconciledLedger) -> Finding:
    known = ledger.shift.seconds or 0
    since, seconds = ledger.shift.changes[0]
    row = next(r for r in ledger.ledger.rows if r.number == since)
    return report(
        RULE,
        session,
        msg(
            "From {at} on the rows of {ledger} are {after} from the log lines of the same trades, before it {before}: "
            "the clock of one of the two was changed.",
            at=Time(row.at),
            ledger=Place(ledger.address),
            before=Duration(abs(known) * SECOND),
            after=Duration(abs(seconds) * SECOND),
        ),
        [row.location],
        (row.at.iso()[:10], seconds - known),
        at=row.at,
        data={
            "ledger": str(ledger.address),
            "at": row.at.iso(),
            "seconds_before": known,
            "seconds_after": seconds,
        },
    )
