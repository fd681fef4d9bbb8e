"""LA106 value-mismatch.

# What it finds

A close and its row that disagree on price, size, PnL, commission, reason or duration by more than the printed
precision. Where the same symbol is off by one constant ratio, that ratio is named once: a unit error. A reason
that the ledger always words in one other way is named once too, as a note.

# Why it matters

A wrong contract multiplier turns a profit of 0.04 into one of 3.59 and every sum with it.

# Example

BTC-USDT: the ledger's gross PnL is 100 times the log's in 6 of 6 trades.

# What to do

A constant ratio is nearly always the contract value (`ctVal`) missing or applied twice. Single mismatches are
best checked against the exchange's own fills.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, assert_never

from logaudit.core.fields import FieldName
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Joiner, Listed, Message, Number, label, msg, plural
from logaudit.core.money import (
    format_decimal,
    quotient,
    significant,
    trimmed,
    unit,
)
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching import Difference, NumberDifference, WordDifference
from logaudit.reconcile.matching.grain import GRAINS
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.reconcile.unit_ratio import PNL, Ratio, constant_ratio, explains, pnl_pair
from logaudit.rules.base import report, trade_data, trade_meaning
from logaudit.rules.wording import FIELDS, describe

RULE = Rule(
    "LA106",
    "value-mismatch",
    Severity.ERROR,
    "close and row disagree beyond printed precision",
    label("rule", "close and row disagree"),
)

#: Fields that a wrong unit carries along with the PnL.
_WITH_IT: Final = (FieldName.COMMISSION, FieldName.SIZE, FieldName.CONTRACTS)
#: A word that the ledger always uses for another is seen so often at least.
_ENOUGH: Final = 2


def check(case: Case) -> Iterator[Finding]:
    """Unit errors by symbol and words for reasons first; then every mismatch that they do not explain."""
    for session in case.sessions:
        matched = [t for t in session.closed if t.match is not None]
        words = _vocabulary(matched)
        for log, row in sorted(words.items()):
            yield _reworded(session, log, row, [t for t in matched if _reasons(t) == (log, row)])
        by_symbol: dict[str, list[ClosedTrade]] = defaultdict(list)
        for trade in matched:
            by_symbol[symbol_key(trade.fields.symbol)].append(trade)
        for symbol in sorted(by_symbol):
            yield from _of_symbol(session, by_symbol[symbol], words)


def _reasons(trade: ClosedTrade) -> tuple[str, str] | None:
    """The reason as the log and as the row have it, in lower case; None where a side is silent or in several parts."""
    if trade.match is not None and any(d.kind in GRAINS for d in trade.match.deviations):
        return None
    log, row = trade.fields.reason, trade.row.fields.reason if trade.row else ""
    return (log.lower(), row.lower()) if log and row else None


def _vocabulary(trades: Sequence[ClosedTrade]) -> dict[str, str]:
    """Reasons of the log that the ledger always words in one other way."""
    said: dict[str, list[str]] = defaultdict(list)
    for log, row in filter(None, map(_reasons, trades)):
        said[log].append(row)
    return {a: b[0] for a, b in said.items() if len(b) >= _ENOUGH and len(set(b)) == 1 and b[0] != a}


def _of_symbol(
    session: Session, trades: Sequence[ClosedTrade], words: Mapping[str, str]
) -> Iterator[Finding]:
    ratio = constant_ratio([pnl_pair(t) for t in trades])
    scaled: list[ClosedTrade] = []
    others: list[tuple[ClosedTrade, list[Difference]]] = []
    for trade in trades:
        left = [d for d in trade.differences if isinstance(d, NumberDifference) or d.log.lower() not in words]
        if ratio is not None and any(d.field in PNL and explains(ratio, d) for d in left):
            scaled.append(trade)
            left = [
                d for d in left if d.field not in PNL and not (d.field in _WITH_IT and explains(ratio, d))
            ]
        if left:
            others.append((trade, left))
    if ratio is not None and scaled:
        yield _unit_error(session, scaled, ratio)
    for trade, left in others:
        yield _mismatch(session, trade, left)


def _unit_error(session: Session, trades: Sequence[ClosedTrade], ratio: Ratio) -> Finding:
    symbol = trades[0].fields.symbol
    evidence = [place for t in trades[:5] for place in t.pair]
    fields = sorted({d.field.value for t in trades for d in t.differences if d.field in PNL})
    return report(
        RULE,
        session,
        msg(
            "{symbol}: the ledger's PnL is {times} the log's in {support} of {of} trades: a unit error, such as "
            "contracts taken for coins.",
            symbol=Code(symbol),
            times=_times(ratio.value),
            support=ratio.support,
            of=ratio.of,
        ),
        evidence,
        (symbol_key(symbol), "ratio", format_decimal(ratio.value)),
        data={
            "symbol": symbol,
            "ratio": format_decimal(ratio.value),
            "low": _short(ratio.low),
            "high": _short(ratio.high),
            "support": ratio.support,
            "trades": ratio.of,
            "fields": list(fields),
        },
        remedy=msg("Check the contract value of this symbol where the ledger's PnL is computed."),
    )


def _reworded(session: Session, log: str, row: str, trades: Sequence[ClosedTrade]) -> Finding:
    return report(
        RULE,
        session,
        plural(
            "The reason '{log}' of the log is '{row}' in the ledger in the one trade that tells: two words for one "
            "thing, or a wrong one.",
            "The reason '{log}' of the log is '{row}' in the ledger in all {n} trades: two words for one thing, or a "
            "wrong one.",
            len(trades),
            log=Code(log),
            row=Code(row),
        ),
        [place for t in trades[:3] for place in t.pair],
        ("reason", log, row),
        severity=Severity.NOTE,
        data={"log": log, "row": row, "trades": len(trades)},
    )


def _times(ratio: Decimal) -> Message:
    """``100 times``, ``1/1000 of``, ``0.95 times``."""
    part = trimmed(quotient(1, ratio)) if 0 < ratio < 1 else None
    if part is None or part != int(part):
        return msg("{ratio} times", ratio=Number(ratio))
    return msg("1/{part} of", part=Number(part))


def _short(value: Decimal) -> str:
    """Four digits, never in scientific notation."""
    return format_decimal(trimmed(significant(value, 4)))


def _mismatch(session: Session, trade: ClosedTrade, differences: Sequence[Difference]) -> Finding:
    only_text = all(isinstance(d, WordDifference) for d in differences)
    return report(
        RULE,
        session,
        msg(
            "{close}: {differences}.",
            close=describe(trade.close),
            differences=Listed(tuple(map(_in_words, differences)), Joiner.SEMICOLON),
        ),
        trade.pair,
        (*trade_meaning(trade), *(d.field.value for d in differences)),
        run=trade.run,
        severity=Severity.WARNING if only_text else None,
        data={
            **trade_data(trade),
            "differences": [
                dict(zip(("field", "log", "row"), _printed(d), strict=True)) for d in differences
            ],
        },
    )


def _printed(difference: Difference) -> tuple[str, str, str]:
    """Field, the log's value, the row's."""
    match difference:
        case NumberDifference():
            return difference.field.value, format_decimal(difference.log), format_decimal(difference.row)
        case WordDifference():
            return difference.field.value, difference.log, difference.row
        case _:
            assert_never(difference)


def _in_words(difference: Difference) -> Message:
    """What differs, and for numbers by how much they might."""
    field = FIELDS[difference.field]
    match difference:
        case NumberDifference(log=log, row=row):
            return msg(
                "{field} {log} in the log, {row} in the row (the printed digits allow ±{allowed})",
                field=field,
                log=Number(log),
                row=Number(row),
                allowed=Number(max(unit(log), unit(row))),
            )
        case WordDifference():
            return msg(
                "{field} {log} in the log, {row} in the row",
                field=field,
                log=Code(difference.log),
                row=Code(difference.row),
            )
        case _:
            assert_never(difference)
