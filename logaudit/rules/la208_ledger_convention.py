"""LA208 ledger-convention.

# What it finds

A ledger that writes its trades otherwise than the log: the side of the closing order, another name for a symbol, sizes
with a sign, in quote currency or in contracts, net for gross, percent for money, rows written late or with the time of
the open, one row for several partial closes. Said once for a ledger, with how many of its rows show it.

# Why it matters

The rows are those of the logged closes, and nothing is lost. But a program that compares the two sources word by word,
or sums the ledger's column, goes wrong.

# Example

    log     Closed long position BTC-USDT @ 60500.00 size=0.008 pnl=+4.0000
    ledger  2026-02-10 09:21:04,BTC-USDT,SELL,60000.00,60500.00,480.00,+4.0000

The side is that of the order which closed the long, and the size is 0.008 × 60000.

# What to do

Nothing, where it is meant. Where only some rows of a ledger do it, look at the code path that wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Duration, Message, Place, label, msg, plural_in
from logaudit.core.timestamp import SECOND
from logaudit.reconcile.matching import DeviationKind
from logaudit.reconcile.reconciled import Case, LedgerConvention, Session
from logaudit.rules.base import report

RULE = Rule(
    "LA208",
    "ledger-convention",
    Severity.NOTE,
    "a ledger writes trades otherwise than the log",
    label("rule", "a ledger writes trades otherwise than the log"),
)

_CENT: Final = "100"


def check(case: Case) -> Iterator[Finding]:
    """One finding for each way of writing of each ledger."""
    for session in case.sessions:
        for convention in session.conventions:
            yield _said(session, convention)


def _said(session: Session, convention: LedgerConvention) -> Finding:
    deviation = convention.deviation
    return report(
        RULE,
        session,
        msg(
            "{ledger}: {what} ({n} of {rows}).",
            ledger=Place(convention.ledger),
            what=_what(convention),
            n=convention.support,
            rows=plural_in("of", "{n} row", "{n} rows", convention.of),
        ),
        convention.proof,
        (deviation.kind.value, deviation.log, deviation.row, deviation.seconds),
        data={
            "ledger": str(convention.ledger),
            "kind": deviation.kind.value,
            "log": deviation.log or None,
            "row": deviation.row or None,
            "seconds": deviation.seconds or None,
            "support": convention.support,
            "of": convention.of,
            "whole": convention.prevails,
        },
    )


def _what(convention: LedgerConvention) -> Message:  # noqa: C901, PLR0911, PLR0912 - one sentence for each kind
    deviation = convention.deviation
    match deviation.kind:
        case DeviationKind.SIDE:
            return msg("the side is that of the closing order, not of the position")
        case DeviationKind.SYMBOL:
            return msg("{log} of the log is {row} here", log=Code(deviation.log), row=Code(deviation.row))
        case DeviationKind.PRICE_SCALE:
            return msg(
                "{log} of the log is {row} here, with prices and sizes to match",
                log=Code(deviation.log),
                row=Code(deviation.row),
            )
        case DeviationKind.SIZE_SIGN:
            return msg("sizes bear the other sign")
        case DeviationKind.SIZE_NOTIONAL if not deviation.row:
            return msg("the size is the position's value, size × price")
        case DeviationKind.SIZE_NOTIONAL:
            return msg(
                "the size is {factor} times the position's value, size × price", factor=Code(deviation.row)
            )
        case DeviationKind.SIZE_CONTRACTS:
            return msg(
                "the size is {factor} times the log's, as contracts or lots are", factor=Code(deviation.row)
            )
        case DeviationKind.FEE_SIGN:
            return msg("commissions bear the other sign")
        case DeviationKind.GROSS_FOR_NET if deviation.row == "net":
            return msg("the net PnL is the log's gross PnL")
        case DeviationKind.GROSS_FOR_NET:
            return msg("the gross PnL is what the log calls the result")
        case DeviationKind.PERCENT if deviation.row == _CENT:
            return msg("the PnL is a percentage of the position's value")
        case DeviationKind.PERCENT:
            return msg("the PnL is a fraction of the position's value")
        case DeviationKind.ONE_ROW:
            return msg("one row stands for several partial closes, whose sizes and money it adds up")
        case DeviationKind.SEVERAL_ROWS:
            return msg("several rows stand for one close, whose size and money they add up to")
        case DeviationKind.OPEN_TIME:
            return msg("rows bear the time at which the position was opened")
        case DeviationKind.CLOCK | DeviationKind.DAY | DeviationKind.LAG:
            return _when(convention)
        case _:
            assert_never(deviation.kind)


def _when(convention: LedgerConvention) -> Message:
    """How rows lie in time: before or after their closes, by one length or between two."""
    seconds = convention.deviation.seconds
    if seconds:
        apart = Duration(abs(seconds) * SECOND)
        if seconds < 0:
            return msg("rows are {apart} earlier than the log lines of their closes", apart=apart)
        return msg("rows are {apart} later than the log lines of their closes", apart=apart)
    return _between(*convention.lag)


def _between(low: int, high: int) -> Message:
    if abs(high - low) < SECOND:
        if low < 0:
            return msg("rows are {apart} earlier than the log lines of their closes", apart=Duration(-low))
        return msg("rows are {apart} later than the log lines of their closes", apart=Duration(high))
    if low >= 0:
        return msg(
            "rows are written {low} to {high} after their closes", low=Duration(low), high=Duration(high)
        )
    if high <= 0:
        return msg(
            "rows lie {low} to {high} before the log lines of their closes",
            low=Duration(-high),
            high=Duration(-low),
        )
    return msg(
        "rows lie from {low} before to {high} after the log lines of their closes",
        low=Duration(-low),
        high=Duration(high),
    )
