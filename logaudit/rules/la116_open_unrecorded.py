"""LA116 open-unrecorded.

# What it finds

A position that the log opened, of which a ledger holds no row although it holds those of the positions opened before
and after it, written when they were opened.

# Why it matters

Whoever reads the ledger does not know that the position exists; a bot that takes its positions from there forgets it,
and nothing will record its end.

# Example

`Opened long position ETH-USDT @ 3000.0 size=0.2` at 11:10 in the log; the ledger holds the positions opened at 10:30,
10:50, 11:20 and 11:40, and none of 11:10.

# What to do

Add the row from the log, and look at how the position ended: no close of it is logged either.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Time, label, msg, place
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import EntryKind, symbol_key
from logaudit.reconcile.positions import run_of
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import money, report
from logaudit.rules.wording import SIDES

RULE = Rule(
    "LA116",
    "open-unrecorded",
    Severity.ERROR,
    "a logged open that a ledger of open positions does not hold",
    label("rule", "a logged open has no row in a ledger of open positions"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such open."""
    for session in case.sessions:
        if not any(a.kind is EntryKind.OPEN_POSITION for lc in session.ledgers for a in lc.ledger.aside):
            continue
        from logaudit.reconcile.logged_opens import unrecorded_opens  # noqa: PLC0415 - few ledgers hold open positions

        for opened, ledger in unrecorded_opens(session):
            told = opened.fields
            run = run_of(session.runs, opened.at)
            yield report(
                RULE,
                session,
                msg(
                    "{symbol} {side} opened {at} at {price} has no row in {ledger}, which holds the positions opened "
                    "before and after it.",
                    symbol=Code(told.symbol),
                    side=SIDES[told.side],
                    at=Time(opened.at),
                    price=Code(money(told.entry_price) or "?"),
                    ledger=place(ledger.place),
                ),
                [opened.location, ledger.place],
                (symbol_key(told.symbol), told.side.value if told.side else "", iso(opened.at.us, SECOND)),
                run=run.id if run else "",
                at=opened.at,
                data={
                    "symbol": told.symbol,
                    "side": told.side.value if told.side else None,
                    "opened": opened.at.iso(),
                    "entry_price": money(told.entry_price),
                    "size": money(told.amount),
                },
            )
