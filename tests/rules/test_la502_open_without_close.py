"""LA502: a position opened again without a logged close in between."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import DAY, Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.verdict import verdict_of

#: Opened at 10:20:00.250 and at 11:20:00.250.
FIRST = Deal("10:30:00.250")
AGAIN = Deal("11:30:00.250")


def test_an_open_that_was_never_closed_is_a_note_that_quotes_it(tmp_path):
    world = World(tmp_path)
    world.open(FIRST)
    world.kept(AGAIN)
    finding = world.one("LA502")
    assert finding.severity is Severity.NOTE
    assert primary(finding) == world.spot("Позиция BTC-USDT SHORT открыта по реальному сигналу")
    assert str(finding.message) == (
        f"BTC-USDT short opened {DAY}T10:20:00.252 was opened again without a logged close in between."
    )
    assert finding.data == finding.data | {
        "symbol": "BTC-USDT",
        "side": "short",
        "opened": f"{DAY}T10:20:00.252",
        "exchange_confirmed": None,
    }


def test_the_exchanges_word_is_cited(tmp_path):
    world = World(tmp_path)
    world.open(FIRST)
    world.say("10:45:00", "📊 Private WS: Позиция BTC-USDT закрыта (размер=0)")
    world.kept(AGAIN)
    finding = world.one("LA502")
    assert str(finding.message).endswith(f"The exchange confirmed a close at {DAY}T10:45:00.000.")
    assert finding.locations[1].line == world.spot("Private WS").line


def test_a_position_open_at_the_end_is_silent(tmp_path):
    world = World(tmp_path)
    world.kept(FIRST)
    world.open(AGAIN)
    assert "LA502" not in world.codes()


def test_the_other_side_is_another_position(tmp_path):
    world = World(tmp_path)
    world.open(FIRST)
    world.kept(replace(AGAIN, side="long", exit="91000.0"))
    assert "LA502" not in world.codes()


def test_another_symbol_is_another_position(tmp_path):
    world = World(tmp_path)
    world.open(FIRST)
    world.kept(replace(AGAIN, symbol="ETH-USDT"))
    assert "LA502" not in world.codes()


def test_a_close_that_may_lie_in_a_gap_is_not_missed(tmp_path):
    world = World(tmp_path, beat=30)
    world.open(FIRST)
    world.kept(AGAIN)
    world.lines = [line for line in world.lines if not f"{DAY} 10:40" < line[:19] < f"{DAY} 11:05"]
    assert "LA402" in world.codes()
    assert "LA502" not in world.codes()


def test_a_position_that_a_restart_forgot_is_a_warning(tmp_path):
    world = English(tmp_path)
    world.open(Deal("10:30:00.000", side="long"))
    world.boot("11:00:00")
    world.kept(Deal("11:30:00.000", side="long", entry="91000.0"))
    finding = world.one("LA502")
    assert finding.severity is Severity.WARNING
    assert "started again in between" in str(finding.message)
    assert finding.locations[0].line == world.spot("Opened long position").line


def test_a_position_that_the_next_run_closes_was_not_forgotten(tmp_path):
    world = English(tmp_path)
    deal = Deal("11:10:00.000", side="long", held=2400)
    world.open(deal)
    world.boot("11:00:00")
    world.close(deal)
    world.acknowledge(deal)
    world.rows.append(world.row(deal))
    world.kept(Deal("11:40:00.000", side="long", entry="91000.0"))
    assert "LA502" not in world.codes()


def test_positions_stacked_within_a_minute_are_silent(tmp_path):
    """None of them shows that another has ended."""
    world = World(tmp_path)
    for second in (10, 20, 30, 40):
        world.open(replace(FIRST, closed=f"10:30:{second}.250", entry=f"9000{second // 10}.0"))
    assert "LA502" not in world.codes()


def test_several_of_a_symbol_that_are_opened_again_are_said_once(tmp_path):
    world = World(tmp_path)
    for minute in (10, 20, 30, 40, 50):
        world.open(replace(FIRST, closed=f"10:{minute}:00.250", entry=f"9000{minute // 10}.0"))
    finding = world.one("LA502")
    assert finding.data == finding.data | {"positions": 4, "symbols": ["BTC-USDT"]}
    assert len(finding.locations) == 4
    assert "4 positions were opened again without a logged close in between (BTC-USDT)" in str(
        finding.message
    )


# --- An end that no line tells is no all-clear.

TURNED = Deal("10:50:00.250", side="long", entry="89000.0", exit="89100.0", held=900)


def verdict(world: World) -> str:
    return verdict_of(world.scan()).value


def test_a_position_that_ended_unseen_is_no_all_clear(tmp_path):
    world = English(tmp_path)
    world.open(FIRST)
    world.kept(AGAIN)
    assert verdict(world) == "not-judged"
    assert world.scan().not_judged == NotJudged(Reason.ENDED_UNSEEN, 1)


def test_nor_is_one_that_a_restart_forgot_beside_closes_that_are_recorded(tmp_path):
    world = English(tmp_path)
    world.kept(Deal("10:10:00.250"))
    world.open(FIRST)
    world.boot("10:50:00.000")
    world.kept(AGAIN)
    assert verdict(world) == "not-judged"


def test_its_row_is_enough(tmp_path):
    """The line that tells of the end is in words that nothing knows, and the recorder wrote its row."""
    world = English(tmp_path)
    world.open(FIRST)
    world.rows.append(world.row(FIRST))
    world.kept(AGAIN)
    assert verdict(world) != "not-judged"


@pytest.mark.parametrize(("recorded", "reason"), [((AGAIN,), Reason.ENDED_UNSEEN), ((FIRST, AGAIN), None)])
def test_a_row_is_enough_for_one_position_only(tmp_path, recorded, reason):
    world = English(tmp_path)
    world.open(FIRST)
    world.open(AGAIN)
    world.rows += [world.row(deal) for deal in recorded]
    world.kept(Deal("12:30:00.250"))
    found = world.scan().not_judged
    assert (found and found.reason) is reason


def test_a_market_that_is_held_on_the_other_side_was_turned(tmp_path):
    world = English(tmp_path)
    world.open(FIRST)
    world.say("10:35:00.250", "Flipping BTC-USDT: now long 0.002 @ 89000.0", by="trader.exits:flip:99")
    world.close(TURNED)
    world.rows.append(world.row(TURNED))
    finding = world.one("LA502")
    assert [place.line for place in finding.locations] == [
        world.spot("Opened short").line,
        world.spot("Closed long").line,
    ]
    assert "may have been turned" in str(finding.message)
    assert verdict(world) == "not-judged"


def others(world: World, *sides: str) -> None:
    """Four positions of another market, one after the other, or of both sides at once."""
    for minute in range(4):
        for side in sides:
            prices = ("3000.0", f"30{minute + 1}0.0") if side == "long" else (f"31{minute + 1}0.0", "3100.0")
            end = Deal(f"11:{minute}9:00.250", "ETH-USDT", side, *prices, size=f"0.{minute + 1}", held=60)
            world.kept(end)


def test_a_bot_that_holds_one_side_at_a_time_was_seen_to_do_so(tmp_path):
    """The opens of both sides are logged: the one that is left open may stand beside the other, until others tell."""
    for folder, known in (("a", False), ("b", True)):
        world = English(tmp_path / folder)
        world.open(FIRST)
        world.kept(TURNED)
        others(world, *["long"] * known)
        assert verdict(world) == ("not-judged" if known else "clean")


def test_a_bot_that_holds_both_sides_leaves_one_open(tmp_path):
    world = English(tmp_path)
    world.open(FIRST)
    world.kept(TURNED)
    others(world, "long", "short")
    assert "LA502" not in world.codes()
    assert verdict(world) == "clean"
