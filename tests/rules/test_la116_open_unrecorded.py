"""LA116: an open that a ledger of open positions does not hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_la114_row_stands_open import AtOpen
from world import Deal

MARKETS = ("LTC", "ETH", "SOL", "ADA", "DOT", "XRP", "ATOM")


def deals() -> list[Deal]:
    return [
        Deal(
            f"1{n}:30:00.000",
            symbol=f"{m}-USDT",
            side=("long", "short")[n % 2],
            entry=f"{84 + n}.{n}5",
            size=f"{n + 1}.5",
        )
        for n, m in enumerate(MARKETS)
    ]


def world_of(
    folder: Path, kept: Callable[[int], bool], closed: Callable[[int], bool] = lambda _: False
) -> AtOpen:
    """A bot that opened seven positions; some of them are recorded, and some closed and completed."""
    world = AtOpen(folder)
    for n, deal in enumerate(deals()):
        world.open(deal)
        if closed(n):
            world.close(deal)
        if kept(n):
            world.rows.append(world.row(deal) if closed(n) else world.standing(deal))
    return world


def test_the_open_without_a_row_among_others_is_an_error_at_its_line(tmp_path):
    world = world_of(tmp_path, lambda n: n != 3)
    finding = world.one("LA116")
    assert finding.data["symbol"] == "ADA-USDT"
    assert finding.locations[0].line == world.spot("Opened short position ADA-USDT").line


def test_closed_positions_of_the_same_ledger_count(tmp_path):
    world = world_of(tmp_path, lambda n: n != 3, lambda n: n in (1, 5))
    assert world.one("LA116").data["symbol"] == "ADA-USDT"
    assert "LA101" not in world.codes()


def test_a_whole_ledger_of_opens_is_none(tmp_path):
    assert "LA116" not in world_of(tmp_path, lambda _: True).codes()


@pytest.mark.parametrize("missing", [0, 6])
def test_before_the_first_and_behind_the_last_row_nothing_is_known(tmp_path, missing):
    assert "LA116" not in world_of(tmp_path, lambda n: n != missing).codes()


def test_a_table_of_live_positions_holds_few_of_them(tmp_path):
    """Rows go when positions end; the end of one was told by nobody."""
    world = world_of(tmp_path, lambda n: n in (1, 4, 6))
    assert "LA116" not in world.codes()


@pytest.mark.parametrize("changed", [{"entry_price": "99.99"}, {"size": "77"}, {"side": "long"}])
def test_a_row_of_the_market_that_records_no_other_open_may_be_it(tmp_path, changed):
    world = world_of(tmp_path, lambda n: n != 3)
    world.rows.append(world.standing(deals()[3], **changed))
    assert "LA116" not in world.codes()


def test_what_was_added_to_a_position_needs_no_row_of_its_own(tmp_path):
    world = world_of(tmp_path, lambda _: True)
    world.open(Deal("14:05:00.000", symbol="ETH-USDT", side="short", entry="85.95", size="0.7"))
    assert "LA116" not in world.codes()


def test_rows_that_could_not_be_read_may_be_it(tmp_path):
    world = world_of(tmp_path, lambda n: n != 3)
    world.rows.append("torn,row")
    assert "LA116" not in world.codes()
