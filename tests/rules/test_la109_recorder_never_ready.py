"""LA109: a run that lost closes shows no sign of a recorder."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, LOG, RECORDER, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def without_recorder(world: World) -> World:
    """Takes out what the recorder said when it was set up."""
    world.lines = [line for line in world.lines if RECORDER not in line]
    return world


def test_a_start_without_the_recorder_is_a_warning_that_says_where_it_looked(tmp_path):
    world = without_recorder(World(tmp_path))
    world.lost(LOST)
    finding = world.one("LA109")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("Запуск Futures торгового бота")
    assert str(finding.message) == (
        "No recorder initialisation was observed in this run. Searched: futures_main (levels DEBUG, INFO) "
        f"from {DAY}T10:00:00 to {DAY}T12:00:00. The run's start at {DAY}T10:00:00 is in the logs, and shows none."
    )
    assert finding.data == finding.data | {
        "searched": ["futures_main"],
        "levels": ["DEBUG", "INFO"],
        "start_observed": True,
        "from": f"{DAY}T10:00:00",
        "to": f"{DAY}T12:00:00",
    }


def test_a_start_before_the_logs_is_said_so_and_the_first_file_is_cited(tmp_path):
    world = World(tmp_path, boot=False)
    world.lost(LOST)
    finding = world.one("LA109")
    assert "began before the first log line at hand" in str(finding.message)
    assert finding.data["start_observed"] is False
    assert (primary(finding).path, primary(finding).line) == (LOG, 0)


def test_only_the_run_without_a_recorder_is_named(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, replace(LOST, closed="10:40:00.5", held=300))
    world.say("11:00:00", "🚀 Запуск Futures торгового бота...", by="__main__:main:31")
    assert world.one("LA109").run == f"run-{DAY}T11:00:00"


def test_an_acknowledgement_shows_that_there_is_a_recorder(tmp_path):
    world = without_recorder(World(tmp_path))
    world.kept(KEPT)
    world.lost(LOST)
    assert "LA101" in world.codes()
    assert "LA109" not in world.codes()


def test_an_opened_ledger_shows_it_as_well(tmp_path):
    world = World(tmp_path, boot=False)
    world.say("10:00:01", "📊 Using existing trades CSV: logs/trades_2026-01-10.csv", by=RECORDER)
    world.lost(LOST)
    assert "LA109" not in world.codes()


def test_a_run_that_lost_nothing_is_not_suspected(tmp_path):
    """No recorder line at all, but the row is there."""
    world = without_recorder(World(tmp_path))
    world.lost(LOST)
    world.rows.append(world.row(LOST))
    assert "LA109" not in world.codes()
