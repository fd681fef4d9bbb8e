"""LA207: rows that the recorder had acknowledged are gone, since a later start opened the ledger anew."""

from __future__ import annotations

from datetime import date, timedelta

from english import English
from world import DAY, Deal, World

from logaudit.core.finding import Severity

FIRST = Deal("10:20:00.250")
SECOND = Deal("10:40:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
LATER = Deal("11:40:00.500", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1")


def restarted(world: World) -> World:
    """Two trades, a restart, a third; all acknowledged and written."""
    world.kept(FIRST, SECOND)
    world.boot("11:00:00")
    world.kept(LATER)
    return world


def test_rows_of_the_run_before_that_are_gone_are_one_error(tmp_path):
    world = restarted(English(tmp_path))
    world.rows = world.rows[2:]
    finding = world.one("LA207")
    assert finding.severity is Severity.ERROR
    assert (finding.data["ledger"], finding.data["gone"]) == ("trades.csv", 2)
    assert finding.run == f"run-{DAY}T11:00:00"
    assert {t.symbol: t.state.value for t in world.scan().trades} == {
        "BTC-USDT": "false-ack",
        "ETH-USDT": "false-ack",
        "SOL-USDT": "recorded",
    }


def test_a_row_dated_a_day_early_hides_no_rewriting(tmp_path):
    world = restarted(English(tmp_path))
    world.kept(Deal("11:50:00.500", symbol="XRP-USDT", side="long", entry="0.5011", exit="0.5102", size="30"))
    early = world.rows[3].replace(DAY, str(date.fromisoformat(DAY) - timedelta(days=1)))
    world.rows = [world.rows[2], early]
    assert world.one("LA207").data["gone"] == 2


def test_equal_trades_before_and_after_the_restart_are_told_apart_by_time(tmp_path):
    world = English(tmp_path)
    world.kept(FIRST)
    world.boot("11:00:00")
    world.kept(Deal("11:20:00.250"))
    world.rows = world.rows[1:]
    assert world.one("LA207").data["gone"] == 1


def test_a_ledger_that_still_holds_a_row_from_before_was_not_rewritten(tmp_path):
    world = restarted(English(tmp_path))
    world.rows = [world.rows[0], world.rows[2]]
    assert "LA207" not in world.codes()
    assert "LA103" in world.codes()


def test_rows_that_are_gone_without_a_restart_are_no_rewriting(tmp_path):
    world = English(tmp_path)
    world.kept(FIRST, LATER)
    world.rows = world.rows[1:]
    assert "LA207" not in world.codes()


def test_a_run_without_its_start_says_nothing_of_rows_before_the_first(tmp_path):
    """The file may have been begun later: nothing tells that the run had opened it."""
    world = English(tmp_path, boot=False)
    world.kept(FIRST)
    world.boot("11:00:00")
    world.kept(LATER)
    world.rows = world.rows[1:]
    assert "LA207" not in world.codes()


def test_what_was_never_acknowledged_was_never_there(tmp_path):
    world = English(tmp_path)
    world.lost(FIRST)
    world.boot("11:00:00")
    world.kept(LATER)
    assert "LA207" not in world.codes()


def test_a_copy_with_rows_that_the_ledger_lost_is_said_and_counts_nothing_twice(tmp_path):
    world = restarted(English(tmp_path))
    world.write("trades_backup.csv", [world.header, *world.rows])
    world.rows = world.rows[1:]
    finding = world.one("LA207")
    assert (finding.data["copy"], finding.data["gone"]) == ("trades_backup.csv", 1)
    assert finding.locations[0].path == "trades_backup.csv"
    assert "LA107" not in world.codes()
    assert (world.scan().summary.recorded, world.scan().summary.missing) == (2, 1)


def test_the_last_row_of_a_copy_is_gone_as_well(tmp_path):
    world = restarted(English(tmp_path))
    world.write("trades_backup.csv", [world.header, *world.rows])
    world.rows = world.rows[:2]
    assert world.one("LA207").data["copy"] == "trades_backup.csv"
    assert {t.row.path for t in world.scan().trades if t.row} == {world.ledger}


def test_a_copy_that_holds_nothing_more_is_silent(tmp_path):
    world = restarted(English(tmp_path))
    world.write("backup/trades.csv", [world.header, *world.rows[:2]])
    assert not {"LA207", "LA107"} & world.codes()


def test_a_second_ledger_that_is_no_copy_keeps_its_rows(tmp_path):
    world = restarted(English(tmp_path))
    world.write("trades_old.csv", [world.header, world.rows.pop(0)])
    assert not {"LA207", "LA101", "LA103"} & world.codes()
    assert world.scan().summary.recorded == 3
