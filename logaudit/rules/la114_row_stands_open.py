"""LA114 row-stands-open.

# What it finds

A row that the recorder wrote when the position was opened, and that still stands open though the log tells of the
close: no time, price or result of the end was ever filled in. Where not one of many rows was ever completed, though
markets were opened again and again, that is said once, as a warning.

# Why it matters

The result of the trade is lost, and whoever reads the ledger takes the position for a live one.

# Example

`2,2026-02-10 09:20:00,,BTC-USDT,short,60000.00,,0.002,,open` in the ledger, and in the log `Closed short position
BTC-USDT` at 09:31.

# What to do

Complete the row from the close in the log, and look for the path that closes a position without updating its row.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, label, msg, place, plural
from logaudit.core.pnl_words import pnl_figure
from logaudit.reconcile.open_rows import UncompletedLedger, never_completed, standing_rows
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report, trade_data, trade_meaning
from logaudit.rules.wording import describe

RULE = Rule(
    "LA114",
    "row-stands-open",
    Severity.ERROR,
    "a row written at open was never completed though the log tells of the close",
    label("rule", "a row written at open was never completed though the log tells of the close"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such row, and one for a ledger of which none was completed."""
    for session in case.sessions:
        yield from (_uncompleted(session, found) for found in never_completed(session))
        for standing in standing_rows(session):
            trade, row = standing.trade, standing.row
            yield report(
                RULE,
                session,
                msg(
                    "{close}, {pnl}: its row, {row}, still stands open.",
                    close=describe(trade.close),
                    pnl=pnl_figure([trade]),
                    row=place(row.location),
                ),
                [row.location, trade.close.location],
                trade_meaning(trade),
                run=trade.run,
                data=trade_data(trade),
                remedy=msg("Complete the row with the close's time, price and result."),
            )


def _uncompleted(session: Session, found: UncompletedLedger) -> Finding:
    name = found.ledger.address.member or found.ledger.address.path
    return report(
        RULE,
        session,
        plural(
            "{ledger} holds {n} row of an opened position, and none that tells how one ended.",
            "{ledger} holds {n} rows of opened positions, and none that tells how one ended, though markets were "
            "opened again and again: the recorder never completes a row, or all are still open.",
            len(found.rows),
            ledger=Code(name),
        ),
        [found.rows[0].location, found.rows[-1].location],
        ("uncompleted", name.rpartition("/")[2]),
        severity=Severity.WARNING,
        data={"rows": len(found.rows)},
        remedy=msg("Look for the code that should fill in the end of a trade, and whether it is called."),
    )
