"""LA115 fill-unrecorded.

# What it finds

An order fill that the bot logged and that no row of its ledger of fills records, although the ledger covers its time
and holds other fills of the log.

# Why it matters

Positions, fees and results that are computed from the fills are wrong from this one on.

# Example

    2026-02-10 09:20:00,412 - INFO - Order buy-7 filled: BUY 2.5 LTC-USDT @ 84.125, trade 900107

and no row of the ledger of fills bears the trade 900107.

# What to do

Fetch the fill from the exchange by its order, and add it. Then look at the log around it: a recorder that was stopped
before the bot, or an error of the database.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Message, Time, label, msg
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import symbol_key
from logaudit.reconcile.logged_fill import LoggedFill
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import money, report, side_word

RULE = Rule(
    "LA115",
    "fill-unrecorded",
    Severity.ERROR,
    "a logged order fill that no row of the ledger of fills records",
    label("rule", "a logged order fill has no ledger row"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each lost fill."""
    for session in case.sessions:
        yield from (_lost(session, fill) for fill in session.fills if fill.lost)


def _lost(session: Session, fill: LoggedFill) -> Finding:
    told = fill.event.fields
    return report(
        RULE,
        session,
        _sentence(fill),
        tuple(fill.event.locations),
        (
            symbol_key(told.symbol), side_word(told), iso(fill.event.at.us, SECOND), told.trade_id, told.order_id,
            money(told.exit_price), money(told.amount),
        ),
        run=fill.run,
        at=fill.event.at,
        data={
            "symbol": told.symbol,
            "filled": fill.event.at.iso(),
            "price": money(told.exit_price),
            "size": money(told.amount),
            "order_id": told.order_id or None,
            "trade_id": told.trade_id or None,
        },
    )  # fmt: skip


def _sentence(fill: LoggedFill) -> Message:
    told = fill.event.fields
    size, price = Code(money(told.amount) or "?"), Code(money(told.exit_price) or "?")
    symbol, at = Code(told.symbol), Time(fill.event.at)
    if not told.order_id:
        return msg(
            "The fill of {size} {symbol} at {price}, {at}, has no row.",
            size=size,
            symbol=symbol,
            price=price,
            at=at,
        )
    return msg(
        "The fill of {size} {symbol} at {price}, {at}, of order {order} has no row.",
        size=size,
        symbol=symbol,
        price=price,
        at=at,
        order=Code(told.order_id),
    )
