"""LA503: one position closed twice by two code paths."""

from __future__ import annotations

import pytest
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
        f"ETH-USDT long closed {DAY}T10:30:02.250 (timeout) by _close_position_by_reason repeats ETH-USDT long closed "
        f"{DAY}T10:30:00.250 (tp) by close_position_manually: same entry price, no open in between."
    )
    assert finding.data == finding.data | {
        "symbol": "ETH-USDT",
        "side": "long",
        "first": f"{DAY}T10:30:00.250",
        "second": f"{DAY}T10:30:02.250",
        "emitters": [MANUAL, BY_REASON],
    }


@pytest.mark.parametrize(
    ("changed", "by"),
    [
        ({}, MANUAL),
        ({"entry": "3005.0"}, BY_REASON),
        ({"side": "short"}, BY_REASON),
        ({"symbol": "SOL-USDT"}, BY_REASON),
        ({"closed": "10:31:30.250"}, BY_REASON),
    ],
    ids=["same-path", "other-entry", "other-side", "other-symbol", "later"],
)
def test_a_second_close_that_differs_is_silent(tmp_path, changed, by):
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(replace(TWICE, **changed), by=by)
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


def test_without_code_paths_two_closes_are_not_told_apart(tmp_path):
    """The sink prints no function, so nothing shows that two paths were at work."""
    world = World(tmp_path)
    world.kept(DEAL, by=MANUAL)
    world.close(TWICE, by=BY_REASON)
    split = [line.split(" | ", 3) for line in world.lines]
    world.lines = [f"{at} | INFO     | {message}" for at, _, _, message in split]
    assert world.scan().summary.closes == 2
    assert "LA503" not in world.codes()
