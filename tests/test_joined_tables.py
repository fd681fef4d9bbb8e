"""A position opened in one table and closed in another, of the same file or of its folder, joined by a key."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import logaudit
from logaudit.core.report import Report
from logaudit.core.trades import TradeState

START = datetime(2026, 5, 14, 8, 0)  # noqa: DTZ001 - the bot's own clock


class Deal(NamedTuple):
    """A long position; numbers as text."""

    number: int
    symbol: str
    at: datetime
    entry: str
    out: str
    size: str

    @property
    def pnl(self) -> Decimal:
        return ((Decimal(self.out) - Decimal(self.entry)) * Decimal(self.size)).quantize(Decimal("0.0001"))


def deals() -> list[Deal]:
    return [
        Deal(
            101 + 7 * i,
            ("BTCUSDT", "ETHUSDT", "SOLUSDT")[i % 3],
            START + timedelta(minutes=31 * i + i * i),
            f"{3000 + 17 * i}.{11 + i}",
            f"{2950 + 40 * i}.{35 + i}",
            f"0.{31 + 9 * i}",
        )
        for i in range(8)
    ]


def write_log(folder: Path, told: Sequence[Deal]) -> None:
    lines = []
    for d in told:
        opened = d.at - timedelta(minutes=7)
        lines += [
            f"{opened} | INFO     | bot:in:5 - Opened LONG {d.symbol} qty={d.size} entry={d.entry}",
            (
                f"{d.at} | INFO     | bot:leave:97 - Closed LONG {d.symbol} qty={d.size} entry={d.entry} "
                f"exit={d.out} pnl={d.pnl:+} USDT"
            ),
        ]
    (folder / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def positions(told: Sequence[Deal]) -> list[dict[str, Any]]:
    return [
        {"id": d.number, "symbol": d.symbol, "side": "long", "entry_price": float(d.entry), "size": float(d.size),
         "opened_at": str(d.at - timedelta(minutes=7))}
        for d in told
    ]  # fmt: skip


def exits(kept: Sequence[Deal]) -> list[dict[str, Any]]:
    return [
        {"exit_no": i + 1, "position_id": d.number, "closed_at": str(d.at), "exit_price": float(d.out),
         "pnl": float(d.pnl)}
        for i, d in enumerate(kept)
    ]  # fmt: skip


def write_database(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    with closing(sqlite3.connect(folder / "trades.sqlite")) as base:
        for name, rows in tables.items():
            base.execute(f"create table {name} ({', '.join(rows[0])})")
            marks = ",".join("?" * len(rows[0]))
            base.executemany(f"insert into {name} values ({marks})", [tuple(row.values()) for row in rows])  # noqa: S608 - names of the test
        base.commit()


def write_document(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    (folder / "trades.json").write_text(json.dumps(tables), encoding="utf-8")


def write_files(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Each table in a file of its own."""
    for name, rows in tables.items():
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_archive(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> None:
    write_files(folder, tables)
    with zipfile.ZipFile(folder / "ledgers.zip", "w") as packed:
        for name in tables:
            packed.write(folder / f"{name}.csv", f"day/{name}.csv")
            (folder / f"{name}.csv").unlink()


Write = Callable[[Path, dict[str, list[dict[str, Any]]]], None]
WRITERS = (write_database, write_document, write_files, write_archive)


def missing(report: Report) -> list[object]:
    return [f.data["exit_price"] for f in report.findings if f.rule == "LA101"]


@pytest.mark.parametrize("write", WRITERS)
def test_exits_get_the_market_of_their_position(tmp_path: Path, write: Write) -> None:
    told = deals()
    write_log(tmp_path, told)
    write(tmp_path, {"exits": exits([d for d in told if d is not told[4]]), "positions": positions(told)})
    report = logaudit.scan(tmp_path)
    assert missing(report) == [told[4].out]
    assert report.summary.recorded == 7
    assert not {"LA105", "LA106", "LA203", "LA208", "LA209", "LA401"} & {f.rule for f in report.findings}


@pytest.mark.parametrize("write", WRITERS)
def test_whole_tables_are_clean(tmp_path: Path, write: Write) -> None:
    write_log(tmp_path, deals())
    write(tmp_path, {"exits": exits(deals()), "positions": positions(deals())})
    report = logaudit.scan(tmp_path)
    assert not report.findings
    assert report.summary.recorded == 8


@pytest.mark.parametrize("write", WRITERS)
def test_an_exit_whose_position_is_gone_may_be_any_close(tmp_path: Path, write: Write) -> None:
    told = deals()
    write_log(tmp_path, told)
    there = [d for d in told if d is not told[4]]
    write(tmp_path, {"exits": exits([*told, *there]), "positions": positions(there)})
    assert not missing(logaudit.scan(tmp_path))


def test_two_tables_that_may_be_meant_are_not_joined(tmp_path: Path) -> None:
    told = deals()
    write_log(tmp_path, told)
    held = positions(told)
    write_database(tmp_path, {"exits": exits(told[:-1]), "positions": held, "bot_positions": held})
    report = logaudit.scan(tmp_path)
    assert not missing(report)
    assert {t.state for t in report.trades} == {TradeState.UNVERIFIABLE}


def test_parts_of_a_position_do_not_get_its_size(tmp_path: Path) -> None:
    """Each position has two exits: the size of the whole is neither's."""
    told = deals()
    write_log(tmp_path, told)
    halves = [
        {"exit_no": i, "position_id": d.number, "closed_at": str(d.at), "exit_price": float(d.out),
         "pnl": round(float(d.pnl) / 2, 5)}
        for i, d in enumerate(d for d in told for _ in range(2))
    ]  # fmt: skip
    write_database(tmp_path, {"exits": halves, "positions": positions(told)})
    report = logaudit.scan(tmp_path)
    assert not missing(report)
    assert not [f for f in report.findings if f.rule == "LA106" and "size" in str(f.data)]


def test_tables_of_other_folders_are_not_joined(tmp_path: Path) -> None:
    told = deals()
    write_log(tmp_path, told)
    write_files(tmp_path, {"exits": exits(told[:-1])})
    (tmp_path / "old").mkdir()
    write_files(tmp_path / "old", {"positions": positions(told)})
    report = logaudit.scan(tmp_path)
    assert not missing(report)
    assert "LA209" in {f.rule for f in report.findings}


def orders_and_fills(told: Sequence[Deal], kept: Sequence[Deal]) -> dict[str, list[dict[str, Any]]]:
    """An order and a fill for each end of each position; only the orders name market and side."""
    orders: list[dict[str, Any]] = []
    fills: list[dict[str, Any]] = []
    for d in told:
        opened = d.at - timedelta(minutes=7)
        for end, side, at, price in (("in", "BUY", opened, d.entry), ("out", "SELL", d.at, d.out)):
            order = f"o-{d.number}-{end}"
            orders.append({"order_id": order, "symbol": d.symbol, "side": side, "created_at": str(at)})
            if end == "in" or d in kept:
                fills.append(
                    {
                        "fill_no": len(fills),
                        "order_id": order,
                        "filled_at": str(at),
                        "price": price,
                        "qty": d.size,
                    }
                )
    return {"orders": orders, "fills": fills}


def test_fills_get_the_market_and_the_side_of_their_orders(tmp_path: Path) -> None:
    write_log(tmp_path, deals())
    write_files(tmp_path, orders_and_fills(deals(), deals()))
    report = logaudit.scan(tmp_path)
    assert not report.findings
    assert report.summary.recorded == 8


def test_the_fill_that_is_missing_among_them_is_found(tmp_path: Path) -> None:
    told = deals()
    write_log(tmp_path, told)
    write_files(tmp_path, orders_and_fills(told, [d for d in told if d is not told[4]]))
    assert missing(logaudit.scan(tmp_path)) == [told[4].out]


def test_an_opening_that_looks_like_the_end_of_a_position_whose_end_was_lost_is_no_orphan(
    tmp_path: Path,
) -> None:
    """After a long whose end has no fill, the next short of the market begins with a sale: as if it ended the long."""
    rows, lines = [], []
    price = 3000
    for i, side in enumerate(("LONG", "SHORT") * 4):
        opened = START + timedelta(minutes=31 * i + i * i)
        closed = opened + timedelta(minutes=7)
        entry, out, size = f"{price + 17 * i}.5", f"{price + 23 * i}.25", f"0.{31 + 9 * i}"
        lines += [
            f"{opened} | INFO     | bot:in:5 - Opened {side} ETHUSDT qty={size} entry={entry}",
            f"{closed} | INFO     | bot:leave:97 - Closed {side} ETHUSDT qty={size} entry={entry} exit={out}",
        ]
        begin, end = ("BUY", "SELL") if side == "LONG" else ("SELL", "BUY")
        rows.append((opened, "ETHUSDT", begin, entry, size))
        if i != 2:
            rows.append((closed, "ETHUSDT", end, out, size))
    (tmp_path / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = ["time,symbol,side,price,qty", *(",".join(map(str, row)) for row in rows)]
    (tmp_path / "fills.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    report = logaudit.scan(tmp_path, profile="generic")
    assert "LA105" not in {f.rule for f in report.findings}
