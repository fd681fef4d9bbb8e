"""LA202 empty-ledger.

# What it finds

A ledger that holds a header and no row although it was the ledger in force (the one its run opened, else the
newest at hand) while closes went unrecorded.

# Why it matters

The recorder was able to create the file, and nothing was ever written: the failure lies after its set-up.

# Example

`trades_2025-11-27.csv`, 109 bytes, header only; a close on 2025-11-28 at 05:13:38.

# What to do

The folder is writable and the recorder was alive when the file was made: look at the path from the close to
the recorder's write, not at the file system.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Time, label, msg, plural
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import losses, report, severity_of

RULE = Rule(
    "LA202",
    "empty-ledger",
    Severity.ERROR,
    "header only, though it was the ledger in force while closes happened",
    label("rule", "the ledger in force holds no row"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such ledger."""
    for session in case.sessions:
        for ledger in session.ledgers:
            if ledger.ledger.rows or ledger.ledger.rejected:
                continue
            lost = [t for t in session.missing if _owner(session, t) is ledger]
            if lost:
                yield _empty(session, ledger, lost)


def _owner(session: Session, trade: ClosedTrade) -> ReconciledLedger | None:
    return in_force(session.ledgers, session.run(trade.run), trade.at.us)


def _empty(session: Session, ledger: ReconciledLedger, lost: list[ClosedTrade]) -> Finding:
    closes = [t.close for t in lost]
    name = ledger.address.member or ledger.address.path
    why = (
        msg("which this run opened at {at}", at=Time(ledger.opened[-1].at))
        if ledger.opened
        else msg("the newest ledger at hand")
    )
    return report(
        RULE,
        session,
        msg(
            "{ledger} ({why}) holds a header and no row ({size}), though {closes} happened while it was in force, the "
            "first at {at}.",
            ledger=Code(name),
            why=why,
            size=plural("{n} byte", "{n} bytes", ledger.extract.size),
            closes=plural("{n} close", "{n} closes", len(closes)),
            at=Time(closes[0].at),
        ),
        [ledger.place, *(o.locations[0] for o in ledger.opened[-1:]), *(c.location for c in closes)],
        (str(ledger.ledger.name_date or ""),),
        run=lost[0].run,
        parts=losses(lost),
        severity=severity_of(lost),
        remedy=msg("The file could be created: look for the call that should write to it.")
        if any(t.lost for t in lost)
        else None,
        data={
            "ledger": ledger.address.path,
            "file_date": ledger.ledger.name_date.isoformat() if ledger.ledger.name_date else None,
            "bytes": ledger.extract.size,
            "closes": len(closes),
            "first_close": closes[0].at.iso(),
            "opened": ledger.opened[-1].at.iso() if ledger.opened else None,
        },
    )
