"""A line a trade: where its close or row stands, what became of it, what it was. Made for grep, awk and chat."""

from __future__ import annotations

from typing import Final

from logaudit.core.location import Location
from logaudit.core.money import format_signed
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.trade_report import TradeReport
from logaudit.core.trades import TradeState
from logaudit.renderers.evidence_text import short_cite
from logaudit.renderers.not_judged import explain
from logaudit.renderers.style import PLAIN, RenderStyle

_WORDS: Final = {
    TradeState.SILENT_DROP: "lost",
    TradeState.FALSE_ACK: "lost",
    TradeState.FAILED_WRITE: "lost",
    TradeState.BACKFILLED: "restored",
}


def render(report: Report, style: RenderStyle = PLAIN) -> str:
    """``place: state closed symbol side net-pnl reason``, in time order; ``-`` for what is not told.

    Trades that are recorded are left out unless verbose. Where nothing was judged, the last line says why.
    """
    shown = [t for t in report.trades if style.verbose or t.state is not TradeState.RECORDED]
    lines = [_line(trade) for trade in shown]
    if report.not_judged is not None:
        lines.append(printable(f"not judged: {explain(report.not_judged).problem}"))
    return "".join(f"{line}\n" for line in lines)


def _line(trade: TradeReport) -> str:
    place = trade.log or trade.row or Location("-")
    side = trade.side.value if trade.side is not None else "-"
    net = trade.net_pnl if trade.net_pnl is not None else trade.ledger_net_pnl
    money = "-" if net is None else format_signed(net)
    word = _WORDS.get(trade.state, trade.state.value)
    words = (word, trade.closed.iso(), trade.symbol or "-", side, money, trade.reason or "-")
    return printable(f"{short_cite(place)}: {' '.join(words)}")
