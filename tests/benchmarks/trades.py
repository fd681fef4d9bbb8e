"""Trades of the made-up bot: which there are in a part, what is logged of them, and their rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from chance import Dice
from words import FUTURES, MODULES, PRICES, SYMBOLS

MANAGER: Final = f"{FUTURES}.position_manager"
SIGNALS: Final = f"{FUTURES}.coordinators.signal_coordinator"
SOCKET: Final = f"{FUTURES}.coordinators.websocket_coordinator"
EXECUTOR: Final = f"{FUTURES}.order_executor"
TRACKER: Final = "src.strategies.scalping.spot.performance_tracker"
HEADER: Final = (
    "timestamp,symbol,side,entry_price,exit_price,size,"
    "gross_pnl,commission,net_pnl,duration_sec,reason,win_rate"
)
#: How many trades a part has, and the share of them that the recorder is told of.
COUNTS: Final = (0, 1, 1, 1, 2, 3)
KEPT: Final = 0.58
_RULE: Final = "━" * 47


@dataclass(frozen=True, slots=True)
class Trade:
    """One position that is opened and closed within a part.

    Attributes:
        opens, closes: when, as shares of the part.
        kept: whether the recorder wrote its row.
        total: rows that the recorder has written in its run, this one among them if kept.
    """

    symbol: str
    side: str
    opens: float
    closes: float
    kept: bool
    entry: float
    leave: float
    size: float
    total: int = 0

    @property
    def gross(self) -> float:
        """PnL before commission, USDT, as printed."""
        return round((self.leave - self.entry) * self.size * (1 if self.side == "long" else -1), 4)

    @property
    def fee(self) -> float:
        """Commission of both orders, USDT, as printed."""
        return 2 * round(self.entry * self.size * 0.0005, 4)

    @property
    def net(self) -> float:
        """What is left, USDT."""
        return round(self.gross - self.fee, 4)


@lru_cache(maxsize=4096)
def plan(number: int) -> tuple[Trade, ...]:
    """The trades of the part of this number, in order of their closes; totals are not filled in."""
    dice = Dice(f"trades {number}")
    free = list(SYMBOLS)
    found = []
    for _ in range(dice.pick(COUNTS)):
        symbol = free.pop(dice.whole(0, len(free) - 1))
        entry = round(PRICES[symbol] * dice.between(0.995, 1.005), 4)
        opens = dice.between(0.02, 0.6)
        found.append(
            Trade(
                symbol=symbol,
                side=dice.pick(("long", "short")),
                opens=opens,
                closes=dice.between(opens + 0.1, 0.93),
                kept=dice.chance(KEPT),
                entry=entry,
                leave=round(entry * dice.between(0.996, 1.004), 4),
                size=round(200 / entry, 6),
            )
        )
    return tuple(sorted(found, key=lambda trade: trade.closes))


def line(at: datetime, level: str, emitter: str, message: str) -> str:
    """One record as the bot's sink writes it."""
    return f"{at:%Y-%m-%d %H:%M:%S} | {level:<8} | {emitter} - {message}"


def start(at: datetime, ledger: str) -> Iterator[str]:
    """How a run begins."""
    yield line(at, "INFO", "__main__:main:31", "🚀 Запуск Futures торгового бота...")
    yield line(at, "INFO", f"{TRACKER}:_init_csv:77", f"📊 Created new trades CSV: logs/{ledger}")
    yield line(at, "INFO", f"{TRACKER}:__init__:49", "✅ PerformanceTracker initialized")


def opened(trade: Trade, at: datetime) -> Iterator[str]:
    """What is logged when the position opens."""
    symbol, coins = trade.symbol, f"{trade.size:.6f}"
    where = f"{SIGNALS}:execute_signal_from_price"
    order = f"{symbol} {'buy' if trade.side == 'long' else 'sell'} {coins} @ {trade.entry:.2f}"
    yield line(
        at,
        "INFO",
        f"{EXECUTOR}:_place_limit_order:788",
        f"📊 Размещение лимитного ордера: {order} (post_only=True)",
    )
    yield line(at, "INFO", f"{where}:1339", f"✅ Лимитный ордер исполнен, позиция открыта: {symbol} {coins}")
    yield line(
        at, "INFO", f"{where}:1663", f"🎯 Позиция {symbol} открыта с TrailingSL (entry={trade.entry:.2f})"
    )
    data = f"side={trade.side} | price={trade.entry:.4f} | size={trade.size:.4f} | regime=ranging"
    yield line(at, "INFO", f"{MODULES}.debug_logger:_log:158", f"📤 OPEN: {symbol} {data}")
    seen = f"✅ Позиция {symbol} {trade.side.upper()} открыта по реальному сигналу"
    yield line(at, "INFO", f"{SIGNALS}:check_for_signals:858", seen)


def closed(trade: Trade, at: datetime, held: int) -> Iterator[str]:
    """What is logged when the position closes after ``held`` seconds."""
    way = "close_position_manually" if trade.kept else "_close_position_by_reason"
    where, first = f"{MANAGER}:{way}", 2820 if trade.kept else 2140
    for offset, text in enumerate(_report(trade, at, held)):
        yield line(at, "INFO", f"{where}:{first + offset}", text)
    if trade.kept:
        counted = f"📊 TRADE RECORDED | Total: {trade.total} | Win Rate: 50.0% | Daily PnL: ${trade.net:+.2f}"
        yield line(at, "INFO", f"{TRACKER}:record_trade:142", counted)
        yield line(at, "DEBUG", f"{where}:{first + 37}", f"✅ Сделка {trade.symbol} записана в CSV")
    figures = f"side={trade.side}, size={trade.size:.6f}, entry={trade.entry:.4f}, time={held / 60:.2f} мин"
    gone = f"📊 Private WS: Позиция {trade.symbol} закрыта (причина: unknown, {figures})"
    yield line(at, "INFO", f"{SOCKET}:handle_position_closed_via_ws:429", gone)


def _report(trade: Trade, at: datetime, held: int) -> tuple[str, ...]:
    return (
        _RULE,
        f"💰 ПОЗИЦИЯ ЗАКРЫТА: {trade.symbol} {trade.side.upper()}",
        _RULE,
        f"   ⏰ Время закрытия: {at:%Y-%m-%d %H:%M:%S}",
        f"   📊 Entry price: ${trade.entry:.6f}",
        f"   📊 Exit price: ${trade.leave:.6f}",
        f"   📦 Size: {trade.size:.8f} монет",
        f"   ⏱️  Длительность удержания: {held} сек ({held / 60:.2f} мин)",
        f"   💵 Gross PnL: ${trade.gross:+.4f} USDT",
        f"   💵 Net PnL: ${trade.net:+.4f} USDT",
        f"   💸 Комиссия вход (MARKET (Taker)): ${trade.fee / 2:.4f} USDT (0.05%)",
        f"   💸 Комиссия выход (MARKET (Taker)): ${trade.fee / 2:.4f} USDT (0.05%)",
        f"   💸 Комиссия общая: ${trade.fee:.4f} USDT",
        f"   🎯 Причина закрытия: {_reason(trade)}",
        _RULE,
    )


def row(trade: Trade, at: datetime, held: int) -> str:
    """The ledger's row of a trade that was kept."""
    written = (at + timedelta(milliseconds=7)).isoformat(timespec="microseconds")
    prices = f"{trade.entry:.4f},{trade.leave:.4f},{trade.size:.8f}"
    money = f"{trade.gross:.4f},{trade.fee:.4f},{trade.net:.4f}"
    return f"{written},{trade.symbol},{trade.side},{prices},{money},{held}.407000,{_reason(trade)},50.00"


def _reason(trade: Trade) -> str:
    return "trailing_stop" if trade.kept else "tp"
