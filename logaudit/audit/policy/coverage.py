"""How much of a session its logs cover: the share of its time, and of its trades that could be judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

from logaudit.core.message import Message, Text, msg, plural_in
from logaudit.core.money import quotient
from logaudit.core.report import Report
from logaudit.core.timestamp import shortest
from logaudit.core.trades import TradeState

_ALL = Decimal(1)


def coverage(report: Report) -> list[tuple[str, Decimal, Message]]:
    """Session, share of one, and why it is not more; in the report's order.

    The smaller of two shares: of the time from the session's first log line to its last (or of the stretch
    that was asked for) that some stream covers, and of its trades that are not unverifiable. A session
    without logs is not covered at all.
    """
    names = dict.fromkeys(item.session for part in (report.profiles, report.coverage) for item in part)
    states: dict[str, Counter[TradeState]] = defaultdict(Counter)
    for trade in report.trades:
        states[trade.session][trade.state] += 1
    return [(name, *_least(_time(report, name), _trades(states[name]))) for name in names]


def _least(*shares: tuple[Decimal, Message]) -> tuple[Decimal, Message]:
    return min(shares, key=lambda share: share[0])


def _time(report: Report, session: str) -> tuple[Decimal, Message]:
    spans = [
        (start.us, end.us)
        for stream in report.coverage
        if stream.session == session
        for start, end in stream.intervals
    ]
    if not spans:
        return Decimal(0), msg("no log lies there")
    first = min(start for start, _ in spans) if report.since is None else report.since.us
    last = max(end for _, end in spans) if report.until is None else report.until.us
    whole = last - first
    if whole <= 0:
        return _ALL, msg("one moment")
    lit = _union([(max(start, first), min(end, last)) for start, end in spans])
    begun, ended = (Text(shortest(at).spaced()) for at in (first, last))
    return quotient(lit, whole), msg("of the time from {first} to {last}", first=begun, last=ended)


def _union(spans: Sequence[tuple[int, int]]) -> int:
    lit = 0
    reached: int | None = None
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if reached is None or end > reached:
            lit += end - (start if reached is None else max(start, reached))
            reached = end
    return lit


def _trades(states: Counter[TradeState]) -> tuple[Decimal, Message]:
    blind, count = states[TradeState.UNVERIFIABLE], states.total()
    if not count:
        return _ALL, msg("no trade")
    trades = plural_in("of", "{n} trade", "{n} trades", count)
    why = msg("{n} of {trades} lie outside", n=blind, trades=trades)
    return quotient(count - blind, count), why
