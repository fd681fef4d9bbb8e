"""LA105 orphan-row.

# What it finds

A ledger row for which no close was logged, at a time that the logs cover.

# Why it matters

Either the ledger holds a trade that did not happen, or the bot closes positions on a path that logs nothing.

# Example

A row for SOL-USDT at 10:15:02; the logs run from 09:00 to 12:00 and hold no close of SOL-USDT near it.

# What to do

Look for the order in the exchange's own history. Rows outside the time of the logs are not judged; they are
counted as unverifiable.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import label, msg
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Case, UnclosedEntry
from logaudit.rules.base import money, report, row_meaning
from logaudit.rules.wording import describe_row, streams

RULE = Rule(
    "LA105",
    "orphan-row",
    Severity.WARNING,
    "a row without a logged close, where logs cover the time",
    label("rule", "a row without a logged close"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each row that nothing explains."""
    for session, trade in case.trades():
        if isinstance(trade, UnclosedEntry) and trade.state is TradeState.ORPHAN_ROW:
            row = trade.row
            yield report(
                RULE,
                session,
                msg(
                    "The row {row}, {pnl}, has no logged close although the logs cover its time (searched: "
                    "{streams}).",
                    row=describe_row(row),
                    pnl=pnl_figure([row]),
                    streams=streams(session),
                ),
                [row.location],
                row_meaning(row),
                run=trade.run,
                at=row.at,
                data={
                    "symbol": row.fields.symbol,
                    "side": row.fields.side.value if row.fields.side else None,
                    "closed": row.at.iso(),
                    "net_pnl": money(row.result),
                    "gross_only": row.gross_only,
                    "searched": list(session.evidence.stream_names),
                },
            )
