"""Parts of a rotated log, each of one day: only together they show whether the month or the day comes first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import logaudit
from logaudit.core.report import Report

HEADER = "closed,symbol,side,entry,exit,qty,pnl"


def told(day: str, hour: int) -> str:
    return (
        f"{day}/2026 {hour:02}:10:05 INFO Opened LONG LTC-USDT qty={hour}.5 entry={80 + hour}.25\n"
        f"{day}/2026 {hour:02}:41:30 INFO Closed LONG LTC-USDT qty={hour}.5 entry={80 + hour}.25 exit={81 + hour}.75 "
        f"pnl=+{hour * 1.5 + 0.75:.2f}\n"
    )


def row(day: str, hour: int) -> str:
    return f"{day}/2026 {hour:02}:41:30,LTC-USDT,LONG,{80 + hour}.25,{81 + hour}.75,{hour}.5,{hour * 1.5 + 0.75:.2f}"


def scan(folder: Path, names: Sequence[str], days: Sequence[str]) -> Report:
    """Each part with a day of its own, from the oldest to the newest."""
    for name, day in zip(names, days, strict=True):
        (folder / name).write_text("".join(told(day, hour) for hour in (8, 11, 15)), encoding="utf-8")
    rows = [row(day, hour) for day in days for hour in (8, 11, 15)]
    (folder / "trades.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


@pytest.mark.parametrize(
    "names",
    [
        ("bot.log.2", "bot.log.1", "bot.log"),
        ("bot_2026-04-09.log", "bot_2026-04-10.log", "bot_2026-04-11.log"),
    ],
)
@pytest.mark.parametrize("days", [("04/09", "04/10", "04/11"), ("09/04", "10/04", "11/04")])
def test_all_parts_together_tell_the_order_of_day_and_month(
    tmp_path: Path, names: Sequence[str], days: Sequence[str]
) -> None:
    report = scan(tmp_path, names, days)
    assert (report.summary.closes, report.summary.recorded) == (9, 9)
    assert {trade.closed.day.month for trade in report.trades if trade.closed is not None} == {4}


def test_parts_of_one_day_tell_nothing(tmp_path: Path) -> None:
    report = scan(tmp_path, ("bot.log.1", "bot.log"), ("04/09", "04/09"))
    assert report.verdict == "not-judged"
