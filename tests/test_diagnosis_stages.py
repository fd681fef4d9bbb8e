"""Each stage of the recorder's chain: observed, not observed, contradicted, or not observable, and why."""

from __future__ import annotations

from diagnosed import fixture, run_point, states
from english import English
from msgspec.structs import replace
from world import DAY, LOG, MANUAL, RECORDER, Deal, World

from logaudit.core.diagnosis import FailurePoint
from logaudit.core.message import plain_text

LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
KEPT = Deal("10:30:00.250")


def trade_point(world: World) -> FailurePoint:
    (found,) = [p for p in world.scan().diagnosis.failure_points if p.kind == "trade"]
    return found


def test_a_close_without_a_word_of_the_recorder_fails_where_it_should_be_called(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    point = trade_point(world)
    assert states(point) == {
        "A": "observed",
        "B": "observed",
        "C": "not-observed",
        "D": "not-observed",
        "E": "not-observed",
    }
    assert point.stage == "C"
    assert point.subject == f"ETHUSDT-long-{DAY}T11:10:00.500"
    ready = point.stages[0].locations[0]
    assert (ready.line, ready.text) == (
        world.spot("PerformanceTracker initialized").line,
        world.spot("PerformanceTracker initialized").text,
    )
    assert plain_text(point.stages[2].why, spaced=True) == (
        f"Searched futures_main (levels DEBUG, INFO) from {DAY} 11:10:00 to {DAY} 11:10:05: no such line. "
        "The logs at hand cover this time."
    )
    assert point.stages[2].log_statement


def test_a_run_says_for_how_many_of_its_lost_trades(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, replace(LOST, closed="11:30:00.5"))
    world.kept(KEPT)
    point = run_point(world.scan().diagnosis)
    assert (point.subject, point.stage) == (f"run-{DAY}T10:00:00", "C")
    assert (
        plain_text(point.stages[2].why, spaced=True)
        == "Not observed for 2 of 2 lost trades; 3 closes in the run."
    )


def test_a_start_outside_the_logs_makes_its_stages_not_observable():
    point = run_point(fixture("seed-incident").diagnosis)
    assert list(states(point).values()) == ["not-observable"] * 2 + ["not-observed"] * 3
    assert point.stage == "C"
    assert plain_text(point.stages[0].why, spaced=True).startswith(
        "The run began before 2025-11-28 00:03:23, the first line at hand of "
    )


def test_a_covered_start_without_the_line_is_the_failure_point(tmp_path):
    world = World(tmp_path)
    world.lines = [line for line in world.lines if RECORDER not in line]
    world.lost(LOST)
    point = trade_point(world)
    assert states(point)["A"] == "not-observed"
    assert point.stage == "A"


def test_a_recorder_that_works_later_was_set_up_though_no_line_says_so(tmp_path):
    world = World(tmp_path)
    world.lines = [line for line in world.lines if RECORDER not in line]
    world.kept(KEPT)
    world.lost(LOST)
    point = trade_point(world)
    assert states(point)["A"] == "observed"
    assert "its own line was not found" in plain_text(point.stages[0].why, spaced=True).lower()
    assert "TRADE RECORDED" in point.stages[0].locations[0].text
    assert point.stage == "C"


def test_an_acknowledgement_without_a_row_contradicts_the_last_stage(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST, by=MANUAL)
    world.acknowledge(LOST)
    point = trade_point(world)
    assert (states(point)["D"], states(point)["E"], point.stage) == ("observed", "contradicted", "E")
    assert "no ledger has its row" in plain_text(point.stages[-1].why, spaced=True)


def test_a_logged_failure_contradicts_the_stage_that_it_prevents(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, by=MANUAL)
    error = "❌ Failed to export trade to CSV: [Errno 28] No space left on device"
    world.say(f"{DAY} 11:10:00.520", error, by=RECORDER, level="ERROR")
    point = trade_point(world)
    assert (states(point)["D"], states(point)["E"], point.stage) == ("observed", "contradicted", "E")
    assert "No space left" in point.stages[-1].locations[0].text


def test_a_skip_for_want_of_a_result_fails_at_the_result(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, by=MANUAL)
    skip = "⚠️ Пропуск записи в CSV: trade_result=None, hasattr=True"
    world.say(f"{DAY} 11:10:00.520", skip, by=MANUAL, level="WARNING")
    point = trade_point(world)
    assert (states(point)["C"], states(point)["D"], point.stage) == ("observed", "contradicted", "D")


def test_logs_that_end_at_the_close_hide_what_would_follow(tmp_path):
    world = World(tmp_path, end="11:09:00")
    world.lost(LOST)
    point = trade_point(world)
    assert states(point)["C"] == "not-observable"
    assert point.stage == ""
    assert "do not cover all of" in plain_text(point.stages[2].why, spaced=True)


def test_sinks_that_take_no_such_level_hide_the_line(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    world.lines = [
        line.replace("| INFO    ", "| WARNING ").replace("| DEBUG   ", "| WARNING ")
        for line in world.lines
        if RECORDER not in line
    ]
    point = trade_point(world)
    assert set(states(point).values()) == {"not-observable"}
    assert "No sink at hand takes the level" in plain_text(point.stages[2].why, spaced=True)


def test_another_run_is_judged_by_its_own_start(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    world.say("10:50:00", "🚀 Запуск Futures торгового бота...", by="__main__:main:31")
    point = run_point(world.scan().diagnosis)
    assert (point.subject, point.stage) == (f"run-{DAY}T10:50:00", "A")


def test_a_profile_without_stages_gets_those_its_patterns_can_tell(tmp_path):
    world = English(tmp_path)
    world.kept(KEPT)
    world.lost(LOST, by="trader.exits:on_target:120")
    point = trade_point(world)
    titles = [str(stage.title) for stage in point.stages]
    assert titles[0] == "the recorder is initialised"
    assert str(point.stages["ABCDE".index(point.stage)].title).endswith("calls the recorder")


def test_a_profile_of_opens_and_closes_only_has_no_chain_to_show():
    assert fixture("open-close-only").diagnosis.failure_points == ()


def test_no_loss_no_failure_point(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    assert world.scan().diagnosis.failure_points == ()
    assert world.scan().diagnosis.headline == ()


def test_lines_are_cited_where_they_stand(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    for stage in trade_point(world).stages:
        for place in stage.locations:
            assert place.path == LOG
            assert (tmp_path / LOG).read_text(encoding="utf-8").splitlines()[place.line - 1] == place.text
