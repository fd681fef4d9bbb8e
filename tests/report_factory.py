"""Made-up outcomes for tests of reports: a long session, and one that was judged from a moment on."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import report_model as made
from msgspec.structs import replace

from logaudit.core.diagnosis import Impact, ImpactGroup
from logaudit.core.finding import Data
from logaudit.core.location import Address, Location, Role
from logaudit.core.report import Report, RunningPnl
from logaudit.core.timestamp import MILLISECOND, Stamp, us_of
from logaudit.core.trade_report import PositionReport, TradeReport
from logaudit.core.trades import TradeState

START = datetime(2026, 3, 4, 6)  # noqa: DTZ001 - the bot's own clock
SYMBOLS = ("ETH-USDT", "BTC-USDT", "SOL-USDT", "DOGE-USDT", "XRP-USDT")


def long_session(count: int = 500) -> Report:
    """``count`` closes of five symbols, two minutes apart; two of five are lost on one code path."""
    trades = [_trade(number) for number in range(count)]
    lost = [one for one in trades if one.missing]
    small = made.small()
    net = sum((one.net_pnl or Decimal(0) for one in trades), Decimal(0))
    gone = sum((one.net_pnl or Decimal(0) for one in lost), Decimal(0))
    states = Counter(one.state for one in trades)
    whole = made.diagnosis()
    impact = _impact(whole.impacts[0], trades)
    return replace(
        small,
        trades=tuple(trades),
        positions=tuple(_position(one) for one in trades),
        findings=tuple(made.missing_row(one) for one in lost),
        sources=tuple(replace(small.sources[0], address=_part(hour)) for hour in range(24)),
        summary=made.summary(
            closes=count,
            recorded=count - len(lost),
            missing=len(lost),
            ledger_rows=count - len(lost),
            states=dict(states),
            money=made.money(recorded=str(net - gone), lost=str(gone)),
            first_loss=lost[0].closed,
            last_loss=lost[-1].closed,
            errors=len(lost),
        ),
        diagnosis=replace(whole, impacts=(impact,)),
        running=(RunningPnl(".", impact.cumulative, log=True, ledger=True),),
    )


def since(outcome: Report, start: str) -> Report:
    """As if only closes from ``start`` on had been judged."""
    kept = tuple(one for one in outcome.trades if one.closed.us >= made.at(start).us)
    return replace(outcome, since=made.at(start), trades=kept)


def _part(hour: int) -> Address:
    stem = f"main_2026-03-04.2026-03-04_{hour:02d}-00-00_000001.log"
    return Address(f"logs/bot/{stem}.zip", stem)


def _trade(number: int) -> TradeReport:
    closed = START + timedelta(minutes=2 * number, milliseconds=number)
    state = TradeState.SILENT_DROP if number % 5 in (1, 3) else TradeState.RECORDED
    part = _part(closed.hour)
    text = f"{closed.isoformat(' ', 'milliseconds')} | INFO | {made.EMITTER} - position closed: {SYMBOLS[number % 5]}"
    log = Location(part.path, part.member, 100 + number * 9, Role.CLOSE, text, 5_000 + number * 900)
    ack = replace(log, line=log.line + 3, role=Role.ACK)
    row = Location(made.LEDGER, "", number + 2, Role.ROW, f"{closed.isoformat()},{SYMBOLS[number % 5]}")
    recorded = state is TradeState.RECORDED
    return made.trade(
        7,
        state,
        id=f"t{number}",
        symbol=SYMBOLS[number % 5],
        opened=Stamp(us_of(closed - timedelta(minutes=7)), MILLISECOND),
        closed=Stamp(us_of(closed), MILLISECOND),
        log=log,
        row=row if recorded else None,
        also=(ack,) if recorded else (),
    )


def _position(of: TradeReport) -> PositionReport:
    assert of.log is not None
    return replace(made.position(of), open_log=replace(of.log, line=of.log.line - 5, role=Role.OPEN))


def _impact(one: Impact, trades: list[TradeReport]) -> Impact:
    log = ledger = Decimal(0)
    points = []
    for trade in trades:
        log += trade.net_pnl or 0
        ledger += trade.ledger_net_pnl or 0
        points.append((trade.closed, log, ledger))
    lost = [trade for trade in trades if trade.missing]
    groups = (ImpactGroup("reason", "tp", len(lost), len(lost), log - ledger, log - ledger),)
    return replace(
        one,
        closes=len(trades),
        missing=len(lost),
        rows=len(trades) - len(lost),
        log_net_pnl=log,
        ledger_net_pnl=ledger,
        unrecorded_net_pnl=log - ledger,
        first_loss=lost[0].closed,
        last_loss=lost[-1].closed,
        groups=groups,
        cumulative=tuple(points),
    )


def with_data(outcome: Report, rule: str, data: dict[str, Data]) -> Report:
    """The outcome with other data in the findings of a rule."""
    findings = tuple(replace(f, data=data) if f.rule == rule else f for f in outcome.findings)
    return replace(outcome, findings=findings)
