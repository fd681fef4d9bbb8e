"""LA405: one sink lacks a record that it should hold."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, Deal, World, ordered, primary

from logaudit.core.finding import Severity

INFO = f"info_{DAY}.log"
DEALS = [Deal(f"10:{minute}:00.250", held=120) for minute in (10, 20, 30, 40, 50)]


def plain(lines: list[str]) -> list[str]:
    """The same calls in a sink that prints no code path."""
    split = (line.split(" | ", 3) for line in ordered(lines))
    return [f"{at} | INFO | {message}" for at, _, _, message in split]


def two_sinks(tmp_path) -> World:
    world = World(tmp_path)
    world.kept(*DEALS)
    return world


def test_a_close_that_one_sink_lacks_is_a_warning_that_quotes_the_other(tmp_path):
    world = two_sinks(tmp_path)
    lost = [line for line in world.lines if "10:30:00.2" in line and "ПОЗИЦИЯ" in line]
    world.write(INFO, plain([line for line in world.lines if line not in lost]))
    finding = world.one("LA405")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(f"{DAY} 10:30:00.250 | INFO     | futures.position_manager")
    assert str(finding.message) == (
        f"The position-closed record at {DAY}T10:30:00.250 is in futures_main and not in info, which covers that "
        "time and holds 4 others like it."
    )
    assert finding.data == finding.data | {
        "stream": "info",
        "has": "futures_main",
        "at": f"{DAY}T10:30:00.250",
    }


def test_an_acknowledgement_that_one_sink_lacks_is_one_too(tmp_path):
    world = two_sinks(tmp_path)
    world.write(INFO, plain([line for line in world.lines if "Total: 3" not in line]))
    assert str(world.one("LA405").message).startswith(
        f"The trade-acknowledged record at {DAY}T10:30:00.270 is in"
    )


def test_sinks_that_hold_the_same_are_silent(tmp_path):
    world = two_sinks(tmp_path)
    world.write(INFO, plain(world.lines))
    assert "LA405" not in world.codes()


def test_a_sink_that_is_not_meant_to_hold_a_kind_is_silent(tmp_path):
    """The second sink takes no line of the recorder at all."""
    world = two_sinks(tmp_path)
    world.write(INFO, plain([line for line in world.lines if "RECORDED" not in line]))
    assert "LA405" not in world.codes()


def test_a_sink_that_began_later_is_silent(tmp_path):
    world = two_sinks(tmp_path)
    world.write(INFO, plain([line for line in world.lines if line[11:16] >= "10:15"]))
    assert "LA405" not in world.codes()


def test_a_record_at_the_edge_of_a_sink_is_silent(tmp_path):
    """The second sink was copied a second after the last close."""
    world = World(tmp_path)
    world.kept(*DEALS, replace(DEALS[0], closed="11:00:00.500"))
    world.write(INFO, plain([line for line in world.lines if line[11:23] < "11:00:00.500"]))
    assert "LA405" not in world.codes()


def test_two_shared_records_do_not_show_what_a_sink_is_for(tmp_path):
    """Three closes, of which the second sink holds two."""
    world = World(tmp_path)
    world.kept(*DEALS[:3])
    lacking = [line for line in world.lines if line[11:19] == "10:30:00"]
    world.write(INFO, plain([line for line in world.lines if line not in lacking]))
    assert "LA405" not in world.codes()
