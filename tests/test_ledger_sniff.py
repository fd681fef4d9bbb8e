"""Ledger, live table or neither: told by content, the name being a hint."""

from __future__ import annotations

import pytest

from logaudit.ledger import CsvKind, sniff
from logaudit.profiles.profile import HealthFile, LedgerSpec

SPEC = LedgerSpec(files=("trades_*.csv",))
HEALTH = (HealthFile("debug CSV", ("debug_*.csv",), "timestamp"),)

LEDGER_HEAD = (
    "timestamp,symbol,side,entry_price,exit_price,net_pnl\n2025-11-23T02:40:12,ETH-USDT,long,1,2,3\n"
)
DEBUG_HEAD = "timestamp,event_type,symbol,data\n02:19:56.769,check,ETH-USDT,a=1 | b=2\n"


def kind(head: str, name: str = "file.csv") -> CsvKind:
    return sniff(head, name, SPEC, HEALTH)


@pytest.mark.parametrize(
    "head",
    [
        LEDGER_HEAD,
        "\ufeff" + LEDGER_HEAD,
        LEDGER_HEAD.replace("\n", "\r\n"),
        LEDGER_HEAD.replace(",", ";"),
        LEDGER_HEAD.replace(",", "\t"),
        LEDGER_HEAD.partition("\n")[0],
        "\n\n" + LEDGER_HEAD,
        "UID:1,Account Type:Unified,Time Zone:UTC+8\nid,Time,Symbol,Action,Filled Price,PnL,Fee\n",
        "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Trade ID\n",
        "Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Trade Time(UTC+0)\n",
        "id,order,symbol,timestamp,datetime,type,side,price,amount,cost,fee\n",
        "market,symbol,timestamp,order_id,trade_type,order_type,price,amount,trade_fee\n",
        "id,pair,is_short,open_rate,close_rate,amount,open_date,close_date,exit_reason,close_profit_abs\n",
        "Time,Pair,P,pnl\n",
    ],
)
def test_a_header_with_time_symbol_and_result_is_a_ledger_whatever_the_name(head):
    assert kind(head) is CsvKind.LEDGER
    assert kind(head, "debug_20251123_021925.csv") is not CsvKind.OTHER


def test_a_ledger_under_a_health_file_s_name_is_a_ledger():
    assert kind(LEDGER_HEAD, "debug_20251123_021925.csv") is CsvKind.LEDGER


@pytest.mark.parametrize(
    "head",
    [
        DEBUG_HEAD,
        "timestamp,event_type,symbol,data\n",
        "time;equity;drawdown\n2025-11-23 10:00:00;100.5;0.1\n",
        "timestamp,symbol,open,high,low,close,volume\n1700000000000,BTC,1,2,0,1,5\n",
        "timestamp,symbol,price\n1700000000000,BTC,1\n",
        "timestamp,symbol,side,price,qty,status,order_id\n1700000000,BTC,buy,1,1,new,5\n",
        "timestamp,symbol,side,size,entry_price,mark_price,unrealized_pnl\n1700000000,B,long,1,1,1,0\n",
        "timestamp,symbol,side,entry_price\n1700000000,B,long,1\n",
    ],
)
def test_another_table_that_begins_with_a_time_is_health(head):
    assert kind(head) is CsvKind.HEALTH


def test_a_health_file_s_time_column_may_stand_anywhere():
    health = (HealthFile("heartbeat", ("beat*.csv",), "seen"),)
    head = "host,seen,load\nalpha,2025-11-23T10:00:00,0.5\n"
    assert sniff(head, "logs/beat_1.csv", SPEC, health) is CsvKind.HEALTH
    assert sniff(head, "logs/other.csv", SPEC, health) is CsvKind.OTHER


@pytest.mark.parametrize(
    "head",
    [
        "2025-11-23 02:40:12,416 - INFO - closed BTC, price 5, pnl 3, time 10\n" * 3,
        "2025-11-23 02:40:12 | INFO | a, b, c\n   Entry price: 1, Exit price: 2\n",
        '{"time": "2025-11-23T02:40:12", "symbol": "BTC", "pnl": 3}\n',
        "time, money, and other things that people write about\nmore text, and more\n",
        "Dear all,\nthe ledger is attached.\n",
        "name,address\nsomebody,somewhere\n",
        "timestamp\n2025-11-23\n",
        "\x00\x01\x02",
    ],
)
def test_logs_texts_and_foreign_tables_are_other(head):
    assert kind(head) is CsvKind.OTHER


def test_a_header_that_a_log_quotes_makes_no_ledger():
    head = "2025-11-23 02:40:12,416 - INFO - header follows\n" + LEDGER_HEAD
    assert kind(head, "bot.log") is CsvKind.OTHER


def test_the_name_decides_for_an_empty_file():
    assert kind("", "logs/trades_2025-11-23.csv") is CsvKind.LEDGER
    assert kind("\n", r"logs\debug_1.csv") is CsvKind.HEALTH
    assert kind("", "notes.csv") is CsvKind.OTHER


def test_the_name_vouches_for_a_ledger_that_lost_its_header():
    row = "2025-11-23T02:40:12,ETH-USDT,long,1,2,3\n"
    assert kind(row, "trades_2025-11-23.csv") is CsvKind.LEDGER
    assert kind(row, "file.csv") is CsvKind.OTHER


def test_the_name_settles_a_vague_header():
    head = "timestamp,symbol,side,entry_price,regime\n"
    assert kind(head, "trades_2025-11-23.csv") is CsvKind.LEDGER
    assert kind(head, "debug_1.csv") is CsvKind.HEALTH
