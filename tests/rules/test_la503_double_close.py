"""LA503: one position announced closed more than once."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import BY_REASON, DAY, MANUAL, Deal, World, primary

from logaudit.core.finding import Severity

DEAL = Deal("10:30:00.250", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.20000000")
TWICE = replace(DEAL, closed="10:30:02.250", exit="3011.0", reason="timeout", held=602)


def test_two_paths_closing_one_position_are_a_warning_that_quotes_both(tmp_path):
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(TWICE, by=BY_REASON)
    finding = world.one("LA503")
    assert finding.severity is Severity.WARNING
    first, second = world.spot("ПОЗИЦИЯ ЗАКРЫТА"), world.spot("ПОЗИЦИЯ ЗАКРЫТА", 2)
    assert primary(finding) == second
    assert [w.line for w in finding.locations] == [second.line, first.line]
    assert str(finding.message) == (
        f"ETH-USDT long closed {DAY}T10:30:00.250 (tp) is announced closed once more at {DAY}T10:30:02.250, with no "
        "open in between. Code paths that announce it: close_position_manually and _close_position_by_reason."
    )
    assert finding.data == finding.data | {
        "symbol": "ETH-USDT",
        "side": "long",
        "first": f"{DAY}T10:30:00.250",
        "second": f"{DAY}T10:30:02.250",
        "announcements": 2,
        "recorded_again": 0,
        "emitters": [MANUAL, BY_REASON],
    }
    assert (world.scan().summary.closes, world.scan().summary.repeats) == (1, 1)


def test_a_retry_loop_is_one_finding_with_all_its_announcements(tmp_path):
    """The same statement announces the close with the price of the moment, again and again."""
    world = World(tmp_path)
    world.lost(DEAL, by=BY_REASON)
    for turn in range(1, 6):
        retry = replace(
            DEAL,
            closed=f"10:3{turn // 3}:{turn * 20 % 60:02d}.250",
            exit=f"{3010 + turn}.0",
            held=600 + 20 * turn,
        )
        world.close(retry, by=BY_REASON)
    finding = world.one("LA503")
    assert "is announced closed 5 more times" in str(finding.message)
    assert "Code paths" not in str(finding.message)
    assert len(finding.locations) == 6
    summary = world.scan().summary
    assert (summary.closes, summary.repeats, summary.missing) == (1, 5, 1)
    assert summary.unrecorded_net_pnl == DEAL.net
    assert [r.trade for r in world.scan().repeats] == [world.scan().trades[0].id] * 5


def test_a_second_row_for_a_position_makes_a_second_close_and_is_said(tmp_path):
    """The recorder was called by both paths."""
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(TWICE, by=BY_REASON)
    world.rows.append(world.row(TWICE))
    finding = world.one("LA503")
    assert "The recorder knows of one of these as a close of its own" in str(finding.message)
    summary = world.scan().summary
    assert (summary.closes, summary.recorded, summary.repeats) == (2, 2, 0)
    assert not {"LA105", "LA107"} & world.codes()


def test_a_notifier_that_says_the_same_is_silent(tmp_path):
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(replace(DEAL, closed="10:30:00.650"), by="bot.telegram:send:7")
    assert (world.scan().summary.closes, world.scan().summary.repeats) == (1, 1)
    assert "LA503" not in world.codes()


@pytest.mark.parametrize(
    "changed",
    [{"entry": "3005.0"}, {"side": "short"}, {"symbol": "SOL-USDT"}],
    ids=["other-entry", "other-side", "other-symbol"],
)
def test_a_second_close_that_differs_is_silent(tmp_path, changed):
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(replace(TWICE, **changed), by=BY_REASON)
    assert world.scan().summary.closes == 2
    assert "LA503" not in world.codes()


def test_a_position_opened_again_in_between_is_silent(tmp_path):
    """A fast bot: closed, opened at the same price a second later, closed again."""
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.lost(replace(TWICE, held=1), by=BY_REASON)
    assert "LA503" not in world.codes()


def test_two_parts_of_one_position_are_silent(tmp_path):
    world = World(tmp_path)
    world.open(DEAL)
    world.close(replace(DEAL, size="0.10000000"), by=MANUAL)
    world.close(replace(TWICE, size="0.10000000"), by=BY_REASON)
    assert "LA503" not in world.codes()


def test_without_code_paths_the_position_is_announced_twice_all_the_same(tmp_path):
    """The sink prints no function; the other exit price shows that it is no mere echo."""
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(TWICE, by=BY_REASON)
    split = [line.split(" | ", 3) for line in world.lines]
    world.lines = [f"{at} | INFO     | {message}" for at, _, _, message in split]
    assert world.scan().summary.closes == 1
    assert "Code paths" not in str(world.one("LA503").message)


def test_where_no_open_is_recognised_nothing_is_said_of_opens_between(tmp_path):
    """Partial closes and new positions look like this as well."""
    world = English(tmp_path)
    for minute in (10, 11):
        world.say(f"11:{minute}:00.000", f"trade closed SOLUSDT pnl=+1.{minute}", by="bot.exits:leave:7")
    told = str(world.one("LA503").message)
    assert "no open in between" not in told
    assert "No open is recognised in these logs, so it may be a part of the position, or another one." in told
