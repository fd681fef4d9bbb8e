"""LA107 duplicate-row.

# What it finds

Two rows that record one close. A ledger that is kept in two forms, such as a CSV and a JSON file, is said to be so,
once, as a note.

# Why it matters

The ledger counts the trade's PnL twice.

# Example

The same symbol, side, prices and time on lines 7 and 8 of one ledger.

# What to do

Remove one. If it recurs, two recorders share the file, or the close path calls the recorder twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Address
from logaudit.core.message import Place, label, msg, place, plural
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.mirrors import mirrored
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import money, report, row_meaning
from logaudit.rules.wording import describe_row

RULE = Rule(
    "LA107",
    "duplicate-row",
    Severity.ERROR,
    "two rows for one close",
    label("rule", "two rows for one close"),
)

#: Rows that a finding of a ledger kept twice cites.
MOST: Final = 3


def check(case: Case) -> Iterator[Finding]:
    """One finding for each row that repeats another."""
    for session in case.sessions:
        again: Counter[tuple[object, ...]] = Counter()
        mirrors = mirrored(session)
        for (one, other), pairs in sorted(mirrors.items()):
            yield _kept_twice(session, one, other, pairs)
        of_closes = {row.location for trade in session.closed for row in trade.rows}
        for row, twin in session.duplicates:
            if (row.location.address, twin.location.address) in mirrors:
                continue
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


def _kept_twice(
    session: Session, one: Address, other: Address, pairs: Sequence[tuple[LedgerEntry, LedgerEntry]]
) -> Finding:
    return report(
        RULE,
        session,
        plural(
            "{n} row of {ledger} is in {other} as well: two forms of one ledger. Its PnL is counted once.",
            "{n} rows of {ledger} are in {other} as well: two forms of one ledger. Their PnL is counted once.",
            len(pairs),
            ledger=Place(one),
            other=Place(other),
        ),
        [location for pair in pairs[:MOST] for location in (pair[0].location, pair[1].location)],
        ("kept twice", str(one), str(other)),
        severity=Severity.NOTE,
        data={"rows": len(pairs), "ledger": str(one), "other": str(other)},
    )
