"""LA209: a table that may be a ledger and that is not understood makes room, and says what is missing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.audit.prepare import options_of
from logaudit.config.resolve import resolve
from logaudit.core.finding import Severity
from logaudit.core.report import Report

LOG = (
    "2026-05-02 09:10:04.120 | INFO | exits:close:8 - Closed long position AVAX-USDT @ 21.40 size=15 pnl=+4.50\n"
    "2026-05-02 09:45:31.870 | INFO | exits:close:8 - Closed short position DOT-USDT @ 4.112 size=70 pnl=-2.31\n"
    "2026-05-02 10:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
)
READ = "timestamp,symbol,side,exit_price,size,pnl\n2026-05-02 09:10:04,AVAX-USDT,long,21.40,15,4.50\n"
SECOND = "2026-05-02 09:45:31,DOT-USDT,short,4.112,70,-2.31\n"
#: Two columns of times in no order, and two of markets: which is meant cannot be told.
UNKNOWN = (
    "w1,w2,m1,m2,way,n1,n2\n"
    "2026-05-02 09:45:31,2026-05-02 09:00:00,DOT-USDT,BTC-USDT,short,4.112,70\n"
    "2026-05-02 09:00:00,2026-05-02 09:45:31,BTC-USDT,DOT-USDT,short,4.112,70\n"
)


def scan(folder: Path) -> Report:
    (folder / "bot.log").write_text(LOG, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def states(report: Report) -> list[str]:
    return [trade.state.value for trade in report.trades]


def found(report: Report) -> list[dict[str, object]]:
    return [dict(f.data) for f in report.findings if f.rule == "LA209"]


def test_a_close_whose_row_may_lie_in_a_table_that_is_not_understood_is_not_lost(tmp_path):
    (tmp_path / "trades_main.csv").write_text(READ, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(UNKNOWN, encoding="utf-8")
    report = scan(tmp_path)
    assert states(report)[1] == "unverifiable"
    (data,) = found(report)
    assert data["missing"] == ["closed", "symbol", "result"]
    (finding,) = [f for f in report.findings if f.rule == "LA209"]
    assert finding.severity is Severity.WARNING
    assert "logaudit profile ledger deals.csv" in str(finding.remedy)


def test_where_every_close_has_its_row_no_table_is_asked_for(tmp_path):
    (tmp_path / "trades_main.csv").write_text(READ + SECOND, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(UNKNOWN, encoding="utf-8")
    assert found(scan(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("candles.csv", "t,o,h,l,c,v\n2026-05-02 09:00:00,21.1,21.5,21.0,21.4,900\n"),
        ("DOT-USDT.csv", "time,open,high,low,close,volume\n2026-05-02 09:00:00,4.1,4.2,4.0,4.1,9000\n"),
        ("balances.csv", "time,asset,free,locked\n2026-05-02 09:00:00,USDT,1000.5,20.1\n"),
        ("equity.csv", "time,cash,equity,pnl\n2026-05-02 09:00:00,1000.5,1020.1,3.2\n"),
        ("config.csv", "key,value,note\nleverage,5,x\nrisk,0.01,y\n"),
        ("signals.csv", "time,symbol,side,price,rsi,score\n2026-05-02 09:00:00,DOT-USDT,buy,4.1,31.2,0.8\n"),
        ("orders.csv", "time,symbol,side,price,qty,status\n2026-05-02 09:00:00,DOT-USDT,buy,4.1,70,NEW\n"),
        ("trades.json", '[{"name": "x", "url": "y", "size": 3}]'),
        ("params.json", '{"trades": [{"pair": "DOT-USDT", "weight": 0.2, "note": "a"}]}'),
    ],
)
def test_tables_of_something_else_make_no_room(tmp_path, name, text):
    (tmp_path / "journal_main.csv").write_text(READ, encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    report = scan(tmp_path)
    assert found(report) == []
    assert states(report)[1] in ("silent-drop", "false-ack")


def test_rows_of_another_month_leave_no_room(tmp_path):
    (tmp_path / "trades_main.csv").write_text(READ, encoding="utf-8")
    (tmp_path / "deals.csv").write_text(UNKNOWN.replace("2026-05", "2026-02"), encoding="utf-8")
    assert states(scan(tmp_path))[1] == "silent-drop"


def test_the_settings_make_a_table_understood(tmp_path):
    (tmp_path / "trades_main.csv").write_text(READ, encoding="utf-8")
    one_row = "".join(UNKNOWN.splitlines(keepends=True)[:2])
    (tmp_path / "deals.csv").write_text(one_row, encoding="utf-8")
    (tmp_path / "bot.log").write_text(LOG, encoding="utf-8")
    (tmp_path / "logaudit.toml").write_text(
        '[[ledgers]]\nfiles = "deals.csv"\n'
        '[ledgers.columns]\nclosed = "w1"\nsymbol = "m1"\nside = "way"\nexit_price = "n1"\nsize = "n2"\n',
        encoding="utf-8",
    )
    report = build_report(read_case([tmp_path], options_of(resolve({}, {}, tmp_path))))
    assert found(report) == []
    assert states(report) == ["recorded", "recorded"]


def test_a_table_of_a_database_is_named_and_is_room_too(tmp_path):
    (tmp_path / "trades_main.csv").write_text(READ, encoding="utf-8")
    header, *rows = (line.split(",") for line in UNKNOWN.splitlines())
    with closing(sqlite3.connect(tmp_path / "bot.db")) as base:
        base.execute(f"create table deals ({', '.join(header)})")
        base.executemany("insert into deals values (?,?,?,?,?,?,?)", rows)
        base.commit()
    report = scan(tmp_path)
    assert states(report)[1] == "unverifiable"
    (finding,) = [f for f in report.findings if f.rule == "LA209"]
    assert "bot.db#deals" in str(finding.message)


def test_market_side_and_one_figure_are_enough_in_a_file_called_trades(tmp_path):
    text = '[{"timestamp": "2026-05-02 09:45:31", "symbol": "DOT/USD", "type": "sell", "price": 4.112}]'
    (tmp_path / "trades.json").write_text(text, encoding="utf-8")
    (tmp_path / "alerts.json").write_text(text, encoding="utf-8")
    assert [data["missing"] for data in found(scan(tmp_path))] == [["result"]]
