"""LA103: the recorder said it wrote the trade, and no row exists."""

from __future__ import annotations

from english import English
from msgspec.structs import replace
from world import DAY, HEADER, Deal, World, later, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
FALSE = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def falsely_acknowledged(world: World) -> World:
    world.kept(KEPT)
    world.lost(FALSE)
    world.acknowledge(FALSE)
    return world


def test_an_acknowledged_close_without_a_row_is_an_error_that_quotes_the_acknowledgement(tmp_path):
    world = falsely_acknowledged(World(tmp_path))
    finding = world.one("LA103")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot("TRADE RECORDED | Total: 2")
    assert str(finding.message) == (
        f"ETH-USDT long closed {DAY}T11:10:00.500 (tp), net PnL +1.9000: the recorder acknowledged it at "
        f"{DAY}T11:10:00.520, but no ledger at hand holds the row."
    )
    assert (finding.data["symbol"], finding.data["state"]) == ("ETH-USDT", "false-ack")
    assert any("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT" in w.text for w in finding.locations)


def test_the_english_bot_is_judged_alike(tmp_path):
    world = falsely_acknowledged(English(tmp_path))
    assert primary(world.one("LA103")) == world.spot("Trade recorded: ETH-USDT long")


def test_a_row_in_another_ledger_is_enough(tmp_path):
    world = falsely_acknowledged(World(tmp_path))
    world.write("trades_2026-01-09.csv", [HEADER, world.row(FALSE)])
    assert "LA103" not in world.codes()


def test_an_acknowledgement_seconds_too_late_belongs_to_no_close(tmp_path):
    """The loss stays silent: the line speaks of something else."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(FALSE)
    world.acknowledge(replace(FALSE, closed=later(FALSE.at, 30)))
    assert "LA102" in world.codes()
    assert "LA103" not in world.codes()


def test_without_any_ledger_the_row_may_well_exist_elsewhere(tmp_path):
    world = falsely_acknowledged(World(tmp_path, ledger=""))
    assert world.scan().summary.unverifiable == 2
    assert "LA103" not in world.codes()
