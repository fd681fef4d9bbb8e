"""Ids that several trades bear: numbered anew for each market, or in a database that was made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import logaudit
from logaudit.core.report import Report

START = datetime(2026, 6, 1, 9, 0)  # noqa: DTZ001 - the bot's own clock
PROFILE = r"""
schema = 1
name = "numbered"
title = "closes with ids"
[[formats]]
format = "{time:YYYY-MM-DD HH:mm:ss.SSS} | {level: <8} | {name}:{function}:{line} - {message}"
[[patterns]]
id = "started"
event = "run-started"
regex = '^Bot started'
samples = [{ line = "Bot started" }]
[[patterns]]
id = "opened"
event = "position-opened"
regex = '^Opened #(?P<trade_id>\d+) (?P<side>long|short) %{SYMBOL:symbol} @ %{NUMBER:entry_price} size=%{NUMBER:size}'
samples = [{ line = "Opened #7 long BTC-USDT @ 84.1 size=2" }]
[[patterns]]
id = "closed"
event = "position-closed"
regex = '^Closed #(?P<trade_id>\d+) (?P<side>long|short) %{SYMBOL:symbol} @ %{NUMBER:exit_price} pnl=%{NUMBER:pnl}'
samples = [{ line = "Closed #7 long BTC-USDT @ 84.1 pnl=2" }]
"""


class Deal(NamedTuple):
    """One position; numbers as text."""

    own: str
    symbol: str
    at: datetime
    entry: str
    out: str

    @property
    def pnl(self) -> Decimal:
        return Decimal(self.out) - Decimal(self.entry)


def by_market(digits: str) -> list[Deal]:
    """Each market numbers its trades from 1 on, so that every id stands for two of them."""
    found = []
    for i in range(8):
        symbol = ("BTC-USDT", "ETH-USDT")[i % 2]
        at = START + timedelta(minutes=17 * i + i * i)
        found.append(
            Deal(f"{digits}{i // 2 + 1}", symbol, at, f"{100 + 3 * i}.25", f"{101 + 4 * i}.{1 + i}5")
        )
    return found


def made_anew() -> list[Deal]:
    """Two lives of the bot: the second begins with an empty database, whose ids start again."""
    found = []
    for i in range(8):
        at = START + timedelta(hours=i // 4 * 9, minutes=23 * i)
        found.append(Deal(f"{i % 4 + 1}", "BTC-USDT", at, f"{100 + 3 * i}.25", f"{101 + 4 * i}.{1 + i}5"))
    return found


def write_log(folder: Path, told: Sequence[Deal], starts: Sequence[datetime]) -> None:
    lines = [f"{at}.000 | INFO     | bot:main:1 - Bot started" for at in starts]
    for d in told:
        opened = d.at - timedelta(minutes=5)
        lines += [
            f"{opened}.100 | INFO     | bot:open:3 - Opened #{d.own} long {d.symbol} @ {d.entry} size=1",
            f"{d.at}.200 | INFO     | bot:close:9 - Closed #{d.own} long {d.symbol} @ {d.out} pnl={d.pnl}",
        ]
    (folder / "bot.log").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


def write_csv(folder: Path, kept: Sequence[Deal]) -> None:
    header = "trade_id,symbol,side,closed_at,entry_price,exit_price,size,pnl"
    rows = [f"{d.own},{d.symbol},long,{d.at},{d.entry},{d.out},1,{d.pnl}" for d in kept]
    (folder / "trades.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def write_database(folder: Path, kept: Sequence[Deal]) -> None:
    with closing(sqlite3.connect(folder / "trades.sqlite")) as base:
        base.execute(
            "create table trades (trade_id text, symbol text, side text, closed_at text, entry_price real, "
            "exit_price real, size real, pnl real)"
        )
        rows = [
            (d.own, d.symbol, "long", str(d.at), float(d.entry), float(d.out), 1.0, float(d.pnl))
            for d in kept
        ]
        base.executemany("insert into trades values (?,?,?,?,?,?,?,?)", rows)
        base.commit()


def scanned(folder: Path) -> Report:
    profile = folder.parent / f"{folder.name}.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    return logaudit.scan(folder, profile=str(profile))


def missing(report: Report) -> list[tuple[object, object]]:
    return [(f.data["symbol"], f.data["exit_price"]) for f in report.findings if f.rule == "LA101"]


WRITERS = (write_csv, write_database)
Write = Callable[[Path, Sequence[Deal]], None]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("digits", ["", "90000"])
@pytest.mark.parametrize("lost", range(8))
def test_ids_that_each_market_counts(tmp_path: Path, write: Write, digits: str, lost: int) -> None:
    told = by_market(digits)
    write_log(tmp_path, told, [START - timedelta(minutes=30)])
    write(tmp_path, [d for i, d in enumerate(told) if i != lost])
    report = scanned(tmp_path)
    # Behind the last row and before the first one it may be abstained from; another close is never named.
    assert missing(report) in ([(told[lost].symbol, told[lost].out)], [])
    if 0 < lost < 7:
        assert missing(report)
    assert not {"LA105", "LA106", "LA107", "LA503"} & {f.rule for f in report.findings}


@pytest.mark.parametrize("write", WRITERS)
def test_a_whole_ledger_with_repeating_ids_is_clean(tmp_path: Path, write: Write) -> None:
    write_log(tmp_path, by_market(""), [START - timedelta(minutes=30)])
    write(tmp_path, by_market(""))
    assert not scanned(tmp_path).findings


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("lost", range(4, 8))
def test_a_database_made_anew_holds_the_new_trades_only(tmp_path: Path, write: Write, lost: int) -> None:
    """Its ids are those of older trades, whose rows went with the old database: of them nothing is known."""
    told = made_anew()
    starts = [told[0].at - timedelta(minutes=30), told[4].at - timedelta(minutes=30)]
    write_log(tmp_path, told, starts)
    write(tmp_path, [d for i, d in enumerate(told) if i > 3 and i != lost])
    report = scanned(tmp_path)
    assert missing(report) in ([("BTC-USDT", told[lost].out)], [])
    if 4 < lost < 7:
        assert missing(report)
    assert not {"LA105", "LA106", "LA107"} & {f.rule for f in report.findings}


@pytest.mark.parametrize("write", WRITERS)
def test_both_lives_in_one_table_are_told_apart(tmp_path: Path, write: Write) -> None:
    told = made_anew()
    write_log(tmp_path, told, [told[0].at - timedelta(minutes=30), told[4].at - timedelta(minutes=30)])
    write(tmp_path, [d for i, d in enumerate(told) if i not in (1, 6)])
    report = scanned(tmp_path)
    assert missing(report) == [("BTC-USDT", told[1].out), ("BTC-USDT", told[6].out)]
    assert not {"LA105", "LA106", "LA107"} & {f.rule for f in report.findings}
