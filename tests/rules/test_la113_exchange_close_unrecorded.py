"""LA113: the exchange says that a position is closed, and nobody else does."""

from __future__ import annotations

import pytest
from english import English
from world import DAY, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
HELD = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
CONFIRMED = "Exchange confirmed: position ETH-USDT LONG closed"


def held(world: World, at: str = "11:20:00.000") -> World:
    world.kept(KEPT)
    world.open(HELD)
    world.say(at, CONFIRMED, by="trader.stream:on_position:9")
    return world


def test_a_close_that_only_the_exchange_tells_is_an_error_with_its_open(tmp_path):
    world = held(English(tmp_path))
    finding = world.one("LA113")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(CONFIRMED)
    assert finding.locations[1].line == world.spot("Opened long position ETH-USDT").line
    assert finding.data["symbol"] == "ETH-USDT"


def test_where_no_close_is_recognised_at_all_it_is_a_warning_beside_la407(tmp_path):
    world = English(tmp_path)
    world.open(HELD)
    world.say("11:20:00.000", CONFIRMED)
    assert world.one("LA113").severity is Severity.WARNING
    assert "LA407" in world.codes()


def test_a_logged_close_is_what_the_exchange_confirms(tmp_path):
    world = held(English(tmp_path), "11:10:01.000")
    world.close(HELD)
    world.acknowledge(HELD)
    world.rows.append(world.row(HELD))
    assert "LA113" not in world.codes()


def test_a_row_without_a_close_may_be_it_whatever_its_time(tmp_path):
    world = held(English(tmp_path))
    world.rows.append(world.row(Deal("05:20:00.000", symbol="ETH-USDT", side="long", entry="3000.0")))
    assert "LA113" not in world.codes()


def test_a_row_of_the_market_from_long_before_is_another_trade(tmp_path):
    world = held(English(tmp_path))
    old = world.row(Deal("05:20:00.000", symbol="ETH-USDT", side="long", entry="3000.0"))
    world.rows.insert(0, old.replace(DAY, "2025-01-03"))
    assert "LA113" in world.codes()


def test_an_unread_row_may_be_it(tmp_path):
    world = held(English(tmp_path))
    world.rows.append("some time,ETH-USDT,long,3000.0,3010.0,0.2,1.9,tp")
    assert "LA113" not in world.codes()


def test_without_a_ledger_or_an_open_nothing_is_claimed(tmp_path):
    assert "LA113" not in held(English(tmp_path / "one", ledger="")).codes()
    world = English(tmp_path / "two")
    world.kept(KEPT)
    world.say("11:20:00.000", CONFIRMED)
    assert "LA113" not in world.codes()


def test_an_unread_row_of_another_market_or_entry_is_none(tmp_path):
    world = held(English(tmp_path))
    world.open(Deal("10:50:00.500", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1"))
    world.rows.append("some time,SOL-USDT,long,150.0,151.0,1,1.9,tp")
    world.rows.append("some time,ETH-USDT,long,2950.0,2960.0,0.2,1.9,tp")
    assert "LA113" in world.codes()


def test_an_unread_row_that_names_no_market_may_be_any(tmp_path):
    world = held(English(tmp_path))
    world.rows.append("some time,E#H,long,3000.0,3010.0,0.2,1.9,tp")
    assert "LA113" not in world.codes()


LATER = Deal("11:40:00.500", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1")


@pytest.mark.parametrize(("place", "found"), [(3, True), (2, False)])
def test_a_block_of_zeros_holds_the_row_only_between_its_own_neighbours(tmp_path, place, found):
    """Rows stand in order of their times: zeros behind one of 11:40 were no row of 11:20."""
    world = held(English(tmp_path))
    world.kept(
        Deal("10:40:00.500", symbol="ADA-USDT", side="long", entry="0.7500", exit="0.7600", size="90"), LATER
    )
    world.rows.insert(place, "\0" * 60)
    assert ("LA113" in world.codes()) is found
