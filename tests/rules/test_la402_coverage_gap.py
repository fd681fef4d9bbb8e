"""LA402: a silence far longer than a stream's pace."""

from __future__ import annotations

from world import DAY, LOG, World, later, ordered, primary

from logaudit.core.finding import Severity


def without(lines: list[str], start: str, end: str) -> list[str]:
    """Lines outside a stretch of `DAY`."""
    return [line for line in lines if not f"{DAY} {start}" < line[:19] < f"{DAY} {end}"]


def test_half_an_hour_of_silence_is_a_warning_that_quotes_the_line_after(tmp_path):
    """The bot speaks every half minute; nothing from 11:00:00 to 11:30:00."""
    world = World(tmp_path, beat=30)
    world.lines = without(world.lines, "11:00:00", "11:30:00")
    finding = world.one("LA402")
    assert finding.severity is Severity.WARNING
    assert (primary(finding).path, primary(finding).line) == (LOG, world.spot(f"{DAY} 11:30:00").line)
    assert str(finding.message) == (
        f"futures_main is silent for 30 min, from {DAY}T11:00:00 to {DAY}T11:30:00 within {LOG}; 99 of 100 of its "
        "records follow within 33 s. Nothing was logged."
    )
    assert finding.data == finding.data | {
        "stream": "futures_main",
        "from": f"{DAY}T11:00:00",
        "to": f"{DAY}T11:30:00",
        "between_sources": False,
    }


def test_a_missing_part_is_named_by_its_neighbours(tmp_path):
    """Four rotated parts of half an hour, of which the third is not at hand."""
    world = World(tmp_path, log="", beat=30)
    names = [f"futures_main_{DAY}.{DAY}_{at}_000000.log.zip" for at in ("10-00-00", "10-30-00", "11-30-00")]
    parts = (("10:00", "10:30"), ("10:30", "11:00"), ("11:30", "12:01"))
    for name, (start, end) in zip(names, parts, strict=True):
        world.zip(name, [line for line in ordered(world.lines) if f"{DAY} {start}" <= line < f"{DAY} {end}"])
    finding = world.one("LA402")
    assert finding.data["between_sources"] is True
    assert "A part of the log is likely missing" in str(finding.message)
    assert names[1] in str(finding.message)
    assert [w.path for w in finding.locations] == [names[2], names[1]]


def test_another_stream_that_went_on_is_named(tmp_path):
    world = World(tmp_path, beat=30)
    world.write(f"info_{DAY}.log", [line.replace("Heartbeat", "Pulse") for line in ordered(world.lines)])
    world.lines = without(world.lines, "11:00:00", "11:30:00")
    assert str(world.one("LA402").message).endswith("Nothing was logged. info went on meanwhile.")


def test_a_silence_that_ends_with_a_start_is_none(tmp_path):
    """The bot was not running."""
    world = World(tmp_path, beat=30)
    world.lines = without(world.lines, "11:00:00", "11:30:00")
    world.boot("11:29:59.500")
    assert "LA402" not in world.codes()


def test_a_pause_of_the_usual_order_is_silent(tmp_path):
    """Nine minutes in a bot that speaks every half minute: less than twenty times its pace."""
    world = World(tmp_path, beat=30)
    world.lines = without(world.lines, "11:00:00", "11:09:00")
    assert "LA402" not in world.codes()


def test_a_bot_that_speaks_every_quarter_of_an_hour_may_pause_for_one(tmp_path):
    world = World(tmp_path, start="2026-01-09 00:00:00", end="12:00:00", beat=900)
    world.lines = without(world.lines, "10:00:00", "11:00:00")
    assert "LA402" not in world.codes()


def test_an_error_log_that_is_silent_while_all_is_well_is_silent(tmp_path):
    """Two bursts of a hundred errors, and an hour of peace between them."""
    world = World(tmp_path)
    bursts = [later(f"{hour}:05:00", i / 10) for hour in (10, 11) for i in range(100)]
    world.write(
        f"errors_{DAY}.log", [f"{at[:23]} | ERROR    | bot.net:get:7 | no answer {at}" for at in bursts]
    )
    assert {c.stream for c in world.scan().coverage} == {"errors", "futures_main"}
    assert "LA402" not in world.codes()


def test_too_few_lines_show_no_pace(tmp_path):
    world = World(tmp_path, end="10:20:00")
    world.say("12:00:00", "Heartbeat ok")
    assert "LA402" not in world.codes()
