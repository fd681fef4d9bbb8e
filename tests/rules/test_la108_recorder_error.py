"""LA108: the recorder logged that a write failed."""

from __future__ import annotations

import pytest
from english import English
from world import BY_REASON, DAY, RECORDER, Deal, World, later, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
EXPORT = "❌ Failed to export trade to CSV: [Errno 13] Permission denied: 'logs/trades_2026-01-10.csv'"
CALLER = "❌ Ошибка записи сделки ETH-USDT в CSV: [Errno 13] Permission denied"


def failing(world: World, *messages: str, by: tuple[str, ...] = (RECORDER, BY_REASON)) -> World:
    world.kept(KEPT)
    world.lost(LOST)
    for i, message in enumerate(messages):
        world.say(later(LOST.at, 0.02 + i / 1000), message, by=by[i], level="ERROR")
    return world


def test_a_failed_write_is_an_error_that_quotes_it_and_names_the_close(tmp_path):
    world = failing(World(tmp_path), EXPORT)
    finding = world.one("LA108")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot("Failed to export trade")
    assert str(finding.message) == (
        f"The recorder failed at {DAY}T11:10:00.520: [Errno 13] Permission denied: 'logs/trades_2026-01-10.csv'. "
        f"It belongs to ETH-USDT long closed {DAY}T11:10:00.500 (tp)."
    )
    assert finding.data == finding.data | {
        "at": f"{DAY}T11:10:00.520",
        "detail": "[Errno 13] Permission denied: 'logs/trades_2026-01-10.csv'",
        "trade": f"ETHUSDT-long-{DAY}T11:10:00.500",
    }
    assert finding.run == f"run-{DAY}T10:00:00"
    assert any("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT" in w.text for w in finding.locations)


def test_recorder_and_caller_complaining_of_one_write_are_one_finding(tmp_path):
    world = failing(World(tmp_path), EXPORT, CALLER)
    finding = world.one("LA108")
    assert {world.spot("Failed to export").line, world.spot("Ошибка записи").line} <= {
        w.line for w in finding.locations
    }


def test_the_english_bot_is_judged_alike(tmp_path):
    world = failing(English(tmp_path), "Failed to save trade ETH-USDT to csv: disk full")
    finding = world.one("LA108")
    assert primary(finding) == world.spot("Failed to save trade")
    assert finding.data["detail"] == "disk full"


def test_an_error_far_from_any_close_stands_alone(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.say(
        "11:30:00", "❌ Failed to initialize trades CSV: [Errno 2] No such file or directory", level="ERROR"
    )
    finding = world.one("LA108")
    assert finding.data["trade"] is None
    assert "belongs to" not in str(finding.message)


def test_what_a_terminal_would_obey_is_shown_escaped(tmp_path):
    world = failing(World(tmp_path), "❌ Failed to export trade to CSV: \u202eon\x07")
    message = str(world.one("LA108").message)
    assert "\\u202eon\\x07" in message
    assert message.isprintable()


@pytest.mark.parametrize(
    "message",
    [
        "❌ Failed to export order to CSV: [Errno 28] No space left on device",
        "❌ Ошибка закрытия позиции ETH-USDT: timeout",
        "📊 Статистика записана для ETH-USDT: regime=ranging, pnl=0.40",
    ],
)
def test_errors_of_others_than_the_recorder_are_not_its(tmp_path, message):
    assert "LA108" not in failing(World(tmp_path), message, by=(BY_REASON,)).codes()


# --- Errors that no pattern words


def erring(world: English, message: str, *, by: str, level: str = "ERROR", after: float = 0.03) -> English:
    """One trade is kept, so that the recorder is known; another is lost, and an error follows its close."""
    world.kept(KEPT)
    world.lost(LOST)
    world.say(later(LOST.at, after), message, by=by, level=level)
    return world


@pytest.mark.parametrize(
    ("message", "by"),
    [
        ("[Errno 5] Input/output error", "trader.journal:record:63"),
        ("database is locked", "trader.journal:flush:80"),
        ("[Errno 13] Permission denied: 'data/trades.csv'", "trader.files:append:12"),
    ],
)
@pytest.mark.parametrize("level", ["ERROR", "CRITICAL"])
def test_an_error_of_the_recorders_code_or_with_the_ledgers_name_is_a_failed_write(
    tmp_path, message, by, level
):
    world = erring(English(tmp_path), message, by=by, level=level)
    finding = world.one("LA108")
    assert finding.locations[0].line == world.spot(message).line
    assert finding.data["trade"] == f"ETHUSDT-long-{DAY}T11:10:00.500"
    assert [t.state.value for t in world.scan().trades if t.symbol == "ETH-USDT"] == ["failed-write"]


@pytest.mark.parametrize(
    ("message", "by", "level", "after"),
    [
        ("[Errno 5] Input/output error", "trader.exits:close_position:88", "ERROR", 0.03),
        ("order refused, code 51008", "trader.exchange:close:5", "ERROR", 0.03),
        ("[Errno 5] Input/output error", "trader.journal:record:63", "WARNING", 0.03),
        ("could not read mytrades.csv", "trader.files:load:5", "ERROR", 0.03),
        ("[Errno 5] Input/output error", "trader.journal:record:63", "ERROR", -0.2),
    ],
)
def test_errors_of_others_warnings_and_what_came_before_are_none(tmp_path, message, by, level, after):
    world = erring(English(tmp_path), message, by=by, level=level, after=after)
    assert "LA108" not in world.codes()
    assert [t.state.value for t in world.scan().trades if t.symbol == "ETH-USDT"] == ["silent-drop"]


def test_an_error_of_the_recorders_code_beside_a_row_is_no_failed_write(tmp_path):
    world = English(tmp_path)
    world.kept(KEPT)
    world.say(
        later(KEPT.at, 0.03), "[Errno 5] Input/output error", by="trader.journal:record:63", level="ERROR"
    )
    assert "LA108" not in world.codes()


def test_the_error_of_another_close_in_the_same_second_is_its_own(tmp_path):
    """The nearest close before the error had the failed write; the one that follows it was dropped in silence."""
    world = erring(English(tmp_path), "database is locked", by="trader.journal:record:63")
    world.lost(Deal("11:10:00.900", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1"))
    assert world.one("LA108").data["trade"] == f"ETHUSDT-long-{DAY}T11:10:00.500"
    states = {t.symbol: t.state.value for t in world.scan().trades}
    assert (states["ETH-USDT"], states["SOL-USDT"]) == ("failed-write", "silent-drop")


class Levelless(English):
    """Its log prints neither levels nor code paths."""

    layout = "[{at}] {message}"


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        ("[Errno 13] Permission denied: 'trades.csv'", True),
        ("could not append to trades.csv: disk quota exceeded", True),
        ("flushed trades.csv", False),
        ("[Errno 104] Connection reset by peer", False),
    ],
)
def test_without_levels_the_ledgers_name_and_the_words_of_an_error_tell(tmp_path, message, heard):
    world = erring(Levelless(tmp_path), message, by="")
    assert ("LA108" in world.codes()) is heard
