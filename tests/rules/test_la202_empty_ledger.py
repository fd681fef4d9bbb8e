"""LA202: the ledger in force holds a header only while closes happened."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, HEADER, LEDGER, Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.core.location import Role

YESTERDAYS = "trades_2026-01-09.csv"
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
KEPT = Deal("10:30:00.250")
#: The header of `world.HEADER` with its line end, counted by hand.
SIZE = 108 + 1


def test_the_ledger_that_the_run_opened_is_an_error_with_its_opening(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, replace(LOST, closed="11:40:00", held=60))
    finding = world.one("LA202")
    assert finding.severity is Severity.ERROR
    assert (primary(finding).path, primary(finding).line) == (LEDGER, 0)
    assert str(finding.message) == (
        f"{LEDGER} (which this run opened at {DAY}T10:00:00.010) holds a header and no row ({SIZE} bytes), though 2 "
        f"closes happened while it was in force, the first at {DAY}T11:10:00.500."
    )
    assert finding.data == finding.data | {
        "ledger": LEDGER,
        "file_date": DAY,
        "bytes": SIZE,
        "closes": 2,
        "first_close": f"{DAY}T11:10:00.500",
    }
    opened = [w for w in finding.locations if w.role is Role.LEDGER_OPENED]
    assert [w.line for w in opened] == [world.spot("Created new trades CSV").line]


def test_the_newest_ledger_at_hand_is_in_force_where_no_record_names_one(tmp_path):
    world = World(tmp_path, boot=False, ledger=YESTERDAYS)
    world.lost(LOST)
    finding = world.one("LA202")
    assert f"{YESTERDAYS} (the newest ledger at hand) holds a header and no row" in str(finding.message)
    assert "1 close happened" in str(finding.message)


def test_an_empty_ledger_of_a_day_without_closes_is_silent(tmp_path):
    world = World(tmp_path)
    assert world.scan().summary.ledger_rows == 0
    assert "LA202" not in world.codes()


def test_an_empty_ledger_that_was_no_longer_in_force_is_silent(tmp_path):
    """Yesterday's file holds a header only; today's was in force and lost a close."""
    world = World(tmp_path)
    world.write(YESTERDAYS, [HEADER])
    world.kept(KEPT)
    world.lost(LOST)
    assert "LA101" in world.codes()
    assert "LA202" not in world.codes()


def test_an_empty_ledger_of_tomorrow_is_silent(tmp_path):
    world = World(tmp_path)
    world.write("trades_2026-01-11.csv", [HEADER])
    world.kept(KEPT)
    world.lost(LOST)
    assert "LA202" not in world.codes()


def test_a_ledger_with_unreadable_lines_only_is_not_called_empty(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    world.rows.append(f"{DAY}T11:10:00.500000,ETH-USDT,long")
    assert "LA203" in world.codes()
    assert "LA202" not in world.codes()


def test_closes_whose_rows_are_in_another_file_are_no_loss(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    world.write(YESTERDAYS, [HEADER, world.row(LOST)])
    assert "LA202" not in world.codes()
