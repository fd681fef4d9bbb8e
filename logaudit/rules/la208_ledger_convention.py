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

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from msgspec.structs import replace

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Duration, Listed, Message, Place, label, msg, plural, plural_in
from logaudit.core.timestamp import SECOND
from logaudit.reconcile.matching import DeviationKind
from logaudit.reconcile.matching.deviations import UNPRINTED_BEFORE
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import LedgerConvention, is_rule
from logaudit.rules.base import report

RULE = Rule(
    "LA208",
    "ledger-convention",
    Severity.NOTE,
    "a ledger writes trades differently from the log",
    label("rule", "a ledger writes trades differently from the log"),
)

_CENT: Final = "100"
_CITED: Final = 8
_NAMED: Final = 4


def check(case: Case) -> Iterator[Finding]:
    """One finding for each way of writing, however many ledgers of a session share it."""
    for session in case.sessions:
        alike: dict[tuple[object, ...], list[LedgerConvention]] = {}
        for convention in session.conventions:
            deviation = convention.deviation
            known = (
                deviation.kind,
                deviation.row,
                deviation.seconds,
                convention.pairs,
                convention.lag != (0, 0),
            )
            alike.setdefault(known, []).append(convention)
        for group in alike.values():
            yield _said(session, group)


def _said(session: Session, group: Sequence[LedgerConvention]) -> Finding:
    first = group[0]
    support, of = sum(c.support for c in group), sum(c.of for c in group)
    lag = min(c.lag[0] for c in group), max(c.lag[1] for c in group)
    deviation = first.deviation
    dates = sorted(
        {str(lc.ledger.name_date or "") for lc in session.ledgers for c in group if lc.address == c.ledger}
    )
    return report(
        RULE,
        session,
        msg(
            "{ledgers}: {what} ({n} of {rows}).",
            ledgers=_ledgers(group),
            what=_what(replace(first, lag=lag)),
            n=support,
            rows=plural_in("of", "{n} row", "{n} rows", of),
        ),
        [place for c in group for place in c.proof][:_CITED],
        (deviation.kind.value, deviation.row, deviation.seconds, *dates[:1], *sorted(map(str, first.pairs))),
        data={
            "ledgers": [str(c.ledger) for c in group],
            "kind": deviation.kind.value,
            "factor": deviation.row or None,
            "pairs": [list(pair) for pair in first.pairs],
            "seconds": deviation.seconds or None,
            "support": support,
            "of": of,
            "whole": is_rule(support, of),
        },
    )


def _ledgers(group: Sequence[LedgerConvention]) -> Message:
    shown = Listed(tuple(Place(c.ledger) for c in group[:_NAMED]))
    if len(group) <= _NAMED:
        return msg("{ledgers}", ledgers=shown)
    return plural("{ledgers} and {n} more", "{ledgers} and {n} more", len(group) - _NAMED, ledgers=shown)


def _pairs(convention: LedgerConvention) -> Listed:
    """``BTC → XBT, MATIC → POL``, the first few."""
    return Listed(tuple(Code(f"{log} → {row}") for log, row in convention.pairs[:_NAMED]))


def _what(convention: LedgerConvention) -> Message:  # noqa: C901, PLR0911, PLR0912 - one sentence for each kind
    deviation = convention.deviation
    match deviation.kind:
        case DeviationKind.SIDE:
            return msg("the side is that of the closing order, not of the position")
        case DeviationKind.SYMBOL:
            return msg("symbols are named differently from the log: {pairs}", pairs=_pairs(convention))
        case DeviationKind.PRICE_SCALE:
            return msg(
                "many coins are one here, with prices and sizes to match: {pairs}", pairs=_pairs(convention)
            )
        case DeviationKind.SIZE_SIGN:
            return msg("sizes have the opposite sign")
        case DeviationKind.SIZE_NOTIONAL if not deviation.row:
            return msg("the size is the position's value, size × price")
        case DeviationKind.SIZE_NOTIONAL:
            return msg(
                "the size is {factor} times the position's value, size × price", factor=Code(deviation.row)
            )
        case DeviationKind.SIZE_CONTRACTS:
            return msg(
                "sizes are the log's times a constant, as contracts or lots are: {pairs}",
                pairs=_pairs(convention),
            )
        case DeviationKind.FEE_SIGN:
            return msg("commissions have the opposite sign")
        case DeviationKind.GROSS_FOR_NET if deviation.row == "net":
            return msg("the net PnL is the log's gross PnL")
        case DeviationKind.GROSS_FOR_NET if deviation.row == UNPRINTED_BEFORE.row:
            return msg("the PnL is before the fee, which the log's result is after")
        case DeviationKind.GROSS_FOR_NET:
            return msg("the gross PnL is what the log calls the result")
        case DeviationKind.AFTER_FEE:
            return msg("the net PnL is the log's result less the fee")
        case DeviationKind.PERCENT if deviation.row == _CENT:
            return msg("the PnL is a percentage of the position's value")
        case DeviationKind.PERCENT:
            return msg("the PnL is a fraction of the position's value")
        case DeviationKind.ONE_ROW:
            return msg("one row stands for several partial closes, whose sizes and money it adds up")
        case DeviationKind.SEVERAL_ROWS:
            return msg("several rows stand for one close, whose size and money they add up to")
        case DeviationKind.OPEN_TIME:
            return msg("rows show the time at which the position was opened")
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
