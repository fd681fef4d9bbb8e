"""What links a close whose own line says little: its open's price, and the way its ledger writes sides."""

from __future__ import annotations

from pathlib import Path

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
START = "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
END = "2026-04-02 11:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"


def scan(folder: Path, log: str, *rows: str) -> Report:
    (folder / "bot.log").write_text(START + log + END, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def bare(*sides: str) -> str:
    """Closes that print symbol and side only, ten minutes apart."""
    return "".join(
        f"2026-04-02 09:{10 * i:02}:00.100 | INFO | exits:close:8 - Position closed: SOL-USDT {side}\n"
        for i, side in enumerate(sides)
    )


def row(i: int, side: str) -> str:
    return f"2026-04-02 09:{10 * i:02}:00.100,SOL-USDT,{side},131.{i}0,132.{i}5,{i + 2},{i}.41"


def test_sides_of_closing_orders_link_closes_that_print_no_number(tmp_path):
    log = bare("LONG", "SHORT", "LONG", "LONG", "SHORT")
    report = scan(tmp_path, log, *(row(i, s) for i, s in enumerate(("sell", "buy", "sell", "sell", "buy"))))
    assert (report.summary.closes, report.summary.missing) == (5, 0)
    assert rules(report).isdisjoint({"LA101", "LA105"})
    assert "LA208" in rules(report)


def test_one_side_that_differs_among_others_that_agree_is_another_trade(tmp_path):
    log = bare("LONG", "SHORT", "LONG", "LONG", "SHORT")
    report = scan(tmp_path, log, *(row(i, s) for i, s in enumerate(("buy", "sell", "buy", "buy", "buy"))))
    assert report.summary.missing == 1
    assert "LA105" in rules(report)


OPENED = "2026-04-02 09:05:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long 3.25 @ 131.27\n"
CLOSED = (
    "2026-04-02 09:40:00.100 | INFO | exits:close:8 - "
    "Closed long position SOL-USDT @ 132.94 size=3.25 reason=tp\n"
)
OTHERS = tuple(
    f"2026-04-02 10:{10 * i:02}:00.200 | INFO | exits:close:8 - "
    f"Closed long position ADA-USDT @ 0.{7310 + i} size={100 + i} reason=tp\n"
    for i in range(4)
)
OTHER_ROWS = tuple(
    f"2026-04-02 10:{10 * i:02}:00.200,ADA-USDT,long,0.7300,0.{7310 + i},{100 + i},0.{i}1" for i in range(4)
)


def test_the_price_of_the_open_is_the_third_number_of_a_row_of_another_day(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-01 09:40:00.100,SOL-USDT,long,131.27,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.missing == 0
    assert "LA208" in rules(report)


def test_another_entry_price_than_the_open_asked_for_is_no_error(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-02 09:40:00.100,SOL-USDT,long,131.31,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.missing == 0
    assert rules(report).isdisjoint({"LA105", "LA106"})


def test_two_numbers_of_a_row_of_another_day_prove_nothing(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-01 09:40:00.100,SOL-USDT,long,130.02,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.recorded == 4
