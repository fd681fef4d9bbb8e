"""LA115: fills that a bot logs against the rows of its ledger of fills; a whole ledger, parts and doubt are silent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import logaudit
from logaudit.core.not_judged import Reason
from logaudit.core.report import Report

START = datetime(2026, 2, 10, 9, 0)  # noqa: DTZ001 - the bot's own clock, UTC
CSV_COLUMNS = (
    "exchange_trade_id,config_file_path,strategy,market,symbol,base_asset,quote_asset,timestamp,order_id,trade_type,"
    "order_type,price,amount,leverage,trade_fee,trade_fee_in_quote,position,age"
)
TABLE = (
    "create table TradeFill (config_file_path text, strategy text, market text, symbol text, base_asset text, "
    "quote_asset text, timestamp bigint, order_id text, trade_type text, order_type text, price {number}, "
    "amount {number}, leverage integer, trade_fee json, trade_fee_in_quote {number}, exchange_trade_id text, "
    "position text)"
)


class Fill(NamedTuple):
    """A fill, at a UTC time; numbers as text."""

    at: datetime
    order: str
    side: str
    price: str
    size: str
    trade: str


def fills() -> list[Fill]:
    """Eight fills of seven orders: the third and the fourth are of one order, at one price."""
    found = []
    for i in range(8):
        order = 2 if i == 3 else i
        side = "SELL" if order % 3 == 1 else "BUY"
        price = f"{84 + order}.{125 + 37 * order}"
        size = f"{1 + i}.{i}5"
        at = START + timedelta(minutes=13 * i, milliseconds=120 + i)
        found.append(Fill(at, f"{side.lower()}-LTC-USDT-17707{order:011}", side, price, size, f"90{i:04}"))
    return found


def line(fill: Fill, hours: int = 0) -> str:
    told = {
        "timestamp": 1770714000.0,
        "order_id": fill.order,
        "trading_pair": "LTC-USDT",
        "trade_type": f"TradeType.{fill.side}",
        "order_type": "OrderType.LIMIT",
        "price": fill.price,
        "amount": fill.size,
        "trade_fee": {
            "percent": "0",
            "percent_token": "USDT",
            "flat_fees": [{"token": "USDT", "amount": "0.01"}],
        },
        "exchange_trade_id": fill.trade,
        "leverage": 1,
        "position": "NIL",
        "event_name": "OrderFilledEvent",
        "event_source": "kucoin",
    }
    stamp = (fill.at + timedelta(hours=hours)).isoformat(" ", "milliseconds").replace(".", ",")
    return f"{stamp} - 7 - hummingbot.core.event.event_reporter - EVENT_LOG - {json.dumps(told)}"


def write_log(folder: Path, told: Iterable[Fill], hours: int = 0) -> None:
    lines = [
        "2026-02-10 00:00:00,000 - 7 - hummingbot.client.hummingbot_application - INFO - start command initiated."
    ]
    for fill in told:
        stamp = (fill.at + timedelta(hours=hours)).isoformat(" ", "milliseconds").replace(".", ",")
        tracker = "hummingbot.connector.client_order_tracker - INFO"
        lines += [
            line(fill, hours),
            f"{stamp} - 7 - {tracker} - {fill.side} order {fill.order} completely filled.",
        ]
    (folder / "logs_pmm.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def millis(fill: Fill) -> int:
    return round((fill.at - datetime(1970, 1, 1)).total_seconds() * 1000)  # noqa: DTZ001 - as START


def write_csv(folder: Path, kept: Sequence[Fill]) -> None:
    rows = [
        f"{f.trade},pmm.yml,pure_market_making,kucoin,LTC-USDT,LTC,USDT,{millis(f)},{f.order},{f.side},LIMIT,{f.price},"
        f'{f.size},1,"{{""percent"": ""0""}}",0.01,NIL,00:00:07'
        for f in kept
    ]
    (folder / "trades_pmm.csv").write_text("\n".join([CSV_COLUMNS, *rows]) + "\n", encoding="utf-8")


def write_database(folder: Path, kept: Sequence[Fill], *, whole: bool = True) -> None:
    def number(text: str) -> int | float:
        return int(Decimal(text) * 10**6) if whole else float(text)

    with closing(sqlite3.connect(folder / "pmm.sqlite")) as base:
        base.execute(TABLE.format(number="bigint" if whole else "float"))
        for f in kept:
            row = (
                "pmm.yml", "pure_market_making", "kucoin", "LTC-USDT", "LTC", "USDT", millis(f), f.order, f.side,
                "LIMIT", number(f.price), number(f.size), 1, '{"percent": "0"}', number("0.01"), f.trade, "NIL",
            )  # fmt: skip
            base.execute("insert into TradeFill values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
        base.commit()


def write_old_database(folder: Path, kept: Sequence[Fill]) -> None:
    write_database(folder, kept, whole=False)


LEDGERS = (write_csv, write_database, write_old_database)


def lost(report: Report) -> list[object]:
    return [f.data["trade_id"] for f in report.findings if f.rule == "LA115"]


@pytest.mark.parametrize("write", LEDGERS)
def test_a_fill_that_the_ledger_lacks_is_found_and_no_other(
    tmp_path: Path, write: Callable[[Path, Sequence[Fill]], None]
) -> None:
    told = fills()
    write_log(tmp_path, told)
    write(tmp_path, [f for f in told if f.trade != "900004"])
    report = logaudit.scan(tmp_path)
    assert [p.name for p in report.profiles] == ["hummingbot"]
    assert lost(report) == ["900004"]
    assert report.not_judged is None
    assert report.summary.closes == 0
    (finding,) = [f for f in report.findings if f.rule == "LA115"]
    assert (finding.data["price"], finding.data["size"]) == ("88.273", "5.45")
    assert not {"LA101", "LA105", "LA107", "LA203", "LA407", "LA502"} & {f.rule for f in report.findings}


@pytest.mark.parametrize("write", LEDGERS)
def test_a_whole_ledger_is_clean(tmp_path: Path, write: Callable[[Path, Sequence[Fill]], None]) -> None:
    write_log(tmp_path, fills())
    write(tmp_path, fills())
    report = logaudit.scan(tmp_path)
    assert report.not_judged is None
    assert (report.summary.errors, report.summary.warnings) == (0, 0)
    assert "fills-recorded" in {s.code for s in report.healthy}


@pytest.mark.parametrize("hours", [3, -5])
def test_a_log_in_another_zone_than_the_ledger(tmp_path: Path, hours: int) -> None:
    told = fills()
    write_log(tmp_path, told, hours)
    write_csv(tmp_path, [f for f in told if f.trade != "900005"])
    assert lost(logaudit.scan(tmp_path)) == ["900005"]


def test_one_of_two_fills_of_an_order(tmp_path: Path) -> None:
    told = fills()
    write_log(tmp_path, told)
    write_database(tmp_path, [f for f in told if f.trade != "900003"])
    assert lost(logaudit.scan(tmp_path)) == ["900003"]


def test_a_row_for_a_whole_order_records_all_its_fills(tmp_path: Path) -> None:
    told = fills()
    write_log(tmp_path, told)
    whole = told[3]._replace(size=str(Decimal(told[2].size) + Decimal(told[3].size)), trade="")
    write_csv(tmp_path, [*told[:2], whole, *told[4:]])
    report = logaudit.scan(tmp_path)
    assert not lost(report)
    assert "fills-recorded" in {s.code for s in report.healthy}


@pytest.mark.parametrize("kept", [slice(0, 6), slice(2, 8)])
def test_fills_outside_of_the_ledgers_time_are_not_judged(tmp_path: Path, kept: slice) -> None:
    """An export of a part of the time: what lies before its first and behind its last row is no loss."""
    write_log(tmp_path, fills())
    write_csv(tmp_path, fills()[kept])
    report = logaudit.scan(tmp_path)
    assert not lost(report)
    assert "fills-unchecked" in {s.code for s in report.unjudged}


def test_a_line_that_cannot_be_read_may_be_the_fill(tmp_path: Path) -> None:
    told = fills()
    write_log(tmp_path, told)
    write_csv(tmp_path, told)
    file = tmp_path / "trades_pmm.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f",{told[4].price},", ",?,").replace(told[4].trade, "x"), encoding="utf-8")
    assert not lost(logaudit.scan(tmp_path))


def test_a_fill_that_is_told_twice_is_one(tmp_path: Path) -> None:
    told = fills()
    write_log(tmp_path, [*told, told[2]._replace(at=told[7].at + timedelta(seconds=30))])
    write_csv(tmp_path, told)
    report = logaudit.scan(tmp_path)
    assert not lost(report)
    assert "fills-recorded" in {s.code for s in report.healthy}


def test_another_bots_ledger_proves_no_loss(tmp_path: Path) -> None:
    told = fills()
    write_log(tmp_path, told)
    others = [
        f._replace(order=f"x{f.order}9", trade=f"7{f.trade}", price=f"{i}1.77", size=f"{i}.33")
        for i, f in enumerate(told)
    ]
    write_csv(tmp_path, others)
    report = logaudit.scan(tmp_path)
    assert not lost(report)
    assert report.not_judged is not None
    assert report.not_judged.reason is Reason.NOT_VERIFIABLE


def test_logs_without_a_ledger_are_not_judged(tmp_path: Path) -> None:
    write_log(tmp_path, fills())
    report = logaudit.scan(tmp_path)
    assert report.not_judged is not None
    assert report.not_judged.reason is Reason.NO_LEDGER


def test_fills_of_positions_that_are_opened_and_closed(tmp_path: Path) -> None:
    """A column says what a fill does to the position; a fill that opens one is a fill like any other."""
    told = fills()
    write_log(tmp_path, told)
    write_csv(tmp_path, [f for f in told if f.trade != "900004"])
    file = tmp_path / "trades_pmm.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    words = [line.replace(",NIL,", ",OPEN," if i % 2 else ",CLOSE,") for i, line in enumerate(lines)]
    file.write_text("\n".join(words) + "\n", encoding="utf-8")
    report = logaudit.scan(tmp_path)
    assert lost(report) == ["900004"]
    assert report.summary.closes == 0


def test_a_table_of_before_fees_were_summed(tmp_path: Path) -> None:
    """Older exports print the fee as an object only."""
    told = fills()
    write_log(tmp_path, told)
    header = (
        "config_file_path,strategy,exchange_trade_id,timestamp,market,symbol,base,quote,order_id,trade_type,price,amount,"
        "trade_fee"
    )
    rows = [
        f"pmm.yml,pmm,{f.trade},{millis(f)},kucoin,LTC-USDT,LTC,USDT,{f.order},{f.side},{f.price},{f.size},"
        '"{""percent"": 0.1, ""flat_fees"": []}"'
        for f in told
        if f.trade != "900004"
    ]
    (tmp_path / "trades_pmm.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert lost(logaudit.scan(tmp_path)) == ["900004"]


BOTH = r"""
schema = 1
name = "both"
title = "closes and fills"
[sides]
long = ["buy"]
short = ["sell"]
[[formats]]
format = "{time:YYYY-MM-DD HH:mm:ss.SSS} | {level: <8} | {message}"
[[patterns]]
id = "filled"
event = "order-filled"
regex = '^Filled (?P<order_id>\S+): (?P<side>BUY|SELL) %{NUMBER:size} %{SYMBOL:symbol} @ %{NUMBER:exit_price}'
samples = [{ line = "Filled o7: BUY 2 LTC-USDT @ 84.1" }]
[[patterns]]
id = "closed"
event = "position-closed"
regex = '^Closed (?P<side>long|short) %{SYMBOL:symbol} size=%{NUMBER:size} exit=%{NUMBER:exit_price}'
samples = [{ line = "Closed long LTC-USDT size=2 exit=84.1" }]
"""


@pytest.mark.parametrize("gone", [None, 4, 6, 9])
def test_a_log_that_tells_closes_and_fills(tmp_path: Path, gone: int | None) -> None:
    """Round trips of one market: a fill that the ledger lacks is named, and closes are made of the others."""
    logs = tmp_path / "logs"
    logs.mkdir()
    lines, rows = [], []
    for i in range(14):
        at = START + timedelta(minutes=17 * i)
        side, size, price = (
            ("SELL" if i % 2 else "BUY"),
            f"{1 + i // 2}.{i // 2}5",
            f"{84 + i}.{125 + 31 * i}",
        )
        lines.append(f"{at}.100 | INFO     | Filled order-{7700 + i}: {side} {size} LTC-USDT @ {price}")
        if i % 2:
            lines.append(f"{at}.200 | INFO     | Closed long LTC-USDT size={size} exit={price}")
        if i != gone:
            rows.append(f"{at},LTC-USDT,{side},{price},{size},order-{7700 + i}")
    (logs / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = "\n".join(["time,symbol,side,price,qty,order_id", *rows]) + "\n"
    (logs / "trades.csv").write_text(text, encoding="utf-8")
    (tmp_path / "both.toml").write_text(BOTH, encoding="utf-8")
    report = logaudit.scan(logs, profile=str(tmp_path / "both.toml"))
    named = [f.data["order_id"] for f in report.findings if f.rule == "LA115"]
    assert set(named) <= ({f"order-{7700 + gone}"} if gone is not None else set())
    if gone is None:
        assert report.summary.recorded == 7
        assert "fills-recorded" in {s.code for s in report.healthy}
    told = {f.data["exit_price"] for f in report.findings if f.rule == "LA101"}
    # The lost fill of an opening makes no close lost: the row of its end is there.
    assert told <= ({"93.404"} if gone == 9 else set())
    assert gone == 9 or not {"LA105", "LA114"} & {f.rule for f in report.findings}
