"""LA403: a stream cut into many small archives."""

from __future__ import annotations

import gzip

import pytest
from world import DAY, World, later, moment

from logaudit.core.finding import Severity


def part(number: int, minutes: float) -> tuple[str, list[str]]:
    """Name and lines of one rotated part that begins so many minutes after the one before."""
    begin = later("00:00:00", 60 * minutes * number)
    stamp = moment(begin)
    lines = [
        f"{later(begin, minutes * 60 * i / 4)[:23]} | INFO     | bot.loop:beat:24 | Heartbeat {number}-{i}"
        for i in range(4)
    ]
    return f"futures_main_{DAY}.{stamp:%Y-%m-%d_%H-%M-%S}_000000.log", lines


def rotated(tmp_path, count: int, minutes: float, packing: str = "zip") -> World:
    world = World(tmp_path, log="", ledger="", boot=False)
    for number in range(count):
        name, lines = part(number, minutes)
        if packing == "zip":
            world.zip(f"{name}.zip", lines)
        elif packing == "gz":
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
        else:
            world.write(name, lines)
    return world


@pytest.mark.parametrize("packing", ["zip", "gz"])
def test_archives_every_quarter_of_an_hour_are_a_note_with_count_and_interval(tmp_path, packing):
    world = rotated(tmp_path, 12, 15, packing)
    finding = world.one("LA403")
    assert finding.severity is Severity.NOTE
    assert str(finding.message).startswith(
        "futures_main is cut into 12 archives, one every 15 min (median 15 min), "
    )
    assert "once a day" in str(finding.message)
    assert [
        finding.data[key] for key in ("stream", "archives", "interval_median_seconds", "recommended")
    ] == [
        "futures_main",
        12,
        900,
        'rotation="00:00"',
    ]
    assert 'rotation="00:00"' in str(finding.remedy)
    assert finding.locations[0].path == f"{part(0, 15)[0]}.{packing}"
    assert finding.locations[0].line == 0


def test_an_uneven_pace_is_told_as_a_range(tmp_path):
    world = World(tmp_path, log="", ledger="", boot=False)
    for number in range(11):
        name, lines = part(2 * number + number % 2, 5)
        world.zip(f"{name}.zip", lines)
    assert "one every 5 to 15 min" in str(world.one("LA403").message)


@pytest.mark.parametrize(
    ("count", "minutes", "packing"), [(9, 15, "zip"), (12, 60, "zip"), (12, 24 * 60, "zip"), (12, 15, "none")]
)
def test_few_archives_hourly_daily_or_plain_parts_are_silent(tmp_path, count, minutes, packing):
    world = rotated(tmp_path, count, minutes, packing)
    assert world.scan().summary.records == 4 * count
    assert "LA403" not in world.codes()


def test_a_month_of_daily_archives_beside_one_small_one_is_silent(tmp_path):
    world = rotated(tmp_path, 14, 24 * 60)
    name, lines = part(10, 1)
    world.zip(f"{name}.zip", lines)
    assert "LA403" not in world.codes()
