"""LA407: the logs can be read, there were closes, and no pattern knows the lines that tell of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import English
from world import Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.core.not_judged import Reason

HELD = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def opened(world: World, *messages: str) -> World:
    """A position is opened, and the messages follow, of which the profile knows none as a close."""
    world.open(HELD)
    for i, message in enumerate(messages):
        world.say(f"11:2{i}:00.000", message, by="trader.exits:leave:77")
    return world


@pytest.mark.parametrize(
    "message",
    [
        "EXIT long ETH-USDT @ 3010.0",
        "ETH-USDT: we are out, +2.00 USDT",
        "Position ETH/USDT cerrada a 3010.0",
        "ETHUSDT Position geschlossen",
        "ETH-USDT 平仓 3010.0",
        "Позицию ETH-USDT закрыли по 3010.0",
        "sold out of ETH-USDT",
    ],
)
def test_a_line_with_the_open_symbol_and_a_closing_word_or_signed_amount_is_a_candidate(tmp_path, message):
    world = opened(English(tmp_path), message)
    finding = world.one("LA407")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(message)
    assert world.scan().not_judged.reason is Reason.CLOSES_NOT_RECOGNISED


def test_an_amount_told_again_and_again_is_a_running_result(tmp_path):
    """One position cannot be closed three times: the bot prints what it stands at."""
    world = opened(English(tmp_path), *(f"ETH-USDT long result +{figure}.00 USDT" for figure in range(1, 4)))
    assert "LA407" not in world.codes()


def test_a_percentage_is_no_amount(tmp_path):
    assert "LA407" not in opened(English(tmp_path), "ETH-USDT long stands at +0.42%").codes()


def test_candidates_of_one_wording_are_counted_once_with_their_first_place(tmp_path):
    world = opened(English(tmp_path), "EXIT long ETH-USDT @ 3010.0", "EXIT long ETH-USDT @ 2990.5")
    finding = world.one("LA407")
    assert finding.data["candidates"] == [
        {"template": "EXIT {side} {symbol} @ #", "count": 2, "symbol": "ETH-USDT"}
    ]
    assert primary(finding) == world.spot("EXIT long ETH-USDT @ 3010.0")


@pytest.mark.parametrize(
    "message",
    [
        "ETH-USDT long unrealized PnL +2.00",
        "Waiting for exit of ETH-USDT",
        "ETH-USDT 1m candle closed at 3010.0",
        "Could not exit ETH-USDT",
        "EXIT long BTC-USDT @ 90000.0",
        "ETH-USDT price 3010.0 at 2026-01-10",
    ],
)
def test_a_position_merely_open_at_the_end_expects_no_close(tmp_path, message):
    world = opened(English(tmp_path), message)
    assert "LA407" not in world.codes()
    assert world.scan().not_judged is None


def test_a_line_before_the_open_tells_nothing_of_its_end(tmp_path):
    world = English(tmp_path)
    world.say("10:30:00.000", "EXIT long ETH-USDT @ 2980.0")
    assert "LA407" not in opened(world).codes()


def test_a_row_in_the_logs_time_says_that_there_was_a_close(tmp_path):
    world = English(tmp_path)
    world.rows = [world.row(HELD)]
    finding = world.one("LA407")
    assert (finding.data["rows"], finding.data["candidates"]) == (1, [])
    assert "LA105" not in world.codes()


def test_a_row_of_another_day_does_not(tmp_path):
    world = English(tmp_path)
    world.rows = [world.row(Deal("2026-01-07 11:10:00.500"))]
    assert "LA407" not in world.codes()


def test_an_acknowledgement_or_a_second_open_says_so_as_well(tmp_path):
    world = English(tmp_path)
    world.open(HELD)
    world.open(Deal("11:40:00.500", symbol="ETH-USDT", side="long", entry="3020.0"))
    world.acknowledge(HELD)
    finding = world.one("LA407")
    assert (finding.data["opened_again"], finding.data["told"]) == (1, 1)


def test_where_a_close_is_recognised_nothing_is_said(tmp_path):
    world = English(tmp_path)
    world.kept(Deal("10:40:00.500"))
    assert "LA407" not in opened(world, "EXIT long ETH-USDT @ 3010.0").codes()


# --- Closes of positions of which no open is recognised

CHATTER = "PerformanceTracker initialized"


def of_any_bot(root: Path, *messages: str) -> English:
    """A recorder that is recognised, no ledger, no open, and lines that no pattern knows."""
    world = English(root, ledger="")
    world.say("10:30:00.000", CHATTER, by="bot.recorder:start:12")
    for i, message in enumerate(messages):
        world.say(f"11:{i + 10}:00.000", message, by="trader.exits:leave:77")
    return world


@pytest.mark.parametrize(
    "message",
    [
        "SOLUSDT is flat now, pnl=+1.2{}",
        "SOL/USDT beendet, Gewinn 1.2{} EUR",
        "Сделка SOLUSDT закрыта, прибыль 1.2{}",
        "Operación SOL-USDT cerrada: +1.2{}",
        "平仓 SOLUSDT 盈亏 1.2{}",
        "Trade fermé SOLUSDT résultat 1.2{}",
    ],
)
def test_lines_that_tell_of_closes_by_themselves_are_candidates_without_any_open(tmp_path, message):
    told = [message.format(i) for i in range(3)]
    world = of_any_bot(tmp_path, *told)
    finding = world.one("LA407")
    assert primary(finding) == world.spot(told[0])
    assert [c["count"] for c in finding.data["candidates"]] == [3]
    assert world.scan().not_judged.reason is Reason.CLOSES_NOT_RECOGNISED


@pytest.mark.parametrize(
    "messages",
    [
        ["SOLUSDT is flat, pnl=+1.20"],  # a single line may be anything
        ["SOLUSDT at 141.2, PnL today 0.0"] * 3,  # no closing word
        ["we are flat, pnl=+1.20"] * 3,  # no market
        ["SOLUSDT is flat at 141.2"] * 3,  # no result
        ["SOLUSDT close=141.25 change=+0.31"] * 3,  # the price of a candle
        ["SOLUSDT paper trade is flat, pnl=+1.20"] * 3,  # did not happen
        ["Daily summary: SOLUSDT flat, total pnl +1.20"] * 3,
    ],
)
def test_chatter_expects_no_close(tmp_path, messages):
    world = of_any_bot(tmp_path, *messages)
    assert "LA407" not in world.codes()
    assert world.scan().not_judged is None


def test_a_bot_known_by_its_marks_has_its_closes_in_its_profile(tmp_path):
    world = World(tmp_path)
    for i in range(3):
        world.say(f"11:1{i}:00.000", "done: SOLUSDT exited, pnl=+1.20", by="futures.x:y:1")
    assert "LA407" not in world.codes()
    assert world.scan().not_judged is None
