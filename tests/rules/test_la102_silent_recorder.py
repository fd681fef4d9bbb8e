"""LA102: once for each run that lost closes without a word."""

from __future__ import annotations

from english import English
from msgspec.structs import replace
from world import DAY, LEDGER, Deal, World, later, primary

from logaudit.core.finding import Severity
from logaudit.core.location import Role

KEPT = Deal("10:20:00.250")
LOST = Deal("10:40:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
LOSS = Deal("11:30:00.500", symbol="SOL-USDT", entry="150.0", exit="151.0", size="1.5")
FAILED = "❌ Failed to export trade to CSV: [Errno 13] Permission denied"


def test_a_run_with_silent_losses_is_one_error_with_count_money_and_time(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST, LOSS)
    finding = world.one("LA102")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT LONG")
    # +1.9000 for ETH, -1.5000 - 0.1000 for SOL.
    assert str(finding.message) == (
        f"2 of 3 closes of this run went unrecorded from {DAY}T10:40:00.500 to {DAY}T11:30:00.500 (net PnL "
        "+0.3000), and the recorder logged no error (searched: futures_main)."
    )
    assert finding.data == finding.data | {
        "closes": 3,
        "missing": 2,
        "restored": 0,
        "unrecorded_net_pnl": "0.3000",
        "first_loss": f"{DAY}T10:40:00.500",
        "last_loss": f"{DAY}T11:30:00.500",
        "recorder_errors": 0,
        "searched": ["futures_main"],
    }
    assert [w.path for w in finding.locations if w.role is Role.LEDGER] == [LEDGER]


def test_five_losses_of_one_run_are_one_finding(tmp_path):
    world = World(tmp_path)
    world.lost(*(replace(LOST, closed=later("10:30:00", 600 * i), held=300) for i in range(5)))
    finding = world.one("LA102")
    assert str(finding.message).startswith("5 of 5 closes of this run went unrecorded")
    assert len([w for w in finding.locations if w.role is Role.CLOSE]) == 5


def test_each_run_has_its_own(tmp_path):
    """The process is started again at 11:00; both lives lost a close."""
    world = World(tmp_path)
    world.lost(LOST, LOSS)
    world.boot("11:00:00")
    found = world.found("LA102")
    assert [(f.run, f.data["missing"]) for f in found] == [
        (f"run-{DAY}T10:00:00", 1),
        (f"run-{DAY}T11:00:00", 1),
    ]


def test_a_run_that_lost_nothing_has_none(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    world.boot("11:00:00")
    world.kept(LOSS)
    assert [f.run for f in world.found("LA102")] == [f"run-{DAY}T10:00:00"]


def test_one_loss_reads_well_and_the_english_bot_is_judged_alike(tmp_path):
    world = English(tmp_path)
    world.lost(LOST)
    assert str(world.one("LA102").message) == (
        f"The only close of this run went unrecorded at {DAY}T10:40:00.500 (net PnL +1.9000), and the recorder "
        "logged no error (searched: bot)."
    )


def test_errors_about_other_closes_are_not_passed_over(tmp_path):
    world = World(tmp_path)
    world.lost(LOST, LOSS)
    world.say(later(LOSS.at, 0.02), FAILED, level="ERROR")
    finding = world.one("LA102")
    assert (finding.data["missing"], finding.data["recorder_errors"]) == (1, 1)
    assert "no error at any of them, but 1 elsewhere in the run (see LA108)" in str(finding.message)


def test_rows_restored_by_hand_are_counted(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, replace(KEPT, closed="10:25:00.7"), replace(KEPT, closed="11:50:00.7"))
    world.lost(LOST, LOSS)
    opened = LOST.opened.isoformat("T", "seconds")
    world.rows.append(f"{opened},ETH-USDT,long,,,,,,1.90,600,,")
    finding = world.one("LA102")
    assert (finding.data["missing"], finding.data["restored"]) == (2, 1)
    assert str(finding.message).endswith("Another writer restored 1 of them later.")


def test_the_only_lost_close_is_said_to_be_restored_without_a_count(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, replace(KEPT, closed="10:25:00.7"), replace(KEPT, closed="11:50:00.7"))
    world.lost(LOST)
    opened = LOST.opened.isoformat("T", "seconds")
    world.rows.append(f"{opened},ETH-USDT,long,,,,,,1.90,600,,")
    assert str(world.one("LA102").message).endswith("Another writer restored it later.")


def test_a_failed_write_that_was_logged_is_not_silent(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.say(later(LOST.at, 0.02), FAILED, level="ERROR")
    assert {"LA101", "LA108"} <= world.codes()
    assert "LA102" not in world.codes()


def test_a_loss_that_was_acknowledged_is_not_silent(tmp_path):
    """The recorder spoke, though not the truth: that is LA103's."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.acknowledge(LOST)
    assert "LA103" in world.codes()
    assert "LA102" not in world.codes()


def test_without_any_ledger_it_says_nothing(tmp_path):
    world = World(tmp_path, ledger="")
    world.lost(LOST)
    assert "LA102" not in world.codes()
