"""LA303: rows and log lines of the same trades differ by a constant."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from world import DAY, LEDGER, Deal, World, later, primary

from logaudit.core.finding import Severity

FIRST = Deal("10:20:00.250")


def deals(count: int) -> list[Deal]:
    """Trades a quarter of an hour apart, every one with another result."""
    return [
        replace(FIRST, closed=later(FIRST.at, 900 * i), exit=f"{89000 + 137 * i}.5", held=300)
        for i in range(count)
    ]


def shifted(world: World, *hours: float) -> World:
    """A recorded trade for each shift of its row."""
    for deal, shift in zip(deals(len(hours)), hours, strict=True):
        world.lost(deal)
        world.acknowledge(deal)
        at = deal.at + timedelta(hours=shift)
        world.rows.append(world.row(deal, timestamp=at.isoformat("T", "microseconds")))
    return world


def test_rows_in_utc_are_a_warning_with_the_constant(tmp_path):
    world = shifted(World(tmp_path), -3, -3, -3, -3)
    finding = world.one("LA303")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(f"{DAY}T07:20:00.250000,BTC-USDT")
    assert any("ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT" in w.text for w in finding.locations)
    assert str(finding.message).startswith(
        f"The rows of {LEDGER} are 3 h earlier than the log lines of the same trades ("
    )
    assert "4 one-to-one matches" in str(finding.message)
    assert (finding.data["offset_seconds"], finding.data["support"]) == (-3 * 3600, 4)
    assert world.scan().summary.recorded == 4


def test_a_shift_to_the_other_side_says_later(tmp_path):
    finding = shifted(World(tmp_path), 5.5, 5.5, 5.5).one("LA303")
    assert "are 5 h 30 min later than" in str(finding.message)
    assert finding.data["offset_seconds"] == 19_800


def test_the_file_that_shares_the_logs_clock_is_not_named(tmp_path):
    world = shifted(World(tmp_path), 0, 0, 0)
    assert "LA303" not in world.codes()


def test_a_few_seconds_of_lag_are_no_offset(tmp_path):
    world = shifted(World(tmp_path), 2 / 3600, 3 / 3600, 4 / 3600)
    assert "LA303" not in world.codes()


def test_one_row_far_from_its_close_proves_no_constant(tmp_path):
    world = shifted(World(tmp_path), -3)
    assert "LA303" not in world.codes()


def test_rows_that_differ_by_different_times_share_no_constant(tmp_path):
    world = shifted(World(tmp_path), -1, -2, -3, -4)
    assert "LA303" not in world.codes()
