"""LA501: closes whose opens were never logged, in a run whose start is."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
BARE = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def with_bare(world: World, *deals: Deal) -> World:
    """A whole trade, then closes without opens, all recorded."""
    world.kept(KEPT)
    for deal in deals:
        world.close(deal)
        world.acknowledge(deal)
        world.rows.append(world.row(deal))
    return world


def test_such_closes_are_one_note_for_the_run(tmp_path):
    world = with_bare(World(tmp_path), BARE, replace(BARE, closed="11:30:00.5"))
    finding = world.one("LA501")
    assert finding.severity is Severity.NOTE
    assert primary(finding) == world.spot("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT LONG")
    assert str(finding.message) == (
        f"2 of 3 closes of this run have no matching open in the logs; the first: ETH-USDT long closed "
        f"{DAY}T11:10:00.500 (tp)."
    )
    assert finding.data == finding.data | {"closes": 3, "without_open": 2}
    assert finding.run == f"run-{DAY}T10:00:00"
    assert len(finding.locations) == 2


def test_an_open_of_the_other_side_is_not_its_open(tmp_path):
    world = World(tmp_path)
    world.open(replace(BARE, side="short"))
    assert with_bare(world, BARE).one("LA501").data["without_open"] == 1


def test_an_open_before_the_logs_is_not_missed(tmp_path):
    """The run's start is not at hand, so neither are its first opens."""
    assert "LA501" not in with_bare(World(tmp_path, boot=False), BARE).codes()


def test_an_open_of_the_run_before_is_missed_by_the_next(tmp_path):
    """Taken over at a restart: the second run does not log it again, but the position is known."""
    world = World(tmp_path)
    world.kept(BARE)
    world.boot("11:05:00")
    assert "LA501" not in world.codes()


def test_a_bot_that_logs_no_opens_is_not_asked_to(tmp_path):
    world = World(tmp_path)
    world.close(KEPT)
    world.close(BARE)
    assert world.scan().summary.closes == 2
    assert "LA501" not in world.codes()


def test_an_open_that_may_lie_in_a_gap_is_not_missed(tmp_path):
    world = with_bare(World(tmp_path, beat=30), BARE)
    world.lines = [line for line in world.lines if not f"{DAY} 10:40" < line[:19] < f"{DAY} 11:05"]
    assert "LA402" in world.codes()
    assert "LA501" not in world.codes()


def test_the_second_part_of_a_partial_close_has_an_open(tmp_path):
    world = World(tmp_path)
    world.open(BARE)
    world.close(replace(BARE, closed="11:05:00", size="0.1"))
    world.close(replace(BARE, size="0.1"))
    assert "LA501" not in world.codes()
