"""The freqtrade profile: one close for two lines with one trade id, shorts, and what is no close."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from program import run

HEAD = (
    "id,pair,is_open,is_short,open_rate,close_rate,amount,open_date,close_date,exit_reason,close_profit_abs\n"
)


def scan(folder: Path, lines: list[str], rows: list[str]) -> dict[str, Any]:
    (folder / "freqtrade.log").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / "trades.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    done = run(folder, "scan", ".", "--no-cache", "--output-format", "json")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def line(at: str, message: str) -> str:
    return f"2024-05-06 {at},120 - freqtrade.persistence.trade_model - INFO - {message}"


def trade(number: int, *, short: bool, since: str) -> str:
    return (
        f"Trade(id={number}, pair=LTC/USDT, amount=2.50000000, is_short={short}, leverage=1.0, "
        f"open_rate=84.12500000, open_since={since})"
    )


SHORT = [
    line(
        "10:00:05", f"LIMIT_SELL has been fulfilled for {trade(3, short=True, since='2024-05-06 10:00:01')}."
    ),
    line(
        "11:30:00", f"LIMIT_BUY has been fulfilled for {trade(3, short=True, since='2024-05-06 10:00:01')}."
    ),
    line(
        "11:30:01",
        f"Marking {trade(3, short=True, since='closed')} as closed as the trade is fulfilled and found no open "
        "orders for it.",
    ),
]
ROW = "3,LTC/USDT,0,1,84.125,83.5,2.5,2024-05-06 10:00:01.5,2024-05-06 11:30:01.1,roi,1.48"


def test_a_trade_told_by_three_lines_is_one_recorded_close(tmp_path: Path) -> None:
    report = scan(tmp_path, SHORT, [ROW])
    assert report["profiles"][0]["name"] == "freqtrade"
    assert (report["summary"]["closes"], report["summary"]["recorded"]) == (1, 1)
    assert [t["side"] for t in report["trades"]] == ["short"]


def test_a_closed_trade_that_the_table_lacks_is_lost(tmp_path: Path) -> None:
    other = "2,LTC/USDT,0,0,80.1,81.2,1.0,2024-05-06 09:00:00,2024-05-06 09:30:00,roi,1.1"
    report = scan(tmp_path, SHORT, [other])
    assert report["summary"]["missing"] == 1


def test_an_open_trade_is_no_close(tmp_path: Path) -> None:
    report = scan(tmp_path, SHORT[:1], ["3,LTC/USDT,1,1,84.125,,2.5,2024-05-06 10:00:01.5,,,"])
    assert report["summary"]["closes"] == 0
    assert not [f for f in report["findings"] if f["severity"] == "error"]
