"""LA304: log time runs backwards within one file."""

from __future__ import annotations

from english import English
from msgspec.structs import replace
from world import DAY, LOG, World, primary

from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.finding import Severity
from logaudit.core.message import msg
from logaudit.rules.la304_clock_jump import check
from logaudit.sources import Problem, ProblemKind


def beats(*times: str) -> list[str]:
    """Lines with these times, in this order."""
    return [f"{DAY} {at} | INFO     | bot.loop:beat:24 | Heartbeat {i}" for i, at in enumerate(times)]


def raw(tmp_path, *lines: str) -> World:
    world = World(tmp_path, log="", ledger="", boot=False)
    world.write(LOG, lines)
    return world


def test_a_clock_set_back_is_a_warning_that_quotes_the_first_line_after(tmp_path):
    world = raw(tmp_path, *beats("02:59:50.000", "02:59:58.000", "02:00:01.500", "02:00:09.000"))
    finding = world.one("LA304")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("Heartbeat 2")
    assert str(finding.message) == (
        f"The time of futures_main runs back by 59 min: {DAY}T02:59:58.000 is followed by {DAY}T02:00:01.500."
    )
    assert finding.data == finding.data | {
        "stream": "futures_main",
        "before": f"{DAY}T02:59:58.000",
        "after": f"{DAY}T02:00:01.500",
    }


def test_many_jumps_of_one_clock_are_one_finding(tmp_path):
    """Two processes write one file, their clocks a quarter of an hour apart."""
    times = [f"10:{30 + i // 2 - i % 2 * 15:02d}:{i % 7:02d}.000" for i in range(40)]
    finding = raw(tmp_path, *beats(*times)).one("LA304")
    assert finding.data["jumps"] == 20
    assert "It does so 19 times more." in str(finding.message)
    assert primary(finding).line == 2


def test_one_clock_in_two_sinks_is_one_finding(tmp_path):
    world = raw(tmp_path, *beats("10:10:00.000", "10:10:05.000", "09:50:00.000", "09:50:10.000"))
    world.write(f"errors_{DAY}.log", beats("10:10:05.000", "09:50:00.100"))
    assert world.one("LA304").data["jumps"] == 2


def test_jumps_of_different_length_are_findings_of_their_own(tmp_path):
    world = raw(tmp_path, *beats("10:00:00.000", "09:50:00.000", "10:00:00.000", "09:55:00.000"))
    assert [f.data["after"] for f in world.found("LA304")] == [f"{DAY}T09:50:00.000", f"{DAY}T09:55:00.000"]


def test_threads_out_of_order_by_a_moment_are_silent(tmp_path):
    world = raw(tmp_path, *beats("10:00:02.000", "10:00:00.500", "10:00:03.000", "10:00:02.999"))
    assert "LA304" not in world.codes()


def test_files_that_overlap_are_silent(tmp_path):
    """Two files of one stream cover the same minutes; in each, time goes forward."""
    world = raw(tmp_path, *beats("10:00:00.000", "10:10:00.000", "10:20:00.000"))
    world.write(f"futures_main_{DAY}.1.log", beats("10:05:00.000", "10:15:00.000", "10:25:00.000"))
    assert "LA304" not in world.codes()


def test_times_quoted_in_a_message_are_no_stamps(tmp_path):
    line, *more = beats("10:00:00.000", "10:00:05.000")
    world = raw(tmp_path, line, f"   at {DAY} 09:00:00.000 | INFO | retried", *more)
    assert "LA304" not in world.codes()


LATE = beats("10:10:00.000", "10:40:00.000")
EARLY = beats("10:05:00.000", "10:20:00.000", "11:30:00.000")


def parts(tmp_path, older: str, newer: str) -> World:
    """Two parts of one log, the second of which begins 35 min before the first has ended."""
    world = World(tmp_path, log="", ledger="", boot=False)
    world.write(older, LATE)
    world.write(newer, EARLY)
    return world


def test_a_clock_set_back_between_two_parts_is_told_by_their_counters(tmp_path):
    for older, newer in (("bot.log.1", "bot.log"), ("bot.log.2", "bot.log.1")):
        finding = parts(tmp_path / newer, older, newer).one("LA304")
        assert (finding.data["before"], finding.data["after"]) == (
            f"{DAY}T10:40:00.000",
            f"{DAY}T10:05:00.000",
        )
        assert (primary(finding).path, primary(finding).line) == (newer, 1)


def test_the_file_without_a_time_in_its_name_is_the_newest(tmp_path):
    world = World(tmp_path, log="", ledger="", boot=False)
    world.write(f"bot.{DAY}_10-00-00_000001.log", beats("10:00:00.000", "10:40:00.000"))
    world.write("bot.log", EARLY)
    assert world.one("LA304").data["after"] == f"{DAY}T10:05:00.000"


def test_parts_in_order_copies_and_logs_of_other_names_are_silent(tmp_path):
    opened = (
        f"{DAY} 10:15:00.000 | INFO     | bot.entries:open:9 | Opened long position BTC-USDT @ 60000 size=0.5"
    )
    ordered = World(tmp_path / "order", log="", ledger="", boot=False)
    ordered.write("bot.log.1", LATE)
    ordered.write("bot.log", beats("10:40:01.000", "11:00:00.000"))
    copy = English(tmp_path / "copy", log="", ledger="", boot=False)
    copy.write("bot.log.1", [*beats("10:00:00.000"), opened, *beats("10:40:00.000")])
    copy.write("bot.log", [*beats("10:10:00.000"), opened, *beats("11:40:00.000")])
    others = parts(tmp_path / "others", "bot-1.log", "bot-2.log")
    gap = parts(tmp_path / "gap", "bot.log.3", "bot.log.1")
    for world in (ordered, copy, others, gap):
        assert "LA304" not in world.codes()


def test_an_hour_told_twice_by_two_parts_is_no_jump(tmp_path):
    world = World(tmp_path, log="", ledger="", boot=False)
    night = "2025-10-26"
    for name, times in (
        ("bot.log.1", ("01:30:00.000", "02:30:00.000", "02:58:00.000")),
        ("bot.log", ("02:01:00.000", "02:40:00.000", "03:30:00.000")),
    ):
        world.write(name, [line.replace(DAY, night) for line in beats(*times)])
    assert "LA304" not in world.codes()
    assert "LA305" in world.codes()


def test_what_corrupt_data_yields_is_no_clock(tmp_path):
    """Its lines may be copies of earlier ones."""
    raw(tmp_path, *beats("02:59:58.000", "02:00:01.500"))
    case = read_case([str(tmp_path)], ScanOptions())
    assert len([*check(case)]) == 1
    (session,) = case.sessions
    (stream,) = session.evidence.streams
    (source,) = stream.sources
    damaged = replace(source, problem=Problem(source.address, ProblemKind.DAMAGED, msg("it is corrupt")))
    evidence = replace(session.evidence, streams=(replace(stream, sources=(damaged,)),))
    assert not [*check(replace(case, sessions=(replace(session, evidence=evidence),)))]
