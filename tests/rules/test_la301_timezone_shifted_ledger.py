"""LA301: a ledger named by another zone's date."""

from __future__ import annotations

from world import LOG, Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.core.location import Role

YESTERDAYS = "trades_2026-01-09.csv"
NIGHT = Deal("03:00:00.250")


def test_a_name_of_the_utc_date_is_a_warning_with_the_interval_of_offsets(tmp_path):
    """Opened at 02:19:00.010 on the 10th under the date of the 9th: UTC was at least 2:19:00.01 h behind.

    The first whole second of offset that explains it is +02:19:01; the last offset in use is +14:00.
    """
    world = World(tmp_path, ledger=YESTERDAYS, start="02:19:00", end="04:00:00")
    world.kept(NIGHT)
    finding = world.one("LA301")
    assert finding.severity is Severity.WARNING
    assert (primary(finding).path, primary(finding).line) == (YESTERDAYS, 0)
    assert str(finding.message) == (
        f"{YESTERDAYS} is dated 2026-01-09, but was opened at 2026-01-10T02:19:00 local time and 1 of its 1 rows lie "
        "on another date. A name taken in UTC explains it for every offset of the bot's clock from +02:19:01 to "
        "+14:00: at that moment the UTC date was 2026-01-09."
    )
    opened = [w for w in finding.locations if w.role is Role.LEDGER_OPENED]
    assert [(w.path, w.line) for w in opened] == [(LOG, world.spot("Created new trades CSV").line)]
    assert [finding.data[key] for key in ("low_seconds", "high_seconds", "rows", "rows_on_other_dates")] == [
        2 * 3600 + 19 * 60 + 1,
        14 * 3600,
        1,
        1,
    ]


def test_a_name_of_tomorrow_means_a_clock_west_of_utc(tmp_path):
    """Opened at 22:00:00.010 on the 10th under the date of the 11th: the last offset is just below -02:00."""
    world = World(tmp_path, ledger="trades_2026-01-11.csv", start="22:00:00", end="23:30:00")
    world.kept(Deal("23:00:00.250"))
    data = world.one("LA301").data
    assert (data["low"], data["high"]) == ("-12:00", "-02:00")


def test_without_a_line_of_the_recorder_the_runs_start_counts(tmp_path):
    world = World(tmp_path, ledger=YESTERDAYS, start="02:19:00", end="04:00:00")
    world.lines = [line for line in world.lines if "trades CSV" not in line]
    world.kept(NIGHT)
    finding = world.one("LA301")
    assert finding.data["opened"] == "2026-01-10T02:19:00"
    assert [w.line for w in finding.locations if w.role is Role.RUN_START] == [1]


def test_a_name_of_the_local_date_is_silent(tmp_path):
    world = World(tmp_path, ledger="trades_2026-01-10.csv", start="02:19:00", end="04:00:00")
    world.kept(NIGHT)
    assert "LA301" not in world.codes()


def test_rows_past_midnight_in_a_file_opened_on_its_own_date_are_no_zone_problem(tmp_path):
    world = World(tmp_path, ledger=YESTERDAYS, start="2026-01-09 22:52:00", end="04:00:00", beat=300)
    world.kept(NIGHT)
    assert "LA302" in world.codes()
    assert "LA301" not in world.codes()


def test_where_nothing_shows_the_opening_nothing_is_claimed(tmp_path):
    world = World(tmp_path, ledger=YESTERDAYS, start="02:19:00", end="04:00:00", boot=False)
    world.kept(NIGHT)
    assert "LA301" not in world.codes()


def test_a_name_that_no_zone_explains_is_no_zone_problem(tmp_path):
    """A file three days old was opened again."""
    world = World(tmp_path, ledger="trades_2026-01-07.csv", start="02:19:00", end="04:00:00")
    world.kept(NIGHT)
    assert "LA301" not in world.codes()
