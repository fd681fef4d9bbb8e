"""Causes: what each predicts, what refutes it, which one leads, and what would tell the closest apart."""

from __future__ import annotations

import pytest
from diagnosed import FIXTURES, cause, fixture
from english import English
from msgspec.structs import replace
from world import DAY, MANUAL, RECORDER, Deal, World

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.diagnosis import Diagnosis, Likelihood, PredictionState
from logaudit.core.message import plain_text
from logaudit.diagnosis.hypotheses import CATALOGUE
from logaudit.locale import language

BASE = Deal("10:05:00.250")
HIGH, MEDIUM, LOW, REFUTED = Likelihood


def deals(count: int, start: int = 10, **changes: str) -> list[Deal]:
    """Deals five minutes apart."""
    return [
        replace(BASE, closed=f"{start}:{n * 5:02d}:00.250", held=60, **changes) for n in range(1, count + 1)
    ]


def diagnosis(world: World) -> Diagnosis:
    return world.scan().diagnosis


def typical(world: World) -> World:
    """One path records, another loses, in turns."""
    for kept, lost in zip(deals(6), deals(6, start=11), strict=True):
        world.kept(kept)
        world.lost(replace(lost, closed=kept.closed.replace(":00.250", ":30.250")))
    return world


def states(found: Diagnosis, name: str) -> list[str]:
    return [p.state.value for p in cause(found, name).predictions]


def test_the_whole_catalogue_is_judged_and_ranked_without_gaps(tmp_path):
    found = diagnosis(typical(World(tmp_path))).hypotheses
    # A failed write that was logged is no cause where none was.
    assert len(found) == len(CATALOGUE) - 1
    assert [h.rank for h in found] == list(range(1, len(found) + 1))
    order = list(Likelihood)
    assert [order.index(h.likelihood) for h in found] == sorted(order.index(h.likelihood) for h in found)
    assert all(
        h.predictions and plain_text(h.title, spaced=True) and plain_text(h.check, spaced=True) for h in found
    )


def test_one_blind_path_makes_the_path_lead_and_refutes_what_the_lines_refute(tmp_path):
    world = typical(World(tmp_path))
    found = diagnosis(world)
    assert found.hypotheses[0].id == "path-never-calls-recorder"
    assert found.hypotheses[0].likelihood is HIGH
    assert states(found, "path-never-calls-recorder") == ["confirmed"] * 3
    refuted = {h.id for h in found.hypotheses if h.likelihood is REFUTED}
    assert refuted == {
        "recorder-never-initialised",
        "logged-elsewhere",
        "acknowledged-without-writing",
        "written-under-another-date",
        "written-in-another-folder",
        "ledger-overwritten",
        "died-before-flush",
        "log-lines-lost",
        "apparent-only",
    }
    assert cause(found, "called-without-result").likelihood is MEDIUM
    assert cause(found, "exception-swallowed").likelihood is LOW


def test_not_initialised_is_refuted_by_the_ready_line_itself(tmp_path):
    world = typical(World(tmp_path))
    ready, row, _ = cause(diagnosis(world), "recorder-never-initialised").predictions
    spot = world.spot("PerformanceTracker initialized")
    assert ready.state is PredictionState.REFUTED
    assert (ready.locations[0].path, ready.locations[0].line) == (spot.path, spot.line)
    assert row.locations[0].path == world.ledger


def test_every_refutation_cites_lines_or_counts(tmp_path):
    for one in diagnosis(typical(World(tmp_path))).hypotheses:
        if one.likelihood is REFUTED:
            refuting = [p for p in one.predictions if p.state is PredictionState.REFUTED]
            assert refuting
            assert any(p.locations or p.found.params for p in refuting)


def test_the_closest_two_are_told_apart_by_a_log_statement_at_the_call(tmp_path):
    (apart,) = diagnosis(typical(World(tmp_path))).separations
    assert (apart.first, apart.second) == ("path-never-calls-recorder", "called-without-result")
    assert "stage C" in plain_text(apart.observation, spaced=True)
    assert "trade_result={trade_result}" in apart.log_statement


def test_the_seed_is_told_as_its_evidence_allows():
    found = fixture("seed-incident").diagnosis
    likely = {h.id: h.likelihood for h in found.hypotheses}
    assert found.hypotheses[0].id == "logged-elsewhere"
    assert likely["logged-elsewhere"] is HIGH
    assert likely["called-without-result"] is MEDIUM
    assert likely["exception-swallowed"] is MEDIUM
    assert likely["path-never-calls-recorder"] is MEDIUM
    assert likely["written-in-another-folder"] is LOW
    assert likely["recorder-never-initialised"] is LOW
    assert likely["written-under-another-date"] is REFUTED


def test_the_seeds_zone_is_refuted_with_the_arithmetic():
    zone = cause(fixture("seed-incident").diagnosis, "written-under-another-date").predictions[1]
    assert zone.state is PredictionState.REFUTED
    assert plain_text(zone.found, spaced=True) == (
        "The close at 05:13:38 local lies on 2025-11-28 in UTC for every offset up to +05:13:38. For others its "
        "row would be in the file of 2025-11-27: trades_2025-11-27.csv holds no row at all, only its header."
    )
    assert "при любом смещении до +05:13:38" in plain_text(zone.found, language("ru"))


def test_a_swallowed_exception_is_never_refuted_for_want_of_a_line():
    for name in ("seed-incident", "two-causes", "random-losses", "open-close-only"):
        swallowed = cause(fixture(name).diagnosis, "exception-swallowed")
        assert swallowed.likelihood is not REFUTED
        assert PredictionState.REFUTED not in {p.state for p in swallowed.predictions}


def test_a_stated_zone_settles_the_date_by_itself():
    case = read_case([FIXTURES / "seed-incident" / "logs"], ScanOptions(jobs=1, zone="Europe/Moscow"))
    zone = cause(build_report(case).diagnosis, "written-under-another-date").predictions[1]
    assert plain_text(zone.found, spaced=True) == (
        "At Europe/Moscow, the close at 2025-11-28 05:13:38 lies on 2025-11-28 in UTC as well: no other file "
        "could hold it."
    )


def test_random_losses_refute_the_path_and_leave_it_open_what_else(tmp_path):
    found = fixture("random-losses").diagnosis
    assert cause(found, "path-never-calls-recorder").likelihood is REFUTED
    assert {h.id for h in found.hypotheses[:2]} == {"called-without-result", "exception-swallowed"}


def test_a_start_without_a_recorder_makes_it_lead(tmp_path):
    world = World(tmp_path, ledger="")
    world.lines = [line for line in world.lines if RECORDER not in line]
    world.write("trades_2026-01-09.csv", [world.header])
    world.lost(*deals(2))
    found = diagnosis(world)
    assert found.hypotheses[0].id == "recorder-never-initialised"
    assert states(found, "recorder-never-initialised")[:2] == ["confirmed", "confirmed"]


def test_a_line_that_names_the_missing_result_settles_it(tmp_path):
    world = World(tmp_path)
    for deal in deals(2):
        world.lost(deal, by=MANUAL)
        skip = "⚠️ Пропуск записи в CSV: trade_result=None, hasattr=True"
        world.say(f"{DAY} {deal.closed[:-4]}.270", skip, by=MANUAL, level="WARNING")
    found = diagnosis(world)
    assert cause(found, "called-without-result").likelihood is HIGH
    assert cause(found, "path-never-calls-recorder").likelihood is REFUTED


def test_logged_failures_lead_where_the_recorder_logged_them():
    found = fixture("failed-write").diagnosis
    assert found.hypotheses[0].id == "write-failed"
    assert cause(found, "exception-swallowed").likelihood is REFUTED


def test_acknowledged_losses_lead_to_the_acknowledgement():
    found = fixture("false-acknowledgement").diagnosis
    assert found.hypotheses[0].id == "acknowledged-without-writing"
    assert states(found, "acknowledged-without-writing") == ["confirmed", "confirmed"]


def test_losses_at_the_end_of_a_run_may_have_died_in_a_buffer(tmp_path):
    world = World(tmp_path, end="10:31:00")
    world.kept(*deals(4))
    world.lost(replace(BASE, closed="10:30:40.250", held=60), by=MANUAL)
    died = cause(diagnosis(world), "died-before-flush")
    assert died.likelihood is MEDIUM
    assert [p.state.value for p in died.predictions] == ["confirmed", "confirmed"]


def test_losses_older_than_every_row_may_have_been_overwritten(tmp_path):
    world = World(tmp_path)
    world.lost(*deals(2), by=MANUAL)
    for deal in deals(2):
        world.acknowledge(deal)
    world.kept(*deals(4, start=11))
    overwritten = cause(diagnosis(world), "ledger-overwritten")
    assert overwritten.likelihood is HIGH
    assert [p.state.value for p in overwritten.predictions] == ["confirmed", "confirmed"]


def test_rows_gone_of_a_run_that_wrote_on_do_not_make_an_overwritten_ledger_lead(tmp_path):
    """Nothing opened the file anew between the losses and the row that follows them in the same run."""
    world = World(tmp_path)
    world.lost(*deals(2), by=MANUAL)
    for deal in deals(2):
        world.acknowledge(deal)
    world.kept(*deals(4, start=11))
    assert diagnosis(world).hypotheses[0].id == "acknowledged-without-writing"


def test_rows_gone_after_a_restart_make_the_rewritten_ledger_lead(tmp_path):
    world = English(tmp_path)
    world.kept(*deals(3))
    world.boot("10:40:00")
    world.kept(*deals(3, start=11))
    world.rows = world.rows[3:]
    assert diagnosis(world).hypotheses[0].id == "ledger-overwritten"


def test_a_later_row_of_the_run_shows_that_nothing_was_left_in_a_buffer(tmp_path):
    world = English(tmp_path, end="10:20:30")
    world.kept(*deals(4))
    del world.rows[2]
    world.boot("10:26:00")
    world.kept(*deals(3, start=11, exit="89100.0"))
    found = diagnosis(world)
    assert found.hypotheses[0].id == "acknowledged-without-writing"
    assert cause(found, "died-before-flush").likelihood is REFUTED


def test_a_run_that_ends_seconds_after_acknowledged_losses_died_before_it_flushed(tmp_path):
    world = English(tmp_path, end="10:20:30")
    world.kept(*deals(4))
    world.rows = world.rows[:3]
    world.boot("10:26:00")
    world.kept(*deals(3, start=11, exit="89100.0"))
    found = diagnosis(world)
    assert found.hypotheses[0].id == "died-before-flush"
    assert found.hypotheses[0].likelihood is HIGH


def test_a_line_about_none_after_lost_closes_alone_leads(tmp_path):
    world = English(tmp_path)
    for kept, lost in zip(deals(4), deals(4, start=11, exit="89100.0"), strict=True):
        world.kept(kept)
        world.lost(lost, by="trader.exits:close_position:88")
        text = f"No result for {lost.symbol}: trade_result=None"
        world.say(f"{DAY} {lost.closed[:-4]}.253", text, by="trader.exits:close_position:91", level="WARNING")
    assert diagnosis(world).hypotheses[0].id == "called-without-result"


def test_none_in_a_line_after_every_close_says_nothing(tmp_path):
    world = English(tmp_path)
    for kept, lost in zip(deals(4), deals(4, start=11, exit="89100.0"), strict=True):
        world.kept(kept)
        world.lost(lost, by="trader.exits:close_position:88")
        for deal in (kept, lost):
            world.say(
                f"{DAY} {deal.closed[:-4]}.253", "trailing_stop=None", by="trader.exits:close_position:91"
            )
    assert states(diagnosis(world), "called-without-result")[0] == "untestable"


def test_a_ledger_that_a_line_names_and_nobody_has_makes_the_loss_apparent(tmp_path):
    world = World(tmp_path, ledger="")
    world.say("10:00:01", "📊 Created new trades CSV: logs/trades_2026-01-10.csv", by=RECORDER)
    world.write("trades_2026-01-09.csv", [world.header])
    world.lost(*deals(2))
    found = diagnosis(world)
    assert cause(found, "apparent-only").likelihood is HIGH
    assert cause(found, "written-in-another-folder").likelihood is MEDIUM


def test_without_any_ledger_no_loss_is_claimed_and_none_explained(tmp_path):
    world = World(tmp_path, ledger="", boot=False)
    world.lost(*deals(2))
    found = diagnosis(world)
    assert (found.headline, found.failure_points, found.hypotheses) == ((), (), ())


def test_a_gap_where_the_recorder_would_speak_may_have_lost_its_lines(tmp_path):
    world = World(tmp_path, end="10:21:00")
    world.kept(*deals(3))
    lost = replace(BASE, closed="10:20:58.250", held=60)
    world.lost(lost, by=MANUAL)
    lines = cause(diagnosis(world), "log-lines-lost")
    assert lines.likelihood is MEDIUM
    assert lines.predictions[0].state is PredictionState.CONFIRMED


def test_errors_right_after_lost_closes_speak_for_an_exception(tmp_path):
    world = World(tmp_path)
    world.kept(*deals(4))
    for deal in deals(4, start=11):
        world.lost(deal, by=MANUAL)
        at = f"{DAY} {deal.closed[:-4]}.280"
        world.say(at, "Unhandled: division by zero", by="bot.loop:run:3", level="ERROR")
    swallowed = cause(diagnosis(world), "exception-swallowed")
    assert swallowed.likelihood is HIGH
    assert "division by zero" in world.spot("division").text
    assert swallowed.predictions[1].locations[0].line == world.spot("division").line


def test_rows_of_another_date_with_the_same_prices_are_found(tmp_path):
    """Their size is another: no row is known by that, but it may be the lost trade's."""
    world = World(tmp_path)
    world.kept(*deals(3))
    deal = replace(BASE, closed="11:30:00.250", entry="91234.5", exit="91111.0")
    world.lost(deal, by=MANUAL)
    shifted = replace(deal, closed="08:30:00.250")
    world.rows.append(world.row(shifted, size="0.70000000"))
    dated = cause(diagnosis(world), "written-under-another-date")
    assert dated.likelihood is HIGH
    assert dated.predictions[0].state is PredictionState.CONFIRMED


def test_one_lost_trade_of_a_path_and_reason_that_records_is_not_the_paths_fault(tmp_path):
    world = World(tmp_path)
    world.kept(*deals(5))
    world.lost(*deals(1, start=11), by=MANUAL)
    assert cause(diagnosis(world), "path-never-calls-recorder").likelihood is REFUTED


@pytest.mark.parametrize("world_of", [World, English])
def test_each_hypothesis_can_be_said_in_both_languages(tmp_path, world_of):
    world = world_of(tmp_path)
    world.kept(*deals(2))
    world.lost(*deals(3, start=11))
    for one in diagnosis(world).hypotheses:
        for lang in ("en", "ru"):
            assert plain_text(one.title, language(lang))
            assert all(
                plain_text(p.predicts, language(lang)) and plain_text(p.found, language(lang))
                for p in one.predictions
            )
