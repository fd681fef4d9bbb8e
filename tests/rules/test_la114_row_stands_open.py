"""LA114: a row that was written at open and never completed."""

from __future__ import annotations

import pytest
from english import English
from world import Deal, World

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.000")
LOST = Deal("11:10:00.000", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


class AtOpen(English):
    """Its recorder writes a row at open and completes it at close."""

    header = "opened,closed,symbol,side,entry_price,exit_price,size,pnl,status"

    def cells(self, deal: Deal) -> dict[str, str]:
        told = super().cells(deal)
        when = {"opened": deal.opened.isoformat(" "), "closed": deal.at.isoformat(" ")}
        kept = {name: told[name] for name in ("symbol", "side", "entry_price", "exit_price", "size", "pnl")}
        return {**when, **kept, "status": "closed"}

    def standing(self, deal: Deal, **changed: str) -> str:
        return self.row(deal, closed="", exit_price="", pnl="", status="open", **changed)


def world_with(tmp_path, row: str | None = None, **changed: str) -> World:
    world = AtOpen(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.rows.append(world.standing(LOST, **changed) if row is None else row)
    return world


def test_a_row_that_stands_open_though_the_log_closed_it_is_an_error_at_both_places(tmp_path):
    world = world_with(tmp_path)
    finding = world.one("LA114")
    assert finding.severity is Severity.ERROR
    assert [(w.path, w.line) for w in finding.locations] == [
        ("trades.csv", 3),
        ("bot.log", world.spot("Closed long position ETH-USDT").line),
    ]
    assert (world.scan().summary.missing, world.scan().summary.closes) == (1, 2)
    assert "LA203" not in world.codes()


@pytest.mark.parametrize(
    "changed",
    [{"symbol": "SOL-USDT"}, {"side": "short"}, {"entry_price": "2950.0"}, {"opened": "2026-01-10 11:30:00"}],
)
def test_the_open_row_of_another_position_is_none(tmp_path, changed):
    world = world_with(tmp_path, **changed)
    assert "LA114" not in world.codes()


def test_a_position_that_is_open_in_both_is_none(tmp_path):
    world = AtOpen(tmp_path)
    world.kept(KEPT)
    world.open(LOST)
    world.rows.append(world.standing(LOST))
    assert not {"LA114", "LA101"} & world.codes()


@pytest.mark.parametrize(
    ("column", "told", "written"), [("side", "long", "sell"), ("symbol", "ETH-USDT", "ETC-USDT")]
)
def test_the_open_row_of_a_ledger_that_writes_otherwise_as_a_rule_is_found(tmp_path, column, told, written):
    """The ledger names the side of the closing order, or another market, in all its rows."""
    world = AtOpen(tmp_path)
    for minute in (10, 20, 30, 40):
        deal = Deal(
            f"10:{minute}:00.000", "ETH-USDT", "long", f"30{minute}.0", f"30{minute + 5}.5", f"0.{minute}"
        )
        world.close(deal)
        world.acknowledge(deal)
        world.rows.append(world.row(deal, **{column: written}))
    world.lost(LOST)
    world.rows.append(world.standing(LOST, **{column: written}))
    assert getattr(LOST, column) == told
    assert world.one("LA114").locations[0].line == len(world.rows) + 1


def test_a_ledger_in_which_no_row_was_ever_completed_is_said_once(tmp_path):
    world = AtOpen(tmp_path)
    for hour in range(10, 17):
        deal = Deal(f"{hour}:30:00.000", entry=f"{60000 + hour}.0")
        world.open(deal)
        world.rows.append(world.standing(deal))
    finding = world.one("LA114")
    assert finding.severity is Severity.WARNING
    assert finding.data["rows"] == 7


def test_positions_of_many_markets_may_all_be_open(tmp_path):
    world = AtOpen(tmp_path)
    for hour in range(10, 17):
        deal = Deal(f"{hour}:30:00.000", symbol=f"C{hour}-USDT", entry=f"{60 + hour}.5")
        world.open(deal)
        world.rows.append(world.standing(deal))
    assert "LA114" not in world.codes()


def test_one_row_that_was_completed_shows_that_rows_are(tmp_path):
    world = AtOpen(tmp_path)
    world.kept(Deal("09:30:00.000", entry="59000.0"))
    for hour in range(10, 17):
        deal = Deal(f"{hour}:30:00.000", entry=f"{60000 + hour}.0")
        world.open(deal)
        world.rows.append(world.standing(deal))
    assert not [f for f in world.scan().findings if f.rule == "LA114" and f.severity is Severity.WARNING]
