"""LA302: a ledger opened on its own date goes on past midnight."""

from __future__ import annotations

from msgspec.structs import replace
from world import Deal, World, primary

from logaudit.core.finding import Severity

YESTERDAYS = "trades_2026-01-09.csv"
EVENING = Deal("2026-01-09 23:30:00.250")
NIGHT = Deal("00:40:00.250")


def through_midnight(tmp_path, ledger: str = YESTERDAYS, **more: object) -> World:
    return World(tmp_path, ledger=ledger, start="2026-01-09 22:52:00", end="02:00:00", beat=120, **more)


def test_rows_after_midnight_are_a_warning_that_quotes_the_first(tmp_path):
    world = through_midnight(tmp_path)
    world.kept(EVENING, NIGHT, replace(NIGHT, closed="01:30:00.5"))
    finding = world.one("LA302")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("2026-01-10T00:40:00.250000,BTC-USDT")
    assert str(finding.message) == (
        f"{YESTERDAYS} is dated 2026-01-09 and holds 2 rows of later days, the first at 2026-01-10T00:40:00.250000: "
        "it was opened on its own date and not rolled at midnight."
    )
    assert finding.data == finding.data | {
        "ledger": YESTERDAYS,
        "file_date": "2026-01-09",
        "rows": 2,
        "first": "2026-01-10T00:40:00.250000",
    }


def test_one_row_reads_well(tmp_path):
    world = through_midnight(tmp_path)
    world.kept(NIGHT)
    assert "holds 1 row of later days" in str(world.one("LA302").message)


def test_without_any_start_in_the_logs_an_own_first_row_shows_the_opening(tmp_path):
    world = through_midnight(tmp_path, boot=False)
    world.kept(EVENING, NIGHT)
    assert world.one("LA302").data["rows"] == 1


def test_a_last_row_just_before_midnight_is_silent(tmp_path):
    world = through_midnight(tmp_path)
    world.kept(replace(EVENING, closed="2026-01-09 23:59:59.999"))
    assert "LA302" not in world.codes()


def test_a_file_that_was_rolled_is_silent(tmp_path):
    world = through_midnight(tmp_path)
    world.kept(EVENING)
    world.lost(NIGHT)
    world.say("00:00:00", "📊 Created new trades CSV: logs/trades_2026-01-10.csv")
    world.write("trades_2026-01-10.csv", [world.header, world.row(NIGHT)])
    assert "LA302" not in world.codes()


def test_a_file_named_by_utc_is_the_other_rules(tmp_path):
    """Opened at 00:10 under the date before: the name was wrong from the start."""
    world = World(tmp_path, ledger=YESTERDAYS, start="00:10:00", end="02:00:00")
    world.kept(NIGHT)
    assert "LA301" in world.codes()
    assert "LA302" not in world.codes()


def test_a_file_that_a_restart_after_midnight_opened_again_is_the_other_rules(tmp_path):
    """Opened at 22:52 and, under the same date, at 00:10: whoever names by UTC does that."""
    world = through_midnight(tmp_path)
    world.kept(EVENING, NIGHT)
    world.boot("00:10:00")
    assert "LA301" in world.codes()
    assert "LA302" not in world.codes()


def test_a_row_that_another_writer_added_later_does_not_tell(tmp_path):
    """By hand, after midnight, into yesterday's file: the recorder had stopped at 23:30."""
    world = through_midnight(tmp_path)
    world.kept(replace(EVENING, closed="2026-01-09 23:20:00.604"), EVENING)
    world.lost(NIGHT)
    world.rows.append("2026-01-10T00:40:00,BTC-USDT,short,,,,,,1.90,600,,")
    assert "LA205" in world.codes()
    assert "LA302" not in world.codes()


def test_a_ledger_without_a_date_promises_none(tmp_path):
    world = through_midnight(tmp_path, ledger="trades.csv")
    world.kept(EVENING, NIGHT)
    assert "LA302" not in world.codes()
