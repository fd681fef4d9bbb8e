"""Small phrases that reports for people share: times, spans, lists, counts and sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from logaudit.core.finding import Finding
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import Message, Money, msg, plural
from logaudit.core.money import parse_printed
from logaudit.core.money_parts import Amount, amount_of
from logaudit.core.report import Summary
from logaudit.core.timestamp import Stamp
from logaudit.core.trade_report import PositionReport, TradeReport
from logaudit.core.trades import TradeState

_ISO: Final = lazy_pattern(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d.*)", re.DOTALL)


def format_time(iso: str) -> str:
    """An ISO time with a space for its ``T``; anything else as it is."""
    match = _ISO.fullmatch(iso)
    return f"{match[1]} {match[2]}" if match else iso


def span(first: Stamp, last: Stamp | None) -> str:
    """Two times as one phrase, the second without its date where that is the same."""
    if last is None or first == last:
        return first.spaced()
    shown = last.spaced()
    return f"{first.spaced()} – {shown.partition(' ')[2] if first.day == last.day else shown}"


def listed(items: Sequence[str], limit: int) -> str:
    """``a, b and 3 more``: the first ``limit`` items."""
    rest = len(items) - limit
    return ", ".join(items[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


class _Told(NamedTuple):
    """A PnL as a finding or a trade tells it."""

    result: Decimal | None
    gross_only: bool


def pnl_told(findings: Iterable[Finding]) -> Amount:
    """The sum of the PnL that findings about closes tell."""
    return amount_of(
        _Told(parse_printed(datum(finding, "net_pnl")), bool(finding.data.get("gross_only")))
        for finding in findings
    )


def pnl_of(trades: Iterable[TradeReport | PositionReport]) -> Amount:
    """The sum of what trades or positions tell in the logs."""
    return amount_of(_Told(trade.net_pnl, trade.gross_only) for trade in trades)


#: What a witness state means.
STATE_MEANINGS: Final[Mapping[str, Message]] = {
    TradeState.RECORDED: msg("close and row agree"),
    TradeState.SILENT_DROP: msg("no row, no acknowledgement, no error logged"),
    TradeState.FALSE_ACK: msg("the recorder said it wrote the trade, no row exists"),
    TradeState.UNACKNOWLEDGED: msg("the row exists, the recorder never said so"),
    TradeState.FAILED_WRITE: msg("the recorder logged an error, no row exists"),
    TradeState.BACKFILLED: msg("not written by the recorder, restored later by another writer"),
    TradeState.ORPHAN_ROW: msg("the ledger holds a row that no logged close explains"),
    TradeState.UNVERIFIABLE: msg("the evidence does not settle whether it was recorded"),
}


def finding_counts(summary: Summary) -> Message:
    """``8 errors, 1 warning, 3 notes``."""
    return msg(
        "{errors}, {warnings}, {notes}",
        errors=plural("{n} error", "{n} errors", summary.errors),
        warnings=plural("{n} warning", "{n} warnings", summary.warnings),
        notes=plural("{n} note", "{n} notes", summary.notes),
    )


def amount(sum_: Amount) -> Message:
    """A sum of PnL, with how many of its terms are unknown."""
    if not sum_.left_out:
        return Message("{amount}", (("amount", Money(sum_.known_sum)),))
    if not (sum_.nets or sum_.grosses):
        return plural("{n} unknown amount", "{n} unknown amounts", sum_.left_out)
    return plural(
        "{amount} and {n} unknown amount",
        "{amount} and {n} unknown amounts",
        sum_.left_out,
        amount=Money(sum_.known_sum),
    )


def datum(finding: Finding, key: str) -> str:
    """One of a finding's figures as text; empty where it has none."""
    value = finding.data.get(key)
    return "" if value is None else str(value)


def constant_of(alike: Iterable[Finding], key: str) -> str:
    """The value that all findings share; empty where they differ."""
    values = {datum(finding, key) for finding in alike}
    return values.pop() if len(values) == 1 else ""
