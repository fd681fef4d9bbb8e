"""The format of a source that no usual one reads is chosen by all its lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program import run

from logaudit.core.timestamp import iso
from logaudit.logformats import LogFormatSet, infer_formats


def scan_json(folder: Path) -> dict[str, Any]:
    """The report of a scan, whatever its exit code."""
    found: dict[str, Any] = json.loads(
        run(folder, "scan", ".", "--no-cache", "--output-format", "json").stdout
    )
    return found


def read(*lines: str) -> list[tuple[str, str, str, str]]:
    """Time, level, logger's name and message of each line in the chosen format; nothing where none is."""
    heads = [found[1] for line in lines if (found := LogFormatSet(infer_formats(lines)).match(line))]
    return [(iso(h.stamp.us), h.level, h.module, h.message) for h in heads]


@pytest.mark.parametrize(
    "written",
    [
        "[2026-03-14 09:26:53] INFO {}",
        "2026-03-14 09:26:53:INFO:{}",
        "14.03.2026 09:26:53 | INFO | {}",
        "3/14/2026 9:26:53 AM INFO {}",
        "03/14/2026 09:26:53 [INFO] {}",
        "2026/03/14 09:26:53 INFO: {}",
    ],
)
def test_layouts_in_use_are_read(written: str) -> None:
    # The time is written in the line: 14 March, 26 minutes past nine.
    assert read(written.format("Closed BTC-USDT")) == [
        ("2026-03-14T09:26:53.000", "INFO", "", "Closed BTC-USDT")
    ]


def test_a_name_is_told_from_the_message() -> None:
    assert read("2026-03-14T09:26:53Z INFO desk.exits: closed: BTC") == [
        ("2026-03-14T09:26:53.000", "INFO", "desk.exits", "closed: BTC")
    ]


def test_lines_without_a_level_are_records() -> None:
    found = read("2026-03-14 09:26:53,120 - Started", "2026-03-14 09:27:01,004 - Closed: BTC-USDT")
    assert [(level, message) for _, level, _, message in found] == [("", "Started"), ("", "Closed: BTC-USDT")]


def test_the_order_in_which_times_run_tells_the_month() -> None:
    # Read month first these are 3 and 4 February, an hour apart from day to day; day first 2 March and 2 April.
    found = read("02/03/2026 23:50:00 INFO a", "02/04/2026 00:10:00 INFO b")
    assert [at for at, *_ in found] == ["2026-02-03T23:50:00.000", "2026-02-04T00:10:00.000"]


def test_a_month_that_nothing_tells_is_not_guessed() -> None:
    assert read("02/03/2026 09:00:00 INFO a", "02/03/2026 09:10:00 INFO b") == []


@pytest.mark.parametrize(
    "line", ["no time at all", "Traceback (most recent call last):", "12 trades, 3 lost"]
)
def test_prose_is_no_log(line: str) -> None:
    assert infer_formats([line] * 3) == ()


def test_first_words_of_messages_are_no_logger_names(tmp_path: Path) -> None:
    """One line of many has a colon after its first words: its format is that of the others."""
    lines = [f"2026-03-14 09:{minute:02d}:00,000 INFO Heartbeat {minute}" for minute in range(10)]
    lines.append("2026-03-14 09:30:00,000 INFO POSITION CLOSED: ETH-USDT LONG pnl=+1.50")
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert scan_json(tmp_path)["summary"]["closes"] == 1


def test_logger_names_stay_names(tmp_path: Path) -> None:
    """Where every line begins with a name, the pattern sees the message behind it."""
    lines = [f"2026-03-14 09:{minute:02d}:00,000 INFO desk.loop: Heartbeat {minute}" for minute in range(10)]
    lines.append("2026-03-14 09:30:00,000 INFO desk.exits: Closed long ETH-USDT @ 2000 pnl=+1.50")
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    trades = scan_json(tmp_path)["trades"]
    assert [t["emitter"] for t in trades] == ["desk.exits"]
