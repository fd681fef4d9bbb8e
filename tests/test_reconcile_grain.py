"""One row for several partial closes, in coins or in contracts: what adds up is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n"
LOG = (
    "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
    "2026-04-02 09:05:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long 9 @ 131.20\n"
    "2026-04-02 09:20:00.100 | INFO | exits:close:8 - "
    "Closed long position SOL-USDT @ 131.90 size=3 pnl=+2.10 reason=tp\n"
    "2026-04-02 09:31:00.200 | INFO | exits:close:8 - "
    "Closed long position SOL-USDT @ 132.40 size=3 pnl=+3.60 reason=tp\n"
    "2026-04-02 09:44:00.300 | INFO | exits:stop:9 - "
    "Closed long position SOL-USDT @ 130.70 size=3 pnl=-1.50 reason=sl\n"
    "2026-04-02 10:10:00.000 | INFO | engine:enter:4 - Position opened: ADA-USDT short 200 @ 0.7310\n"
    "2026-04-02 10:30:00.400 | INFO | exits:close:8 - "
    "Closed short position ADA-USDT @ 0.7260 size=200 pnl=+1.00 reason=tp\n"
    "2026-04-02 11:00:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
)
SOL = "2026-04-02 09:44:00.310,SOL-USDT,long,131.20,131.6667,{size},{pnl},{reason}\n"
ADA = "2026-04-02 10:30:00.410,ADA-USDT,short,0.7310,0.7260,{size},1.0012,tp\n"


def scan(folder: Path, *rows: str) -> Report:
    (folder / "bot.log").write_text(LOG, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def missing(report: Report) -> int:
    return report.summary.missing


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(("sol", "ada"), [("9", "200"), ("90", "20"), ("0.9", "20"), ("18", "20")])
def test_a_row_that_adds_up_three_closes_records_them(tmp_path, sol, ada):
    """Its size counts coins, or contracts of any worth; its reason is that of the last part."""
    report = scan(tmp_path, SOL.format(size=sol, pnl="4.2013", reason="sl"), ADA.format(size=ada))
    assert (report.summary.closes, missing(report)) == (4, 0)
    assert rules(report).isdisjoint({"LA101", "LA105", "LA106", "LA204"})


def test_a_row_whose_money_is_not_the_sum_records_one_close_at_most(tmp_path):
    report = scan(tmp_path, SOL.format(size="9", pnl="6.9013", reason="sl"), ADA.format(size="200"))
    assert missing(report) >= 2


def test_a_size_that_is_off_in_one_row_is_still_said(tmp_path):
    report = scan(tmp_path, SOL.format(size="9", pnl="4.2013", reason="sl"), ADA.format(size="207"))
    assert missing(report) == 0
    assert "LA106" in rules(report)


UNSIZED = (
    "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
    "2026-04-02 09:05:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long 9 @ 131.20\n"
    "2026-04-02 09:20:00.100 | INFO | exits:close:8 - "
    "Trade closed | SOL-USDT | LONG | 131.20 -> 131.90 | net PnL: +2.0812\n"
    "2026-04-02 09:31:00.200 | INFO | exits:close:8 - "
    "Trade closed | SOL-USDT | LONG | 131.20 -> 132.40 | net PnL: +3.5807\n"
    "2026-04-02 11:00:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
)


@pytest.mark.parametrize(("exit_price", "pnl", "closes"), [("132.15", "5.6619", 2), ("132.40", "3.5807", 1)])
def test_a_row_tells_partial_closes_without_sizes_from_a_retry(tmp_path, exit_price, pnl, closes):
    """The row has the sum of both results: two parts. It has the last one's: one close, announced twice."""
    (tmp_path / "bot.log").write_text(UNSIZED, encoding="utf-8")
    row = f"2026-04-02 09:31:00.200,SOL-USDT,long,131.20,{exit_price},9,{pnl},tp\n"
    (tmp_path / "trades.csv").write_text(HEADER.replace("pnl", "net_pnl") + row, encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert (report.summary.closes, report.summary.missing) == (closes, 0)
    assert "LA105" not in rules(report)


def test_the_mean_exit_of_several_closes_contradicts_no_money(tmp_path):
    """The mean of the exits is 131.666…: cut to 131.66 it makes 4.14, and the parts made 4.20."""
    (tmp_path / "bot.log").write_text(LOG, encoding="utf-8")
    row = SOL.format(size="9.0000", pnl="4.200000", reason="sl").replace(
        "131.20,131.6667", "131.200000,131.660000"
    )
    (tmp_path / "trades.csv").write_text(HEADER.replace("pnl", "gross_pnl") + row, encoding="utf-8")
    assert "LA204" not in rules(build_report(read_case([tmp_path], ScanOptions(jobs=1))))


CONTRACTS = (
    "2026-04-02 09:00:00.000 | INFO     | src.strategies.scalping.spot.performance_tracker:__init__:46"
    " | ✅ PerformanceTracker initialized\n"
    "2026-04-02 09:05:00.000 | DEBUG    | src.strategies.modules.debug_logger:_log:158"
    " | 📤 OPEN: SOL-USDT side=long | price=131.2000 | size=6.4000 | regime=ranging\n"
    "2026-04-02 09:05:00.001 | INFO     | src.strategies.scalping.futures.entries:check:849"
    " | ✅ Позиция SOL-USDT LONG открыта по реальному сигналу\n"
    "2026-04-02 09:20:00.000 | INFO     | src.strategies.scalping.futures.position_manager:close:9"
    " | 🔄 Закрытие позиции SOL-USDT long размер=0.16 контрактов, PnL=+2.10 USDT\n"
    "2026-04-02 09:20:00.100 | INFO     | src.strategies.scalping.futures.position_manager:close:12"
    " | ✅ Позиция SOL-USDT закрыта по tp, PnL = +2.10 USDT\n"
    "2026-04-02 09:31:00.000 | INFO     | src.strategies.scalping.futures.position_manager:close:9"
    " | 🔄 Закрытие позиции SOL-USDT long размер=0.48 контрактов, PnL=+3.62 USDT\n"
    "2026-04-02 09:31:00.200 | INFO     | src.strategies.scalping.futures.position_manager:close:12"
    " | ✅ Позиция SOL-USDT закрыта по tp, PnL = +3.62 USDT\n"
    "2026-04-02 09:31:00.210 | INFO     | src.strategies.scalping.spot.performance_tracker:record_trade:103"
    " | 📊 TRADE RECORDED | Total: 1 | Win Rate: 100.0% | Daily PnL: $+5.72\n"
    "2026-04-02 11:00:00.000 | INFO     | src.strategies.scalping.futures.loop:beat:4 | Работаем\n"
)
WHOLE = "2026-04-02 09:31:00.205,SOL-USDT,long,131.20,132.1000,6.4,5.7233,tp\n"
PART = "2026-04-02 09:31:00.205,SOL-USDT,long,131.20,132.1000,4.8,3.6233,tp\n"


@pytest.mark.parametrize(("row", "states"), [(WHOLE, ["recorded"] * 2), (PART, ["silent-drop", "recorded"])])
def test_parts_in_contracts_of_a_position_opened_in_coins(tmp_path, row, states):
    """The first seems to end it; the row that shows the sum says that the second is of the same position."""
    (tmp_path / "futures_main_2026-04-02.log").write_text(CONTRACTS, encoding="utf-8")
    (tmp_path / "trades_2026-04-02.csv").write_text(HEADER + row, encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert [trade.state.value for trade in report.trades] == states
    assert "LA111" not in rules(report)
