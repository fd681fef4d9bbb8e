"""Bots: how one of them words, formats and files what happens to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chance import Dice
from msgspec import Struct

from simulator import formats, words
from simulator.formats import Emitter, Format
from simulator.words import Style, Wording


class Code(Struct, frozen=True):
    """Where a bot's lines come from.

    Attributes:
        paths: its ways to close a position.
    """

    main: Emitter
    opener: Emitter
    paths: dict[str, Emitter]
    ready: Emitter
    writer: Emitter
    socket: Emitter
    loop: Emitter
    notifier: Emitter
    filler: Emitter


class Bot(Struct, frozen=True):
    """One bot.

    Attributes:
        acks: how its recorder acknowledges, None where it never does.
        confirms: whether it logs what the exchange tells of closed positions.
        names_ledger: whether its log says which ledger it opened.
        said_ready: what the recorder says when it is up.
    """

    russian: bool
    code: Code
    layout: Format
    style: Style
    closes: Wording
    opens: words.Open
    acks: words.Ack | None
    confirms: bool
    names_ledger: bool
    started: str
    said_ready: str
    created: str
    reused: str
    beats: tuple[str, ...]

    def confirmation(self, symbol: str, side: str) -> str:
        """The exchange's word."""
        if self.russian:
            return f"📊 Private WS: Позиция {symbol} закрыта (причина: unknown, side={side})"
        return f"Exchange confirmed: position {symbol} {side.upper()} closed"

    def failed(self, symbol: str, why: str) -> str:
        """The recorder's failure in words that the built-in profile knows."""
        if self.russian:
            return f"❌ Ошибка записи сделки {symbol} в CSV: {why}"
        return f"Failed to record trade {symbol}: {why}"


_PREFIXES: Final = ("bot", "trader", "engine", "app")
_FUTURES: Final = "src.strategies.scalping.futures"
_SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    str,
    str,
    lambda s: s.replace("-", "/"),
    lambda s: s.replace("-", ""),
)


def english(dice: Dice, *, rich: bool = False) -> Bot:
    """An English bot; ``rich`` where its close lines print three figures at least."""
    root = dice.pick(_PREFIXES)
    lines = [dice.whole(20, 400) for _ in range(10)]
    code = Code(
        main=Emitter("__main__", "main", lines[0]),
        opener=Emitter(f"{root}.entries", "open_position", lines[1]),
        paths={
            "exit_by_signal": Emitter(f"{root}.exits", "exit_by_signal", lines[2]),
            "exit_by_stop": Emitter(f"{root}.exits", "exit_by_stop", lines[3]),
            "close_manually": Emitter(f"{root}.manual", "close_manually", lines[4]),
        },
        ready=Emitter(f"{root}.journal", "__init__", lines[5]),
        writer=Emitter(f"{root}.journal", "record", lines[6]),
        socket=Emitter(f"{root}.stream", "on_position", lines[7]),
        loop=Emitter(f"{root}.loop", "beat", lines[8]),
        notifier=Emitter(f"{root}.notify", "send", lines[9]),
        filler=Emitter(f"{root}.fills", "on_fill", lines[9] + 7),
    )
    style = Style(
        pnl=dice.pick(("pnl", "net")),
        cents=dice.pick((4, 4, 2)),
        spell=dice.pick(_SPELLINGS),
        ids=dice.chance(0.15),
    )
    return Bot(
        russian=False,
        code=code,
        layout=dice.pick(formats.KNOWN) if dice.chance(0.5) else formats.LOGURU,
        style=style,
        closes=dice.pick(words.RICH if rich or dice.chance(0.7) else words.ENGLISH),
        opens=dice.pick(words.OPENS),
        acks=dice.pick(words.ACKS) if dice.chance(0.85) else None,
        confirms=dice.chance(0.3),
        names_ledger=dice.chance(0.5),
        started="Bot started",
        said_ready="Trade recorder initialized: {path}",
        created="Created new trades CSV: {path}",
        reused="Using existing trades CSV: {path}",
        beats=("Heartbeat ok", "No signal for {symbol}, rsi={number}", "{symbol} last={price}"),
    )


def russian(dice: Dice, *, rich: bool = False) -> Bot:
    """A scalper that the second built-in profile is made for."""
    manager = f"{_FUTURES}.position_manager"
    code = Code(
        main=Emitter("__main__", "main", 31),
        opener=Emitter(f"{_FUTURES}.coordinators.signal_coordinator", "execute", 640),
        paths={
            "_close_position_by_reason": Emitter(manager, "_close_position_by_reason", 1800),
            "close_position_manually": Emitter(manager, "close_position_manually", 2300),
            "_close_position": Emitter(f"{_FUTURES}.orchestrator", "_close_position", 2700),
        },
        ready=Emitter("src.strategies.scalping.spot.performance_tracker", "__init__", 48),
        writer=Emitter("src.strategies.scalping.spot.performance_tracker", "record_trade", 105),
        socket=Emitter(f"{_FUTURES}.coordinators.websocket_coordinator", "on_position", 220),
        loop=Emitter(f"{_FUTURES}.orchestrator", "_main_loop", 900),
        notifier=Emitter("src.utils.notifier", "send", 60),
        filler=Emitter(f"{_FUTURES}.private_ws", "on_fill", 310),
    )
    return Bot(
        russian=True,
        code=code,
        layout=dice.pick(formats.RUSSIAN),
        style=Style(pnl="net", cents=4),
        closes=dice.pick(words.RUSSIAN[:2] if rich or dice.chance(0.75) else words.RUSSIAN),
        opens=words.RUSSIAN_OPEN,
        acks=words.RUSSIAN_ACK if dice.chance(0.85) else None,
        confirms=dice.chance(0.4),
        names_ledger=dice.chance(0.7),
        started="🚀 Запуск Futures торгового бота...",
        said_ready="✅ PerformanceTracker initialized",
        created="📊 Created new trades CSV: {path}",
        reused="📊 Using existing trades CSV: {path}",
        beats=("📊 Баланс: {number}.00 USDT", "🔍 {symbol}: цена {price}, RSI={number}"),
    )
