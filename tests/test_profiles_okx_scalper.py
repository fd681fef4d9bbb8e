"""The built-in profile of the OKX scalper reads its lines in every layout it has had."""

from __future__ import annotations

import pytest

from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.profiles import Pattern, PatternRole, load_built_in

PROFILE = load_built_in("okx-scalper")


def first(line: str) -> tuple[str, dict[str, str]] | None:
    """The pattern that takes a line, as the scan does: the first that matches."""
    for pattern in PROFILE.patterns:
        values = pattern.read(line)
        if values is not None:
            return pattern.id, {name.value: value for name, value in values.items()}
    return None


def events(kind: EventKind) -> list[Pattern]:
    return [p for p in PROFILE.patterns if p.event is kind and p.role is PatternRole.EVENT]


def test_every_fact_can_be_read() -> None:
    """The profile knows all nine kinds of facts that this bot logs: no fills of orders, and no guesses at its words."""
    others = {
        EventKind.ORDER_FILLED,
        EventKind.POSSIBLE_CLOSE,
        EventKind.REPORTED_FLAT,
        EventKind.LEDGER_TOUCHED,
    }
    assert {kind for kind in EventKind if not PROFILE.has(kind)} == others
    assert len(EventKind) - len(others) == 9


@pytest.mark.parametrize(
    ("line", "pattern", "values"),
    [
        ("💰 ПОЗИЦИЯ ЗАКРЫТА: LTC-USDT SHORT", "close-block", {"symbol": "LTC-USDT", "side": "SHORT"}),
        ("ПОЗИЦИЯ ЗАКРЫТА: LTC-USDT LONG", "close-block", {"symbol": "LTC-USDT", "side": "LONG"}),
        ("💰 ПОЗИЦИЯ ЗАКРЫТА: LTC-USDT NET", "close-block", {"symbol": "LTC-USDT"}),
        (
            "💰 ПОЗИЦИЯ ЗАКРЫТА (manual): LTC-USDT LONG",
            "close-block-manual",
            {"symbol": "LTC-USDT", "side": "LONG"},
        ),
        (
            "Ошибка закрытия позиции LTC-USDT: '>' not supported between instances of 'str' and 'int'",
            "close-failed",
            {"symbol": "LTC-USDT", "detail": "'>' not supported between instances of 'str' and 'int'"},
        ),
        ("   📊 Entry price: $84.125000", "close-entry", {"entry_price": "84.125000"}),
        ("   Exit price: $83.5", "close-exit", {"exit_price": "83.5"}),
        ("   📦 Size: 2.5 монет (-2.5 контрактов)", "close-size", {"size": "2.5", "contracts": "-2.5"}),
        ("   ⏱️  Длительность удержания: 70 сек (1.17 мин)", "close-duration", {"duration_sec": "70"}),
        ("   Gross PnL: $+1.5625 USDT", "close-gross", {"gross_pnl": "+1.5625"}),
        ("   💵 Net PnL: $-0.3529 USDT", "close-net", {"net_pnl": "-0.3529"}),
        ("   💸 Комиссия общая: $0.2096 USDT", "close-commission", {"commission": "0.2096"}),
        ("   Причина закрытия: tp", "close-reason", {"reason": "tp"}),
        (
            "✅ Позиция LTC-USDT закрыта через API, PnL = -0.03 USDT",
            "close-line-api",
            {"symbol": "LTC-USDT", "pnl": "-0.03"},
        ),
        (
            "✅ Позиция LTC-USDT закрыта по big_profit_exit, PnL = +0.14 USDT",
            "close-line-reason",
            {"symbol": "LTC-USDT", "reason": "big_profit_exit", "pnl": "+0.14"},
        ),
        ("✅ Позиция LTC-USDT успешно закрыта через API", "close-accepted", {"symbol": "LTC-USDT"}),
        (
            "✅ Позиция LTC-USDT long успешно закрыта автоматически",
            "liquidation-closed",
            {"symbol": "LTC-USDT", "side": "long"},
        ),
        ("📊 Private WS: Позиция LTC-USDT закрыта (размер=0)", "exchange-gone", {"symbol": "LTC-USDT"}),
        (
            "✅ Позиция LTC-USDT LONG открыта по реальному сигналу",
            "open-signal",
            {"symbol": "LTC-USDT", "side": "LONG"},
        ),
        ("✅ Позиция открыта: LTC-USDT 2.5", "open-filled", {"symbol": "LTC-USDT", "size": "2.5"}),
        (
            "📊 Created new unified CSV: logs/all.csv",
            "ledger-created",
            {"path": "logs/all.csv", "outcome": "created"},
        ),
        (
            "📊 TRADE RECORDED | Total: 7 | Win Rate: 50.0%",
            "ack-counter",
            {"counter": "7", "detail": "Win Rate: 50.0%"},
        ),
    ],
)
def test_line_is_read(line: str, pattern: str, values: dict[str, str]) -> None:
    """Each line goes to its own pattern and yields its values."""
    assert first(line) == (pattern, values)


@pytest.mark.parametrize(
    "line",
    [
        "⚠️ Позиция LTC-USDT LONG УЖЕ ОТКРЫТА (size=2.5), БЛОКИРУЕМ новые сигналы (allow_concurrent=false)",
        "⚠️ Не удалось открыть позицию LTC-USDT LONG (недостаточно маржи или другие ограничения)",
        "⚠️ Лимитный ордер 12 размещен для LTC-USDT, но позиция НЕ открылась (ордер еще pending или не исполнен).",
        "⏱️ Последний ордер для LTC-USDT был недавно (3.1s назад), статус: closed, пропускаем новый сигнал",
        "🔄 Позиция LTC-USDT закрыта, система готова к новым сигналам",
        "📊 Позиция LTC-USDT закрыта",
        "🛑 Закрытие позиции LTC-USDT: trailing_stop",
        "❌ CLOSE: LTC-USDT exit=84.1 | pnl_usd=-0.0064 | pnl_pct=-0.0164 | time_min=11.9 | reason=tp",
        "📊 Private WS: Обнаружена новая позиция LTC-USDT (size=2.5)",
        "📊 Private WS: Позиция LTC-USDT обновлена (size=2.5, upl=-0.6)",
        "━━━━━━━━━━━━━━━━━━━━",
        "   ⏰ Время закрытия: 2025-01-02 10:00:00",
        "   💸 Комиссия вход (MARKET (Taker)): $0.1 USDT (0.05%)",
    ],
)
def test_chatter_is_silent(line: str) -> None:
    """Warnings, intentions and decorations state no fact."""
    assert first(line) is None


def test_chatter_is_not_sought_by_the_texts_of_facts() -> None:
    """A line that holds a pattern's literal and does not match counts as the pattern having nearly matched."""
    chatter = (
        "🔄 Позиция LTC-USDT закрыта, система готова к новым сигналам",
        "📊 Позиция LTC-USDT закрыта",
        "📊 Private WS: Позиция LTC-USDT обновлена (size=2.5, upl=-0.6)",
        "⚠️ Позиция LTC-USDT LONG УЖЕ ОТКРЫТА (size=2.5), БЛОКИРУЕМ новые сигналы",
    )
    for pattern in (p for kind in EventKind for p in events(kind)):
        assert not any(literal in line for literal in pattern.literals for line in chatter)


def test_run_start_is_the_main_functions() -> None:
    """The orchestrator repeats the phrase; only main starts the process."""
    (pattern,) = events(EventKind.RUN_STARTED)
    assert pattern.emitter is not None
    assert pattern.emitter.search("__main__:main")
    assert not pattern.emitter.search("src.strategies.scalping.futures.orchestrator:start")


def test_close_blocks_know_when_they_are_cut() -> None:
    """A block without its last line has lost its tail to rotation."""
    assert FieldName.REASON in PROFILE.blocks["close"].required
    assert {p.block for p in events(EventKind.POSITION_CLOSED)} == {"close", "close-line"}


def test_stages_follow_the_recorders_chain() -> None:
    """Five points of failure, each with titles in two languages and a statement to add."""
    assert [s.id for s in PROFILE.stages] == ["A", "B", "C", "D", "E"]
    assert all({"en", "ru"} <= s.title.keys() and "logger." in s.log_statement for s in PROFILE.stages)
