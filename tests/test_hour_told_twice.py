"""The hour that is told twice when clocks are set back: what happened in its second telling bears earlier times."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
READY = "INFO | journal:__init__:2 - Trade recorder initialized: trades.csv"
START = "INFO | app:main:1 - Bot started"


def line(at: str, text: str) -> str:
    return f"2025-10-26 {at} | {text}\n"


def closed(at: str, symbol: str, pnl: str) -> str:
    told = f"Position closed: {symbol} long entry=131.20 exit=131.9{pnl[-1]} size=4 net_pnl={pnl}"
    return line(at, f"INFO | exits:close:8 - {told}")


def row(at: str, symbol: str, pnl: str) -> str:
    return f"2025-10-26 {at},{symbol},long,131.20,131.9{pnl[-1]},4,{pnl}\n"


def beats(*times: str) -> str:
    return "".join(line(at, "INFO | loop:beat:4 - Heartbeat ok") for at in times)


def scan(folder: Path, log: str, rows: str) -> Report:
    (folder / "bot.log").write_text(log, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + rows, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def states(report: Report) -> list[tuple[str, str]]:
    return sorted((t.symbol[:3], t.state.value) for t in report.trades if t.log)


FIRST = closed("02:41:07.100", "SOL-USDT", "1.2151") + closed("02:52:19.100", "ADA-USDT", "-0.7402")
TURN = beats("02:58:50.000", "02:59:51.000", "02:00:40.000", "02:03:10.000")
SECOND = closed("02:09:33.100", "ETH-USDT", "2.1307") + beats("02:20:00.000")
AFTER = closed("03:11:08.100", "XRP-USDT", "0.5106") + beats("03:30:00.000")
ROWS = row("02:41:07.100", "SOL-USDT", "1.2151") + row("02:52:19.100", "ADA-USDT", "-0.7402")
LAST = row("03:11:08.100", "XRP-USDT", "0.5106")


@pytest.mark.parametrize("start", [line("02:31:00.000", START) + line("02:31:00.002", READY), ""])
def test_a_close_of_the_second_telling_is_not_before_the_rows_of_the_first(tmp_path, start):
    """Its time is earlier than that of the first row, which is the row of a close told an hour before it."""
    report = scan(tmp_path, start + beats("02:31:05.000") + FIRST + TURN + SECOND + AFTER, ROWS + LAST)
    assert ("ETH", "silent-drop") in states(report)


def test_a_close_of_the_first_telling_may_be_before_a_ledger_that_nobody_began(tmp_path):
    log = beats("02:31:05.000") + FIRST + TURN + SECOND + AFTER
    report = scan(tmp_path, log, row("02:09:33.100", "ETH-USDT", "2.1307") + LAST)
    assert not {("SOL", "recorded"), ("ADA", "recorded")} & {*states(report)}
    assert ("ETH", "recorded") in states(report)


def test_a_ledger_opened_anew_in_the_second_telling_lost_the_rows_of_the_first(tmp_path):
    ack = "INFO | journal:record:9 - Trade saved to ledger: {} long"
    told = line("02:16:31.000", START) + line("02:16:31.002", READY)
    told += (
        closed("02:52:19.100", "ADA-USDT", "-0.7402") + line("02:52:19.103", ack.format("ADA-USDT")) + TURN
    )
    told += closed("02:09:33.100", "ETH-USDT", "2.1307") + line("02:09:33.103", ack.format("ETH-USDT"))
    anew = line("02:17:00.000", START) + line("02:17:00.002", READY)
    later = closed("02:38:05.100", "SOL-USDT", "1.2151") + line("02:38:05.103", ack.format("SOL-USDT"))
    later += closed("03:11:08.100", "XRP-USDT", "0.5106") + line("03:11:08.103", ack.format("XRP-USDT"))
    report = scan(tmp_path, told + anew + later, row("02:38:05.100", "SOL-USDT", "1.2151") + LAST)
    assert {("ADA", "false-ack"), ("ETH", "false-ack")} <= {*states(report)}
    assert "LA207" in {finding.rule for finding in report.findings}
