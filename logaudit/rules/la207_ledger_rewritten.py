"""LA207 ledger-rewritten.

# What it finds

A ledger that was opened anew: the recorder had acknowledged trades in earlier runs, and the first row that the file
still holds is one of a later run. Also a copy of the ledger that lies beside it (`trades_backup.csv`,
`trades.csv.bak`) and holds rows that the ledger no longer has.

# Why it matters

The rows were there, and are gone: whoever adds the file up since then misses their money. Each further start of the
bot takes the next ones.

# Example

Two runs on one day write `trades.csv`; the second opens it with mode `w`. The trades of the first were acknowledged,
and the file begins with the first trade of the second.

# What to do

Open the ledger in mode `a`, and write the header only where the file is empty. Restore the rows from a copy, or from
the closes in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Place, Time, label, msg, plural
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.timestamp import Stamp
from logaudit.reconcile.ledger_copies import LedgerCopy, ledger_copies
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.rewritten import Rewrite, rewrites
from logaudit.rules.base import losses, money, net_of, report, run_meaning

RULE = Rule(
    "LA207",
    "ledger-rewritten",
    Severity.ERROR,
    "acknowledged rows are gone after the ledger was opened anew",
    label("rule", "acknowledged rows are gone after the ledger was opened anew"),
)

_CITED = 5


def check(case: Case) -> Iterator[Finding]:
    """One finding for each ledger that a run opened anew, and one for each copy that holds more than its ledger."""
    for session in case.sessions:
        for rewrite in rewrites(session):
            yield _rewritten(session, rewrite)
        for copy in ledger_copies(session.evidence.ledgers):
            if copy.gone:
                yield _kept_by_copy(session, copy)


def _rewritten(session: Session, rewrite: Rewrite) -> Finding:
    gone, ledger = rewrite.gone, rewrite.ledger
    first = min(ledger.own_rows, key=lambda row: row.at.us)
    return report(
        RULE,
        session,
        plural(
            "{ledger} was opened anew after {at}: the row of {n} close that the recorder had acknowledged before is "
            "gone ({pnl}); its first row is of {first}.",
            "{ledger} was opened anew after {at}: the rows of {n} closes that the recorder had acknowledged before are "
            "gone ({pnl}); its first row is of {first}.",
            len(gone),
            ledger=Place(ledger.address),
            at=Time(Stamp(rewrite.run.start)),
            pnl=pnl_figure(gone),
            first=Time(first.at),
        ),
        [
            first.location,
            *([rewrite.run.started.location] if rewrite.run.started is not None else []),
            *(ack.location for trade in gone[:_CITED] for ack in trade.witness.acks[:1]),
        ],
        ("opened anew", run_meaning(rewrite.run)),
        run=rewrite.run.id,
        parts=losses(gone),
        data={"ledger": str(ledger.address), "gone": len(gone), "net_pnl": money(net_of(gone))},
        remedy=msg("Open the ledger to append, and write its header only where it is empty."),
    )


def _kept_by_copy(session: Session, copy: LedgerCopy) -> Finding:
    gone = copy.gone
    return report(
        RULE,
        session,
        plural(
            "{copy} holds {n} row that {ledger} no longer has; what both hold counts once.",
            "{copy} holds {n} rows that {ledger} no longer has; what both hold counts once.",
            len(gone),
            copy=Place(copy.copy.address),
            ledger=Place(copy.ledger.address),
        ),
        [
            *(row.location for row in gone[:_CITED]),
            copy.ledger.address.as_location(gone[0].location.role),
        ],
        ("kept by a copy", *sorted(row.at.iso() for row in gone)),
        data={"ledger": str(copy.ledger.address), "copy": str(copy.copy.address), "gone": len(gone)},
        remedy=msg("Restore these rows from the copy, and look for what took them from the ledger."),
    )
