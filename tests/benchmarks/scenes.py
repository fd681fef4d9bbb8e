"""What the made-up bot says: scenes of a few lines each, in the proportions of a real log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

SYMBOLS = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "DOGE-USDT", "XRP-USDT")
PRICES = {"BTC-USDT": 90_000.0, "ETH-USDT": 3_100.0, "SOL-USDT": 140.0, "DOGE-USDT": 0.15, "XRP-USDT": 2.1}
FUTURES = "src.strategies.scalping.futures"
MODULES = "src.strategies.modules"
MANAGER = f"{FUTURES}.position_manager"
TRACKER = "src.strategies.scalping.spot.performance_tracker"

Scene = Callable[[Random, str], list[str]]


def _line(at: str, level: str, emitter: str, message: str) -> str:
    return f"{at} | {level:<8} | {emitter} - {message}"


def _price(dice: Random, symbol: str) -> float:
    return PRICES[symbol] * dice.uniform(0.99, 1.01)


def _ticker(dice: Random, at: str) -> list[str]:
    symbol = dice.choice(SYMBOLS)
    where = f"{FUTURES}.coordinators.websocket_coordinator:handle_ticker_data"
    found = [_line(at, "INFO", f"{where}:191", f"💰 {symbol}: ${_price(dice, symbol):.4f}")]
    if dice.random() < 0.1:
        found.append(_line(at, "DEBUG", f"{where}:213", f"🔍 Проверка сигналов для {symbol}..."))
    return found


def _trailing(dice: Random, at: str) -> list[str]:
    symbol, stop = dice.choice(SYMBOLS), f"{FUTURES}.indicators.trailing_stop_loss:should_close_position"
    price, profit = _price(dice, symbol), dice.uniform(-0.4, 0.6)
    figures = f"price={price:.4f}, stop={price * 1.002:.4f}, highest={price * 1.004:.4f}, entry={price:.4f}"
    return [
        _line(
            at,
            "DEBUG",
            f"{stop}:452",
            f"🔍 TrailingSL {symbol}: {figures}, profit={profit:.4f}%, trail=0.0300%",
        ),
        _line(
            at,
            "DEBUG",
            f"{MODULES}.debug_logger:_log:149",
            f"🔍 TSL_CHECK: {symbol} | price={price:.4f} | stop={price * 1.002:.4f} | profit={profit:.4f} | "
            "trend=0.00 | regime=ranging | will_close=False",
        ),
        _line(at, "DEBUG", f"{stop}:530", f"🔍 {symbol}: стоп не достигнут, прибыль {profit:.2f}% < 0.80%"),
    ]


def _margin(dice: Random, at: str) -> list[str]:
    where = f"{MODULES}.margin_calculator"
    ratio, equity = dice.uniform(2, 30), dice.uniform(20, 60)
    regimes = (
        "{'trending': {'safety_threshold': 1.5, 'risk_percentage': 0.02, 'margin_health_thresholds': "
        "{'excellent': 3.0, 'good': 2.0}}, 'ranging': {'safety_threshold': 1.3, 'risk_percentage': 0.025}}"
    )
    return [
        _line(at, "DEBUG", "src.clients.futures_client:get_margin_info:632", f"🔍 margin: eq={equity:.4f}"),
        _line(
            at,
            "DEBUG",
            f"{where}:calculate_liquidation_price:120",
            f"Расчет ликвидации: side=long, entry={ratio * 40:.4f}, size=1.28, equity={equity:.2f}",
        ),
        _line(at, "DEBUG", f"{where}:is_position_safe:400", f"🔍 margin_ratio={ratio:.2f} (до защиты)"),
        _line(
            at,
            "DEBUG",
            f"{where}:is_position_safe:200",
            f"🔍 by_regime (dict): {regimes}, type=<class 'dict'>",
        ),
        _line(
            at,
            "INFO",
            f"{where}:is_position_safe:468",
            f"Проверка безопасности позиции: safe=True, margin_ratio={ratio:.2f}, pnl={dice.uniform(-1, 1):.2f}",
        ),
    ]


def _regime(dice: Random, at: str) -> list[str]:
    symbol = dice.choice(SYMBOLS)
    plus, minus = dice.uniform(8, 45), dice.uniform(8, 45)
    return [
        _line(
            at,
            "DEBUG",
            f"{FUTURES}.signal_generator:_get_market_data:1257",
            f"📊 Получено 50 свечей для {symbol}",
        ),
        _line(at, "DEBUG", f"{MODULES}.adaptive_regime_manager:detect_regime:259", "🧠 ARM Detect Regime:"),
        "   Detected: RANGING (confidence: 50.0%)",
        "   Reason: No clear regime detected → default to RANGING",
        f"   ADX: {dice.uniform(12, 26):.1f} (+DI={plus:.1f}, -DI={minus:.1f}, direction=neutral)",
        f"   Volatility: {dice.uniform(4, 29):.2f}%",
        f"   Reversals: {dice.randrange(4, 18)}",
        _line(
            at,
            "DEBUG",
            f"{MODULES}.adaptive_regime_manager:is_signal_valid:637",
            f"📊 {symbol}: порог {dice.uniform(0.05, 0.4):.3f}, балл {dice.uniform(0, 1):.3f}",
        ),
    ]


def _signals(dice: Random, at: str) -> list[str]:
    symbol, price = dice.choice(SYMBOLS), 0.0
    price = _price(dice, symbol)
    generator = f"{FUTURES}.signal_generator"
    averages = f"EMA_12={price:.2f}, EMA_26={price * 0.999:.2f}, цена={price:.2f}"
    return [
        _line(
            at,
            "DEBUG",
            f"{generator}:_get_regime_indicators_params:1477",
            f"✅ Параметры индикаторов для ranging ({symbol}): RSI overbought=70, oversold=30",
        ),
        _line(at, "DEBUG", f"{generator}:_generate_ma_signals:2283", f"🔍 MA для {symbol}: {averages}"),
        _line(
            at, "DEBUG", f"{generator}:_generate_ma_signals:2405", f"⚪ {symbol}: пересечения нет, {averages}"
        ),
        _line(
            at,
            "DEBUG",
            "src.filters.correlation_manager:get_correlation:129",
            f"Correlation {symbol}/BTC-USDT: {dice.uniform(-1, 1):.3f}",
        ),
    ]


def _filters(dice: Random, at: str) -> list[str]:
    symbol = dice.choice(SYMBOLS)
    return [
        _line(
            at,
            "INFO",
            f"{MODULES}.volume_profile_filter:check_entry:163",
            f"✅ Volume Profile: {symbol} price {_price(dice, symbol):.4f} in value area",
        ),
        _line(at, "INFO", f"{MODULES}.multi_timeframe:update_parameters:128", "🔄 MTF параметры обновлены:"),
        "   block_opposite: True → True",
        "   score_bonus: 2 → 2",
        "   timeframe: 5m",
        _line(
            at,
            "DEBUG",
            f"{FUTURES}.filters.volatility_regime_filter:is_signal_valid:88",
            f"✅ VolatilityRegimeFilter: {symbol} проходит (range={dice.uniform(0, 1):.3f}%)",
        ),
    ]


def _socket(dice: Random, at: str) -> list[str]:
    symbol = dice.choice(SYMBOLS)
    where = f"{FUTURES}.coordinators.websocket_coordinator:handle_private_ws_positions"
    figures = f"size={dice.uniform(0, 3):.2f}, upl={dice.uniform(-1, 1):.4f}"
    return [
        _line(at, "DEBUG", f"{where}:292", "📊 Private WS: получено обновление позиций (1)"),
        _line(at, "INFO", f"{where}:297", f"📊 Private WS: Позиция {symbol} обновлена ({figures})"),
    ]


def _warning(dice: Random, at: str) -> list[str]:
    where = f"{FUTURES}.coordinators.signal_coordinator:check_for_signals"
    text = "УЖЕ ОТКРЫТА (size=0.85), БЛОКИРУЕМ новые сигналы (allow_concurrent=false)"
    return [_line(at, "WARNING", f"{where}:732", f"⚠️ Позиция {dice.choice(SYMBOLS)} SHORT {text}")]


def _rare(dice: Random, at: str) -> list[str]:
    number = dice.randrange(90)
    where = f"{MODULES}.helper_{number % 30:02d}:step_{number:02d}:{100 + number * 7}"
    return [_line(at, "DEBUG", where, f"🔍 шаг {number}: значение {dice.random():.6f}, состояние в норме")]


def _trouble(_dice: Random, at: str) -> list[str]:
    return [
        _line(at, "ERROR", f"{FUTURES}.orchestrator:_main_loop:844", "❌ Ошибка цикла: Server disconnected"),
        "Traceback (most recent call last):",
        '  File "C:\\bot\\src\\clients\\futures_client.py", line 210, in _request',
        "    raise ServerDisconnectedError()",
        "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
    ]


#: What is said again and again, and what now and then.
SCENES: tuple[Scene, ...] = (
    *(_ticker,) * 8,
    *(_trailing,) * 8,
    *(_margin,) * 4,
    *(_regime,) * 3,
    *(_signals,) * 4,
    *(_filters,) * 3,
    *(_socket,) * 2,
)
FEW: tuple[Scene, ...] = (*(_rare,) * 18, *(_warning,) * 3, _trouble)


def opening(at: datetime) -> list[str]:
    """How a run begins."""
    stamp = f"{at:%Y-%m-%d %H:%M:%S}"
    ledger = f"logs/trades_{at:%Y-%m-%d}.csv"
    return [
        _line(stamp, "INFO", "__main__:main:29", "🚀 Запуск Futures торгового бота..."),
        _line(stamp, "INFO", f"{TRACKER}:_init_csv:58", f"📊 Created new trades CSV: {ledger}"),
        _line(stamp, "INFO", f"{TRACKER}:__init__:41", "✅ PerformanceTracker initialized"),
    ]


def close(dice: Random, at: datetime, *, kept: bool) -> tuple[list[str], str]:
    """A closed position: what is said of it, and its row; the row is empty, and nothing acknowledged, unless kept."""
    symbol = dice.choice(SYMBOLS)
    side, held = dice.choice(("long", "short")), dice.randrange(60, 900)
    entry = round(PRICES[symbol] * dice.uniform(0.995, 1.005), 4)
    leave = round(entry * dice.uniform(0.996, 1.004), 4)
    size = round(200 / entry, 6)
    gross = round((leave - entry) * size * (1 if side == "long" else -1), 4)
    fee = round(entry * size * 0.001, 4)
    net = round(gross - fee, 4)
    function = "close_position_manually" if kept else "_close_position_by_reason"
    stamp = f"{at:%Y-%m-%d %H:%M:%S}"
    reason = "trailing_stop" if kept else "tp"
    report = (
        "=" * 60,
        f"💰 ПОЗИЦИЯ ЗАКРЫТА: {symbol} {side.upper()}",
        f"   ⏰ Время закрытия: {stamp}",
        f"   📊 Entry price: ${entry:.6f}",
        f"   📊 Exit price: ${leave:.6f}",
        f"   📦 Size: {size:.8f} монет",
        f"   ⏱️  Длительность удержания: {held} сек ({held / 60:.2f} мин)",
        f"   💵 Gross PnL: ${gross:+.4f} USDT",
        f"   💵 Net PnL: ${net:+.4f} USDT",
        f"   💸 Комиссия вход (MARKET (Taker)): ${fee / 2:.4f} USDT (0.05%)",
        f"   💸 Комиссия выход (MARKET (Taker)): ${fee / 2:.4f} USDT (0.05%)",
        f"   💸 Комиссия общая: ${fee:.4f} USDT",
        f"   🎯 Причина закрытия: {reason}",
        "=" * 60,
    )
    said = [_line(stamp, "INFO", f"{MANAGER}:{function}:{2100 + i}", text) for i, text in enumerate(report)]
    if not kept:
        return said, ""
    said.append(_line(stamp, "DEBUG", f"{MANAGER}:{function}:2164", f"✅ Сделка {symbol} записана в CSV"))
    written = (at + timedelta(milliseconds=7)).isoformat(timespec="microseconds")
    figures = f"{entry:.4f},{leave:.4f},{size:.8f},{gross:.4f},{fee:.4f},{net:.4f},{held}.407"
    return said, f"{written},{symbol},{side},{figures},{reason},50.00"
