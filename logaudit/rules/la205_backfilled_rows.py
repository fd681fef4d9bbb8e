"""LA205 backfilled-rows.

# What it finds

Rows that the recorder did not write: other timestamp precision, blank fields, out of order, the open time in
place of the close time. Says how many restore a missing close, how many repeat a recorded one, and how many
fit no close.

# Why it matters

Restored rows lack prices and exact PnL, and repeated ones count a trade twice: sums over the file are wrong.

# Example

    2025-11-16T22:01:22,DOGE-USDT,short,,,,,,0.1000,25,

# What to do

Remove the rows that repeat; complete the others from the log lines they are linked to. Then mend the recorder,
so that nobody has to write rows by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Joiner, Listed, Place, codes, label, msg, plural
from logaudit.core.money_parts import amount_of
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.timestamp import SECOND
from logaudit.reconcile.matching import carries_open_time
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import losses, money, report

RULE = Rule(
    "LA205",
    "backfilled-rows",
    Severity.WARNING,
    "rows that the recorder did not write",
    label("rule", "rows that the recorder did not write"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each ledger with such rows."""
    for session in case.sessions:
        for ledger in session.ledgers:
            if ledger.third_party_rows:
                yield _backfilled(session, ledger)


def _backfilled(session: Session, ledger: ReconciledLedger) -> Finding:
    rows = ledger.third_party_rows
    places = {r.location for r in rows}
    restoring = [t for t in session.closed if t.backfill is not None and t.backfill.location in places]
    repeating = [(row, t) for row, t in session.repeats if row.location in places]
    window = round(session.profile.ledger.window * SECOND)
    pairs = [(t.close, t.backfill) for t in restoring] + [(t.close, row) for row, t in repeating]
    opened = sum(1 for close, row in pairs if row and carries_open_time(close, row, window))
    unexplained = len(rows) - len(restoring) - len(repeating)
    amount = amount_of(rows).value
    blank = sorted({name for r in rows for name in r.blank})
    kinds = (
        plural("{n} restores a missing close", "{n} restore missing closes", len(restoring)),
        plural("{n} repeats a recorded one", "{n} repeat recorded ones", len(repeating)),
        plural("{n} fits no logged close", "{n} fit no logged close", unexplained),
    )
    more = [plural("It adds {pnl}", "They add {pnl}", len(rows), pnl=pnl_figure(rows))]
    if opened:
        more.append(
            plural(
                "{n} holds the open time in place of the close time",
                "{n} hold the open time in place of the close time",
                opened,
            )
        )
    if blank:
        more.append(msg("blank: {columns}", columns=codes(blank)))
    return report(
        RULE,
        session,
        plural(
            "{n} row of {ledger} was not written by the recorder: {kinds}. {more}.",
            "{n} rows of {ledger} were not written by the recorder: {kinds}. {more}.",
            len(rows),
            ledger=Place(ledger.address),
            kinds=Listed(tuple(kind for kind in kinds if kind.count)),
            more=Listed(tuple(more), Joiner.SEMICOLON),
        ),
        [r.location for r in rows],
        (str(ledger.ledger.name_date or ""), len(repeating), unexplained),
        parts=losses(restoring),
        remedy=msg("Delete the rows that repeat recorded trades.") if repeating else None,
        data={
            "ledger": ledger.address.path,
            "rows": len(rows),
            "restoring": len(restoring),
            "repeating": len(repeating),
            "unexplained": unexplained,
            "open_time": opened,
            "net_pnl": money(amount),
            "blank": list(blank),
        },
    )
