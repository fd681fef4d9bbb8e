"""Positions and trades as text tables, CSV, JSON or Parquet."""

from __future__ import annotations

from collections.abc import Sequence

from logaudit.core.money import format_signed
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import Report
from logaudit.core.text import plural
from logaudit.core.trade_report import PositionReport, TradeReport
from logaudit.renderers.frames import text_of, to_parquet
from logaudit.renderers.json_fields import data_of
from logaudit.renderers.row_files import csv, json, objects
from logaudit.renderers.terminal import Column, Sheet
from logaudit.renderers.wording import amount, pnl_of


def render(report: Report, what: str, form: str, *, width: int = 120, unicode: bool = True) -> str | bytes:
    """The ``positions`` or ``trades`` as ``table``, ``csv``, ``json`` or ``parquet``."""
    positions = what == "positions"
    kind = PositionReport if positions else TradeReport
    rows: Sequence[PositionReport | TradeReport] = report.positions if positions else report.trades
    match form:
        case "csv":
            return csv(rows, kind)
        case "json":
            return json(report, what, objects(rows, kind) if positions else data_of(report.trades))
        case "parquet":
            return to_parquet(rows, kind)
        case _ if positions:
            return positions_table(report.positions, width=width, unicode=unicode)
        case _:
            return trades_table(report.trades, width=width, unicode=unicode)


def positions_table(positions: Sequence[PositionReport], *, width: int = 120, unicode: bool = True) -> str:
    """One line a position, columns dropped where ``width`` cells do not hold them, and a line of totals."""
    sheet = _sheet(positions, [(p.state or p.status).value for p in positions], width=width, unicode=unicode)
    closed = [position for position in positions if position.closed]
    money = pnl_of(closed)
    sheet.paragraph(
        f"{plural(len(positions), 'position')}, {len(closed):,} closed"
        + (f", {pnl_label(money)} {amount(money)} together" if closed else "")
    )
    return sheet.render()


def trades_table(trades: Sequence[TradeReport], *, width: int = 120, unicode: bool = True) -> str:
    """One line a trade, as `positions_table`; the PnL is the log's, and no sum holds rows without a close."""
    sheet = _sheet(trades, [trade.state.value for trade in trades], width=width, unicode=unicode)
    closes = [trade for trade in trades if trade.log is not None]
    missing = [trade for trade in closes if trade.missing]
    sheet.paragraph(
        f"{plural(len(trades), 'trade')}, {len(closes):,} closed in the logs"
        + (f", {pnl_label(pnl_of(closes))} {amount(pnl_of(closes))} together" if closes else "")
        + f"; {len(missing):,} not recorded"
        + (f", {pnl_label(pnl_of(missing))} {amount(pnl_of(missing))}" if missing else "")
    )
    return sheet.render()


def _columns(pnl: str) -> tuple[Column, ...]:
    return (
        Column("session", shrink=10, drop=4, tail=True),
        Column("opened", shrink=29, drop=3),
        Column("closed", shrink=29),
        Column("symbol", shrink=8),
        Column("side", shrink=5),
        Column("entry", right=True, drop=2),
        Column("exit", right=True, drop=2),
        Column("size", right=True, drop=5),
        Column(pnl, right=True),
        Column("reason", shrink=6, drop=1),
        Column("ledger", shrink=8),
    )


def _sheet(
    trades: Sequence[PositionReport | TradeReport], states: Sequence[str], *, width: int, unicode: bool
) -> Sheet:
    """A line for each."""
    sheet = Sheet(width=width, color=False, unicode=unicode)
    several = len({trade.session for trade in trades}) > 1
    rows = [
        [
            trade.session if several else "",
            trade.opened.spaced() if trade.opened else "?",
            trade.closed.spaced() if trade.closed else "?",
            trade.symbol,
            text_of(trade.side),
            text_of(trade.entry_price),
            text_of(trade.exit_price),
            text_of(trade.size),
            "" if trade.net_pnl is None else format_signed(trade.net_pnl),
            trade.reason,
            state,
        ]
        for trade, state in zip(trades, states, strict=True)
    ]
    if rows:
        sheet.table(_columns(str(pnl_label(pnl_of(trades)))), rows)
        sheet.blank()
    return sheet
