"""LA114 row-stands-open.

# What it finds

A row that the recorder wrote when the position was opened, and that still stands open though the log tells of the
close: no time, price or result of the end was ever filled in.

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
from logaudit.core.message import label, msg, place
from logaudit.core.pnl_words import pnl_figure
from logaudit.reconcile.open_rows import standing_rows
from logaudit.reconcile.reconciled import Case
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
    """One finding for each such row."""
    for session in case.sessions:
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
