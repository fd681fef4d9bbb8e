"""Logs that print no year or no date are placed in time by what else tells it, and the report says by what."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report
from logaudit.core.timestamp import iso

HEADER = "closed_at,symbol,side,entry_price,exit_price,size,net_pnl\n"


def log(folder: Path, begun: datetime, written: str, name: str = "bot.log", hours: int = 6) -> Path:
    """A close every two hours, three more lines in between; ``written`` is how times are printed."""
    lines = []
    for half in range(4 * hours):
        at = begun + timedelta(minutes=30 * half)
        text = (
            f"Closed long ETH-USDT | entry={2000 + half} | exit={2010 + half} | size=0.5 | net_pnl={half}.25"
        )
        lines.append(f"{at.strftime(written)} INFO {text if half % 4 == 2 else f'Heartbeat {half}'}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(folder: Path, begun: datetime, halves: tuple[int, ...]) -> None:
    """The ledger's rows of some of these closes."""
    cells = (
        f"{begun + timedelta(minutes=30 * h):%Y-%m-%d %H:%M:%S},ETH-USDT,long,{2000 + h},{2010 + h},0.5,{h}.25\n"
        for h in halves
    )
    (folder / "trades.csv").write_text(HEADER + "".join(cells), encoding="utf-8")


def scanned(folder: Path) -> Report:
    return build_report(read_case([str(folder)], ScanOptions()))


def dated(report: Report) -> list[str]:
    return [str(s.message) for s in report.unjudged if s.code == "undated-log"]


def first_of(report: Report) -> str:
    (source,) = [s for s in report.sources if s.kind == "log"]
    assert source.first is not None
    return iso(source.first.us)[:16]


CLOCK = "[%H:%M:%S]"
NO_YEAR = "%m-%d %H:%M:%S"
EVENING = datetime(2026, 3, 14, 21, 0, 7, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 21, 0, 7, tzinfo=UTC)


def test_rows_beside_tell_the_day_and_midnight_is_counted(tmp_path: Path) -> None:
    log(tmp_path, EVENING, CLOCK)
    # Of six closes, at 22:00, 00:00, 02:00 …, the third has no row.
    rows(tmp_path, EVENING, (2, 6, 14, 18, 22))
    report = scanned(tmp_path)
    assert dated(report) == [
        "bot.log prints no date: its first day, 2026-03-14, is taken from the rows and logs beside it."
    ]
    assert (report.summary.closes, report.summary.recorded, report.summary.missing) == (6, 5, 1)


def test_rows_beside_tell_the_year_over_new_year(tmp_path: Path) -> None:
    log(tmp_path, NEW_YEAR, NO_YEAR)
    rows(tmp_path, NEW_YEAR, (2, 6, 10, 14, 18, 22))
    report = scanned(tmp_path)
    assert dated(report) == ["bot.log prints no year: 2025 is taken from the rows and logs beside it."]
    assert (report.summary.recorded, report.summary.missing) == (6, 0)
    assert not any(finding.severity == "error" for finding in report.findings)


def test_the_name_goes_before_what_lies_beside(tmp_path: Path) -> None:
    log(tmp_path, EVENING, CLOCK, "bot_2026-03-14.log")
    assert first_of(scanned(tmp_path)) == "2026-03-14T21:00"


def test_a_log_of_december_that_was_rotated_in_january_is_of_the_year_before(tmp_path: Path) -> None:
    log(tmp_path, NEW_YEAR, NO_YEAR, "bot_2026-01-01.log")
    assert first_of(scanned(tmp_path)) == "2025-12-31T21:00"


@pytest.mark.parametrize(("begun", "written"), [(EVENING, CLOCK), (NEW_YEAR, NO_YEAR)])
def test_the_file_time_tells_it_where_nothing_else_does(
    tmp_path: Path, begun: datetime, written: str
) -> None:
    path = log(tmp_path, begun, written)
    # Written to for the last time half an hour after 12 hours: whatever the zone, within a few hours of it.
    end = (begun + timedelta(hours=15)).timestamp()
    os.utime(path, (end, end))
    report = scanned(tmp_path)
    assert first_of(report) == f"{begun:%Y-%m-%dT%H:%M}"
    assert "the time at which it was last written" in dated(report)[0]


def test_rows_of_another_time_leave_the_log_unread(tmp_path: Path) -> None:
    """Rows of March beside lines of July: no year fits, and a file's time says less than its neighbours."""
    log(tmp_path, datetime(2026, 7, 1, 9, 0, 7, tzinfo=UTC), NO_YEAR)
    rows(tmp_path, EVENING, (2, 6, 10))
    report = scanned(tmp_path)
    assert (report.summary.closes, report.summary.missing, dated(report)) == (0, 0, [])
    assert any("show no year or no date" in str(skipped.reason) for skipped in report.skipped)


def test_a_day_that_two_days_of_rows_fit_equally_is_not_guessed(tmp_path: Path) -> None:
    begun = datetime(2026, 3, 14, 9, 0, 7, tzinfo=UTC)
    log(tmp_path, begun, CLOCK)
    both = [
        f"{begun + timedelta(days=d, hours=1):%Y-%m-%d %H:%M:%S},ETH-USDT,long,1,2,0.5,7.5\n" for d in (0, 1)
    ]
    (tmp_path / "trades.csv").write_text(HEADER + "".join(both), encoding="utf-8")
    assert scanned(tmp_path).summary.closes == 0
