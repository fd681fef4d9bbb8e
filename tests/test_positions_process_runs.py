"""One life of the process is one run: starts told often, starts seconds apart, lives that began before the logs."""

from __future__ import annotations

import pytest
from evidence_factory import beats, block, in_order, said, session, us

from logaudit.core.events import EventKind
from logaudit.reconcile.positions import run_at
from logaudit.reconcile.reconciled import Session


def runs(found: Session) -> list[tuple[str, bool]]:
    return [(r.id, r.started is not None) for r in found.runs]


def log(*groups: list[str]) -> dict[str, str]:
    return {"desk.log": in_order(*groups)}


BEATS = beats("10:00:00.000", "11:00:00.000")


def test_no_start_record_is_one_run_from_the_first_line(tmp_path):
    assert runs(session(tmp_path, log(BEATS))) == [("run-2026-03-10T10:00:00", False)]


def test_no_logs_have_no_run(tmp_path):
    assert session(tmp_path, {"notes.csv": "a,b\n1,2\n"}).runs == ()


def test_a_start_told_by_several_functions_and_sinks_is_one(tmp_path):
    main = [
        said("10:00:00", "BOT UP", "desk:main:1"),
        said("10:00:04", "BOT UP", "desk.core:start:55"),
        said("10:00:09", "ENGINE UP", "desk.engine:run:9"),
        *beats("10:00:30", "10:30:00"),
    ]
    info = [
        said("10:00:00.500", "BOT UP", "desk:main:1"),
        said("10:00:04.100", "BOT UP", "desk.core:start:55"),
    ]
    found = session(tmp_path, {"main.log": "".join(main), "info.log": "".join(info)})
    assert runs(found) == [("run-2026-03-10T10:00:00", True)]


def test_a_restart_seconds_later_is_a_run_of_its_own(tmp_path):
    """It crashed at once: the same statement of the code speaks again."""
    starts = [said(f"10:00:{s:02d}.000", "BOT UP", "desk:main:1") for s in (0, 12, 24)]
    found = session(tmp_path, log(starts, BEATS))
    assert [r.start for r in found.runs] == [us("10:00:00"), us("10:00:12"), us("10:00:24")]


def test_a_start_told_twice_without_line_numbers_may_be_one(tmp_path):
    starts = [said("10:00:00.000", "BOT UP", ""), said("10:00:12.000", "BOT UP", "")]
    assert len(session(tmp_path, log(starts, BEATS)).runs) == 1


def test_trading_between_two_start_lines_makes_them_two_starts(tmp_path):
    starts = [said("10:00:00.000", "BOT UP", ""), said("10:00:30.000", "BOT UP", "")]
    assert len(session(tmp_path, log(starts, block("10:00:10.000"), BEATS)).runs) == 2


def test_a_start_after_a_minute_is_another(tmp_path):
    starts = [said("10:00:00.000", "BOT UP", ""), said("10:01:01.000", "BOT UP", "")]
    assert len(session(tmp_path, log(starts, BEATS)).runs) == 2


def test_a_banner_before_the_start_belongs_to_it(tmp_path):
    found = session(tmp_path, log([said("10:00:05.000", "BOT UP", "desk:main:1")], BEATS))
    assert runs(found) == [("run-2026-03-10T10:00:05", True)]
    assert found.runs[0].start == us("10:00:00")


def test_trading_just_before_the_first_start_is_the_run_before(tmp_path):
    found = session(
        tmp_path, log([said("10:00:50.000", "BOT UP", "desk:main:1")], block("10:00:20.000"), BEATS)
    )
    assert runs(found) == [("run-2026-03-10T10:00:00", False), ("run-2026-03-10T10:00:50", True)]
    assert found.trades[0].run == "run-2026-03-10T10:00:00"


def test_a_run_ends_where_its_log_does(tmp_path):
    early, late = beats("10:00:00.000", "10:30:00.000"), beats("13:00:00.000", "13:30:00.000")
    found = session(
        tmp_path,
        log(
            [said("10:00:00.000", "BOT UP", "d:main:1")],
            early,
            [said("13:00:00.000", "BOT UP", "d:main:1")],
            late,
        ),
    )
    assert [(r.start, r.end) for r in found.runs] == [
        (us("10:00:00"), us("10:30:00")),
        (us("13:00:00"), us("13:30:00")),
    ]


def test_what_a_new_run_says_at_once_is_not_the_old_ones(tmp_path):
    lines = [
        said("10:00:00.000", "BOT UP", "desk:main:1"),
        said("10:30:00.000", "BOT UP", "desk:main:1"),
        said("10:30:00.400", "RECORDER READY"),
    ]
    found = session(tmp_path, log(lines, BEATS))
    assert [len(found.events_in(run, EventKind.RECORDER_READY)) for run in found.runs] == [0, 1]


@pytest.mark.parametrize(
    ("at", "run"), [("09:59:59.999", None), ("10:00:00.000", 0), ("10:29:59.999", 0), ("10:30:00.000", 1)]
)
def test_a_moment_belongs_to_the_last_run_that_began(tmp_path, at, run):
    lines = [said("10:00:00.000", "BOT UP", "desk:main:1"), said("10:30:00.000", "BOT UP", "desk:main:1")]
    found = session(tmp_path, log(lines, BEATS))
    assert run_at(found.runs, us(at)) == (None if run is None else found.runs[run])


def test_a_close_printed_coarser_than_the_start_of_its_second_is_the_new_runs(tmp_path):
    """The start shows milliseconds, the close whole seconds: it may have followed the start."""
    text = [*BEATS[:60], said("10:30:00.600", "BOT UP", "desk:main:1")]
    files = {
        "info.log": "".join(text),
        "main.log": in_order(block("10:30:00"), beats("10:00:00", "10:40:00")),
    }
    found = session(tmp_path, files)
    assert found.trades[0].run == "run-2026-03-10T10:30:00"


def test_a_run_ends_with_its_last_record_not_with_the_next_start(tmp_path):
    """Forty seconds without a record are no silence of the logs, and the process was gone all the same."""
    first = [said("10:00:00", "BOT UP", "desk:main:1"), *beats("10:00:30", "10:20:00")]
    second = [said("10:20:40", "BOT UP", "desk:main:1"), *beats("10:21:00", "10:40:00")]
    found = session(tmp_path, log(first, second))
    assert [r.end for r in found.runs] == [us("10:20:00"), us("10:40:00")]
