"""LA305: a change of daylight time is named, and is no jump, no silence, no broken counter and no loss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace
from world import HEADER, Deal, World, primary

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.finding import Severity
from logaudit.core.report import Report
from logaudit.core.trades import TradeState

#: Nights on which clocks were changed in Europe and North America, and the written hour of the change.
AUTUMN = [("2025-10-26", 3), ("2025-11-02", 2)]
SPRING = [("2026-03-29", 2), ("2026-03-08", 2)]
FALSE = {"LA101", "LA103", "LA105", "LA111", "LA303", "LA304", "LA402", "LA405", "LA501", "LA502"}


def night(tmp_path, day: str, hour: int, turned: int, *, rows_offset: int | None = None) -> World:
    """Five hours of a bot with a trade every 18 minutes; at ``hour`` its wall clock is turned by ``turned`` hours.

    Rows are written on the log's clock, or so many hours from what it was before the change.
    """
    world = World(tmp_path, log=f"futures_main_{day}.log", ledger=f"trades_{day}.csv", boot=False)
    world.lines.clear()
    change = datetime.fromisoformat(f"{day} {hour:02d}:00:00.000")
    began = change - timedelta(hours=2, minutes=30)

    def wall(at: datetime) -> datetime:
        return at + timedelta(hours=turned) if at >= change else at

    told: list[tuple[datetime, Callable[[datetime], None]]] = [(began, lambda at: world.boot(str(at)))]
    for minute in range(300):
        at = began + timedelta(minutes=minute)
        told.append((at + timedelta(seconds=20), partial(_beat, world)))
        if minute % 18 == 10:
            closed = at + timedelta(seconds=5)
            deal = Deal(str(wall(closed)), entry="90000.0", exit=f"{89000 + minute}.5", held=240)
            told += [
                (closed - timedelta(seconds=240), partial(_open, world, deal)),
                (closed, partial(_close, world, deal)),
            ]
            when = deal.at if rows_offset is None else closed + timedelta(hours=rows_offset)
            world.rows.append(world.row(deal, timestamp=when.isoformat("T", "microseconds")))
    for at, say in sorted(told, key=lambda item: item[0]):
        say(wall(at))
    world.write(world.log, world.lines)
    world.write(world.ledger, [HEADER, *world.rows], newline="\r\n")
    return world


def _beat(world: World, at: datetime) -> None:
    world.say(at, "Heartbeat ok", by="bot.loop:beat:24", level="DEBUG")


def _open(world: World, deal: Deal, at: datetime) -> None:
    what = f"side={deal.side} | price={deal.entry} | size={deal.size} | regime=ranging"
    world.say(at, f"📤 OPEN: {deal.symbol} {what}", by="futures.debug_logger:_log:158")


def _close(world: World, deal: Deal, _: datetime) -> None:
    world.close(deal)
    world.acknowledge(deal)


def scanned(world: World, zone: str = "") -> Report:
    return build_report(read_case([world.root], ScanOptions(profile=world.profile, jobs=1, zone=zone)))


def holds(report: Report) -> None:
    """Every trade is recorded, and nothing is held against the change."""
    assert {t.state for t in report.trades} == {TradeState.RECORDED}
    assert len(report.trades) == 17
    assert not FALSE - {"LA303"} & {f.rule for f in report.findings}


@pytest.mark.parametrize("rows", [None, -2, 5])
@pytest.mark.parametrize(("day", "hour"), AUTUMN)
def test_an_hour_told_twice(tmp_path, day, hour, rows):
    world = night(tmp_path, day, hour, -1, rows_offset=rows)
    report = scanned(world)
    holds(report)
    (finding,) = [f for f in report.findings if f.rule == "LA305"]
    assert finding.severity is Severity.NOTE
    assert finding.data["seconds"] == -3600
    assert f"{day} {hour - 1:02d}:00:" in primary(finding).text


@pytest.mark.parametrize("rows", [None, -2, 5])
@pytest.mark.parametrize(("day", "hour"), SPRING)
def test_an_hour_left_out(tmp_path, day, hour, rows):
    report = scanned(night(tmp_path, day, hour, 1, rows_offset=rows))
    holds(report)
    (finding,) = [f for f in report.findings if f.rule == "LA305"]
    assert finding.data["seconds"] == 3600


def test_the_stated_zone_says_when_its_clock_is_changed(tmp_path):
    """On a Wednesday no clock is; where the zone says so, one is."""
    assert "LA304" in {f.rule for f in scanned(night(tmp_path / "a", "2025-10-22", 3, -1)).findings}
    world = night(tmp_path / "b", "2025-10-26", 3, -1)
    assert "LA304" not in {f.rule for f in scanned(world, "Europe/Berlin").findings}
    assert "LA304" in {f.rule for f in scanned(world, "Asia/Tokyo").findings}


def test_a_silence_of_another_length_is_a_silence(tmp_path):
    """Two hours at that time are not the hour that was left out."""
    world = night(tmp_path, "2026-03-29", 2, 2)
    found = {f.rule for f in scanned(world).findings}
    assert "LA402" in found
    assert "LA305" not in found


def test_a_ledger_whose_distance_changes_by_an_hour(tmp_path):
    """The log is in UTC; the ledger's clock is set back."""
    world = World(tmp_path)
    deals = [
        replace(Deal("10:10:00.250"), closed=f"2026-01-10 1{i // 5}:{i % 5 * 11 + 2:02d}:00.25")
        for i in range(8)
    ]
    for i, closed in enumerate(deals):
        deal = replace(closed, exit=f"{89000 + 131 * i}.5", held=120)
        world.lost(deal)
        world.acknowledge(deal)
        at = deal.at + timedelta(hours=2 if i < 5 else 1)
        world.rows.append(world.row(deal, timestamp=at.isoformat("T", "microseconds")))
    assert {t.state for t in world.scan().trades} == {TradeState.RECORDED}
    finding = world.one("LA305")
    assert (finding.data["seconds_before"], finding.data["seconds_after"]) == (7200, 3600)


def test_an_even_clock_is_silent(tmp_path):
    world = night(tmp_path, "2025-10-25", 3, 0)
    assert not {"LA304", "LA305"} & {f.rule for f in scanned(world).findings}


def test_a_clock_set_back_by_minutes_on_such_a_night_is_a_jump(tmp_path):
    """Eight minutes back would leave 52 without a line, in a log that has one a minute."""
    world = World(tmp_path, boot=False)
    world.lines.clear()
    at = datetime.fromisoformat("2026-03-29 01:00:00")
    for minute in range(90):
        back = timedelta(minutes=8 if minute > 40 else 0)
        world.say(at + timedelta(minutes=minute) - back, f"beat {minute}")
    world.write(world.log, world.lines)
    found = {f.rule for f in scanned(world).findings}
    assert "LA304" in found
    assert "LA305" not in found
