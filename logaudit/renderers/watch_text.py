"""What `logaudit watch` prints: a line a lost close, a line a look."""

from __future__ import annotations

from logaudit.core.money import format_signed
from logaudit.core.pnl_words import pnl_label
from logaudit.core.secrets import redact_unnumbered, without_numbers
from logaudit.core.text import plural, printable
from logaudit.core.trade_report import TradeReport
from logaudit.renderers.wording import pnl_of


def lost_line(trade: TradeReport) -> str:
    """A close that is lost: when, what, how much, and where the log tells of it."""
    return f"LOST      {_trade(trade)}"


def recorded_line(trade: TradeReport) -> str:
    """A close that was told to be lost, and whose row came later."""
    return f"RECORDED  {_trade(trade)}  (told as lost before; its row came late)"


def status_line(
    closes: int, lost: int, pending: int, wait: float, usual: float | None, known: int = 0
) -> str:
    """What stands: totals, and the closes that are still given time."""
    parts = [plural(closes, "close"), f"{lost:,} lost"]
    if known:
        parts.append(f"{known:,} known or suppressed")
    if pending:
        lag = "its lag is not known yet" if usual is None else f"its usual lag is {usual:.1f} s"
        parts.append(f"{pending:,} without a row so far: the recorder has {wait:.0f} s ({lag})")
    return ", ".join(parts)


def _trade(trade: TradeReport) -> str:
    side = "" if trade.side is None else f" {trade.side}"
    kind = pnl_label(pnl_of([trade]))
    money = f"{kind} unknown" if trade.net_pnl is None else f"{kind} {format_signed(trade.net_pnl)}"
    place = "" if trade.log is None else f"  {trade.log.cite()}"
    line = f"{trade.closed.spaced()}  {trade.symbol}{side}  {money}  {trade.state}{place}"
    return printable(without_numbers(redact_unnumbered(line)))
