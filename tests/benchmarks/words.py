"""What the made-up bot's lines are made of: names of its code, words of its messages, its markets."""

from __future__ import annotations

from typing import Final

SYMBOLS: Final = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "DOGE-USDT", "XRP-USDT")
PRICES: Final = {
    "BTC-USDT": 90_000.0,
    "ETH-USDT": 3_100.0,
    "SOL-USDT": 140.0,
    "DOGE-USDT": 0.15,
    "XRP-USDT": 2.1,
}
FUTURES: Final = "src.strategies.scalping.futures"
MODULES: Final = "src.strategies.modules"
#: Packages, the crowded ones more than once.
PACKAGES: Final = (
    FUTURES,
    FUTURES,
    f"{FUTURES}.coordinators",
    f"{FUTURES}.indicators",
    f"{FUTURES}.filters",
    f"{FUTURES}.core",
    MODULES,
    MODULES,
    MODULES,
    "src.strategies.scalping.spot",
    "src.clients",
    "src.filters",
)
THINGS: Final = (
    "spread", "basis", "depth", "trend", "range", "volume", "swing", "pivot", "candle", "order",
    "margin", "funding", "signal", "regime", "entry", "exit", "queue", "level", "session", "balance",
    "quote", "channel", "momentum", "threshold",
)  # fmt: skip
ROLES: Final = (
    "watcher", "keeper", "filter", "guard", "reader", "engine", "tracker", "monitor", "planner",
    "manager",
)  # fmt: skip
VERBS: Final = (
    "check", "update", "read", "build", "weigh", "refresh", "compute", "follow", "select", "adjust",
    "collect", "verify",
)  # fmt: skip
MARKS: Final = ("🔍", "📊", "✅", "⚪", "🧠", "🔄", "📈", "⏳", "🎯", "💡")
#: Phrases, as a bot that logs in Russian has them.
PHRASES: Final = (
    "значение обновлено",
    "порог не превышен",
    "ожидаем подтверждения",
    "пересчёт выполнен",
    "условие не выполнено",
    "данные получены",
    "текущее состояние в норме",
    "фильтр пройден",
    "предыдущий шаг пропущен",
    "расчёт уровня",
    "проверка диапазона",
    "сравнение с прошлым окном",
    "допустимое отклонение",
    "режим не изменился",
    "свечей достаточно",
    "источник данных: кэш",
    "оценка силы движения",
    "вес показателя",
    "до следующего окна",
    "окончательный балл",
    "запас по марже",
    "ограничение не сработало",
)
TERMS: Final = (
    "regime=ranging",
    "mode=adaptive",
    "source=cache",
    "timeframe=5m",
    "kind=market",
    "enabled=True",
    "confirmed=False",
    "window=50",
    "by_symbol=True",
    "type=<class 'dict'>",
)
#: Names of figures, and how each is printed from what the bot sees at the moment.
FIGURES: Final = (
    ("price", "%(price).4f"),
    ("stop", "%(stop).4f"),
    ("high", "%(high).4f"),
    ("entry", "%(entry).4f"),
    ("size", "%(size).6f"),
    ("upl", "%(upl).4f"),
    ("profit", "%(profit).2f%%"),
    ("ratio", "%(ratio).2f"),
    ("score", "%(score).3f"),
    ("count", "%(count)d"),
    ("limit", "0.80%%"),
    ("leverage", "5x"),
)
#: A table of settings that is printed as it stands, again and again.
SETTINGS: Final = (
    "settings by regime, as loaded from the file: "
    "{'trending': {'safety': 1.5, 'risk': 0.02, 'levels': {'high': 3.0, 'low': 2.0}}, "
    "'ranging': {'safety': 1.3, 'risk': 0.025, 'levels': {'high': 2.5, 'low': 1.8}}, "
    "'choppy': {'safety': 1.8, 'risk': 0.01, 'levels': {'high': 4.0, 'low': 2.6}}}"
)
