"""LA104: a row that the recorder never spoke of, where it speaks of others."""

from __future__ import annotations

from world import DAY, LEDGER, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
QUIET = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def test_a_row_without_its_acknowledgement_is_a_warning_that_quotes_the_row(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(QUIET)
    world.rows.append(world.row(QUIET))
    finding = world.one("LA104")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(f"{DAY}T11:10:00.500000,ETH-USDT")
    assert primary(finding).path == LEDGER
    assert str(finding.message) == (
        f"ETH-USDT long closed {DAY}T11:10:00.500 (tp) has its row, but the recorder acknowledged nothing for it."
    )
    assert (finding.data["symbol"], finding.data["state"]) == ("ETH-USDT", "unacknowledged")


def test_a_bot_that_never_acknowledges_is_not_asked_to(tmp_path):
    world = World(tmp_path)
    for deal in (KEPT, QUIET):
        world.lost(deal)
        world.rows.append(world.row(deal))
    assert "LA104" not in world.codes()


def test_at_the_end_of_the_logs_the_acknowledgement_may_lie_behind_it(tmp_path):
    """The log breaks off with the last close's block; the ledger was copied later and holds its row."""
    world = World(tmp_path, end="11:05:00")
    world.kept(KEPT)
    world.lost(QUIET)
    world.rows.append(world.row(QUIET))
    assert "LA104" not in world.codes()


def test_an_acknowledgement_whole_seconds_later_is_one(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(QUIET)
    world.say("11:10:04.000", "📊 TRADE RECORDED | Total: 2 | Win Rate: 50.0%")
    world.rows.append(world.row(QUIET))
    assert "LA104" not in world.codes()
