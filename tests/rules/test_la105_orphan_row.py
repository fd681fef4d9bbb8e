"""LA105: a row that no logged close explains, at a time the logs cover."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import DAY, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
ORPHAN = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def test_a_row_without_a_close_is_a_warning_that_quotes_it(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(world.row(ORPHAN))
    finding = world.one("LA105")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(f"{DAY}T11:10:00.500000,ETH-USDT")
    assert str(finding.message) == (
        f"The row ETH-USDT long at {DAY}T11:10:00.500000, net PnL +1.9000, has no logged close although the logs "
        "cover its time (searched: futures_main)."
    )
    assert finding.data == finding.data | {
        "symbol": "ETH-USDT",
        "closed": f"{DAY}T11:10:00.500000",
        "net_pnl": "1.9000",
    }


def test_the_english_bot_is_judged_alike(tmp_path):
    world = English(tmp_path)
    world.kept(KEPT)
    world.rows.append(world.row(ORPHAN))
    assert primary(world.one("LA105")) == world.spot(f"{DAY} 11:10:00.500,ETH-USDT")


@pytest.mark.parametrize("closed", ["09:59:58", "12:00:03", "14:00:00"])
def test_a_row_at_or_behind_the_edge_of_the_logs_is_unverifiable(tmp_path, closed):
    """The logs run from 10:00 to 12:00; a close logged a moment outside would not be at hand."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(world.row(replace(ORPHAN, closed=closed)))
    assert world.scan().summary.unverifiable == 1
    assert "LA105" not in world.codes()


def test_a_row_in_a_gap_of_the_logs_is_unverifiable(tmp_path):
    """No line is at hand from 11:00 to 11:30, where the bot speaks once a minute."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.lines = [line for line in world.lines if not " 11:00:30" < line[10:19] < " 11:30"]
    world.rows.append(world.row(ORPHAN))
    assert "LA402" in world.codes()
    assert "LA105" not in world.codes()


def test_a_row_a_few_seconds_after_its_close_is_none(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(ORPHAN)
    world.rows.append(world.row(ORPHAN, timestamp=f"{DAY}T11:10:04.900000"))
    assert "LA105" not in world.codes()


def test_a_second_row_of_one_close_is_a_duplicate_and_no_orphan(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(world.row(KEPT))
    assert "LA107" in world.codes()
    assert "LA105" not in world.codes()
