"""LA111: the recorder's running total breaks, or disagrees with the rows."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import DAY, Deal, World, later, primary

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.finding import Severity
from logaudit.core.limits import Limits

FIRST = Deal("10:20:00.250")


def deals(count: int) -> list[Deal]:
    """Trades a quarter of an hour apart."""
    return [
        replace(FIRST, closed=later(FIRST.at, 900 * i), exit=f"{89000 + 100 * i}.0", held=300)
        for i in range(count)
    ]


def counted(world: World, *totals: int) -> World:
    """Every close recorded, acknowledged with these totals."""
    for deal, total in zip(deals(len(totals)), totals, strict=True):
        world.lost(deal)
        world.acknowledge(deal, total)
        world.rows.append(world.row(deal))
    return world


@pytest.mark.parametrize(
    ("totals", "word", "before", "after"),
    [((1, 2, 4), "skips", 2, 4), ((1, 2, 2), "repeats", 2, 2), ((5, 6, 1), "runs back", 6, 1)],
)
def test_a_break_is_a_warning_that_quotes_both_lines(tmp_path, totals, word, before, after):
    world = counted(World(tmp_path), *totals)
    finding = world.one("LA111")
    assert finding.severity is Severity.WARNING
    second = [deal.at for deal in deals(3)][2]
    assert primary(finding) == world.spot(f"{second:%H:%M}:00.270 | INFO     | spot.performance_tracker")
    assert str(finding.message) == (
        f"The recorder's total {word}: {before} at {DAY}T10:35:00.270, then {after} at {DAY}T10:50:00.270."
    )
    assert finding.data == finding.data | {"before": before, "after": after, "at": f"{DAY}T10:50:00.270"}


def test_rows_that_were_not_read_as_the_table_is_too_long_are_not_missing_ones(tmp_path):
    world = counted(World(tmp_path), 1, 2, 3, 4, 5, 6)
    world.limits = Limits(table_rows=4)
    assert world.one("LA401").data["kind"] == "over-limit"
    assert "LA111" not in world.codes()
    assert "LA103" not in world.codes()


def test_more_acknowledgements_than_rows_is_a_warning_with_both_counts(tmp_path):
    world = counted(World(tmp_path), 1, 2, 3, 4)
    del world.rows[2]
    finding = world.one("LA111")
    assert str(finding.message) == (
        f"The recorder counted 4 trades (total 1 to 4) from {DAY}T10:20:00.270 to {DAY}T11:05:00.270; the ledgers "
        "hold 3 rows of that time."
    )
    assert (finding.data["acknowledged"], finding.data["rows"]) == (4, 3)
    assert primary(finding) == world.spot("TRADE RECORDED | Total: 4")


def test_the_english_bot_is_judged_alike(tmp_path):
    world = counted(English(tmp_path), 1, 3)
    assert primary(world.one("LA111")) == world.spot("total=3")


def test_counting_on_in_step_with_the_rows_is_silent(tmp_path):
    assert "LA111" not in counted(World(tmp_path), 7, 8, 9).codes()


def test_a_restart_may_count_from_one_again(tmp_path):
    world = World(tmp_path)
    for i, deal in enumerate(deals(4)):
        world.lost(deal)
        world.acknowledge(deal, 1 + i % 2)
        world.rows.append(world.row(deal))
    world.boot("10:45:00")
    assert "LA111" not in world.codes()


def test_numbers_lost_in_a_gap_of_the_logs_are_not_missed(tmp_path):
    """From 10:30 to 11:00 no line is at hand; two acknowledgements lie there."""
    world = counted(World(tmp_path), 1, 2, 3, 4)
    world.lines = [line for line in world.lines if not " 10:30:30" < line[10:19] < " 11:00"]
    assert "LA402" in world.codes()
    assert "LA111" not in world.codes()


def test_rows_outside_the_acknowledgements_time_are_not_counted(tmp_path):
    """A close that the recorder never acknowledged, before the first and after the last that it did."""
    world = counted(World(tmp_path), 1, 2)
    for at in ("10:10:00", "11:30:00"):
        deal = replace(FIRST, closed=at, held=120)
        world.lost(deal)
        world.rows.append(world.row(deal))
    assert "LA111" not in world.codes()


def test_a_row_that_cannot_be_read_may_be_the_one_that_is_missing(tmp_path):
    world = World(tmp_path)
    world.kept(Deal("10:30:00.250"), Deal("10:50:00.250", symbol="ETH-USDT"), Deal("11:10:00.250"))
    world.rows[1] = world.row(Deal("10:50:00.250", symbol="ETH-USDT"), timestamp="some day")
    assert "LA111" not in world.codes()
    assert world.scan().summary.recorded == 2


def test_rows_of_another_run_at_the_same_time_of_day_are_not_counted(tmp_path):
    """In the hour that an autumn night has twice, the acknowledgements tell which run wrote a row."""
    lines, rows = list[str](), ["timestamp,symbol,side,entry_price,exit_price,size,net_pnl"]
    for hour, traded in (("01:58", ("02:20", "02:50")), ("02:10", ("02:21", "02:40", "02:51"))):
        lines.append(f"2025-10-26 {hour}:00.000 | INFO | main:start:1 - Bot started")
        lines.append(
            f"2025-10-26 {hour}:00.002 | INFO | journal:init:2 - Trade recorder initialized: trades.csv"
        )
        for total, at in enumerate(traded, 1):
            pnl = f"{total}.{at[3:]}"
            end = f"SOL-USDT @ 13{total}.{at[3:]} size=3 net pnl=+{pnl}"
            lines.append(f"2025-10-26 {at}:00.000 | INFO | exits:close:8 - Closed long position {end}")
            lines.append(
                f"2025-10-26 {at}:00.003 | INFO | journal:record:9 - TRADE RECORDED | Total: {total} | Last: +{pnl}"
            )
            rows.append(f"2025-10-26 {at}:00.000,SOL-USDT,long,130.00,13{total}.{at[3:]},3,{pnl}")
        if hour == "01:58":
            lines.append("2025-10-26 02:59:30.000 | INFO | loop:beat:4 - Heartbeat ok")
            lines.append("2025-10-26 02:00:30.000 | INFO | loop:beat:4 - Heartbeat ok")
    lines.append("2025-10-26 03:30:00.000 | INFO | loop:beat:4 - Heartbeat ok")
    (tmp_path / "bot.log").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (tmp_path / "trades.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert {trade.state.value for trade in report.trades} == {"recorded"}
    assert "LA305" in {finding.rule for finding in report.findings}
    assert "LA111" not in {finding.rule for finding in report.findings}
