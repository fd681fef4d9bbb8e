"""LA107 duplicate-row.

# What it finds

Two rows that record one close.

# Why it matters

The ledger counts the trade's PnL twice.

# Example

The same symbol, side, prices and time on lines 7 and 8 of one ledger.

# What to do

Remove one. If it recurs, two recorders share the file, or the close path calls the recorder twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import label, msg, place
from logaudit.core.pnl_words import pnl_figure
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import money, report, row_meaning
from logaudit.rules.wording import describe_row

RULE = Rule(
    "LA107",
    "duplicate-row",
    Severity.ERROR,
    "two rows for one close",
    label("rule", "two rows for one close"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each row that repeats another."""
    for session in case.sessions:
        again: Counter[tuple[object, ...]] = Counter()
        of_closes = {row.location for trade in session.closed for row in trade.rows}
        for row, twin in session.duplicates:
            meaning = row_meaning(row)
            again[meaning] += 1
            yield report(
                RULE,
                session,
                msg(
                    "The row {row} repeats {twin}: {pnl} counts twice.",
                    row=describe_row(row),
                    twin=place(twin.location),
                    pnl=pnl_figure([row]),
                ),
                [row.location, twin.location],
                (*meaning, again[meaning]),
                at=row.at,
                # Of rows that no close tells of, nobody knows whether they are trades at all.
                severity=None if twin.location in of_closes else Severity.WARNING,
                data={
                    "symbol": row.fields.symbol,
                    "closed": row.at.iso(),
                    "net_pnl": money(row.result),
                    "gross_only": row.gross_only,
                },
                remedy=msg("Delete one of the two rows."),
            )
