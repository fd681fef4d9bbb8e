"""The profiles of jesse, nautilus_trader and passivbot: detected, a lost row found, a whole ledger clean."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from program import run

START = datetime.fromisoformat("2025-05-06T08:00:00")


class Deal(NamedTuple):
    """A trade, from its open to its close; numbers as text."""

    opened: datetime
    closed: datetime
    side: str
    entry: str
    exit: str
    size: str
    pnl: str
    number: int


def deals() -> list[Deal]:
    found = []
    for i in range(7):
        opened = START + timedelta(minutes=17 * i + i * i)
        moved = 0.375 + 0.125 * i
        found.append(
            Deal(
                opened,
                opened + timedelta(minutes=9 + i % 3),
                "long" if i % 2 else "short",
                f"{84.125 + i:.3f}",
                f"{84.125 + i + moved:.3f}",
                f"{2.5 + 0.5 * i:.1f}",
                f"{(moved if i % 2 else -moved) * (2.5 + 0.5 * i) - 0.08:.2f}",
                i,
            )
        )
    return found


def nanoseconds(at: datetime) -> str:
    return f"{round((at - datetime(1970, 1, 1)).total_seconds()) * 10**9}"  # noqa: DTZ001 - a UTC time, as the bot's


def jesse(deal: Deal) -> list[str]:
    numbers = f"qty: {deal.size}, entry_price: {deal.entry}"
    closed = f"CLOSED a {deal.side} trade for Binance Futures-LTC-USDT: {numbers}, exit_price: {deal.exit}"
    return [
        f"[INFO | {deal.opened:%Y-%m-%dT%H:%M:%S}] OPENED {deal.side} position for LTC-USDT: {numbers}",
        f"[INFO | {deal.closed:%Y-%m-%dT%H:%M:%S}] {closed}, PNL: {deal.pnl} (0.5%)",
    ]


def jesse_row(deal: Deal) -> str:
    return f"{deal.closed:%Y-%m-%d %H:%M:%S},LTC-USDT,{deal.side},{deal.entry},{deal.exit},{deal.size},{deal.pnl}"


def nautilus(deal: Deal) -> list[str]:
    order = "BUY" if deal.side == "long" else "SELL"

    def event(name: str, at: datetime, closing: str, side: str, left: str, close: str, pnl: str) -> str:
        return (
            f"{at:%Y-%m-%dT%H:%M:%S}.123456789Z [INFO] TRADER-001.Swing: {name}(instrument_id=LTCUSDT-PERP.BINANCE, "
            f"position_id=P-{deal.number}, account_id=BINANCE-001, opening_order_id=O-1, closing_order_id={closing}, "
            f"entry={order}, side={side}, signed_qty={left}, quantity={left}, peak_qty={deal.size}, currency=USDT, "
            f"avg_px_open={deal.entry}, avg_px_close={close}, realized_return=0.01000, realized_pnl={pnl} USDT, "
            f"unrealized_pnl=0.00 USDT, ts_opened={nanoseconds(deal.opened)}, ts_last={nanoseconds(at)}, "
            f"ts_closed={nanoseconds(at)}, duration_ns=1)"
        )

    return [
        event("PositionOpened", deal.opened, "None", deal.side.upper(), deal.size, "0.0", "-0.04"),
        event("PositionClosed", deal.closed, "O-2", "FLAT", "0.0", deal.exit, deal.pnl),
    ]


def nautilus_row(deal: Deal) -> str:
    order = "BUY" if deal.side == "long" else "SELL"
    return (
        f"P-{deal.number},LTCUSDT-PERP.BINANCE,{order},FLAT,{deal.size},{deal.entry},{deal.exit},{deal.pnl} USDT,"
        f"{nanoseconds(deal.opened)},{nanoseconds(deal.closed)}"
    )


def passivbot(deal: Deal) -> list[str]:
    into, out = ("+", "-") if deal.side == "long" else ("-", "+")
    return [
        f"{at:%Y-%m-%dT%H:%M:%S}Z INFO     [fill] {at:%Y-%m-%dT%H:%M:%S} LTC {deal.side} {kind}_grid_{deal.side} "
        f"{sign}{deal.size} @ {price}, pnl={pnl} USDT, fee=0.04 id={kind}{deal.number}"
        for at, kind, sign, price, pnl in (
            (deal.opened, "entry", into, deal.entry, "+0.0"),
            (deal.closed, "close", out, deal.exit, deal.pnl),
        )
    ]


def passivbot_row(deal: Deal) -> str:
    return f"{deal.closed:%Y-%m-%d %H:%M:%S},LTC,{deal.side},{deal.exit},{deal.size},{deal.pnl},close{deal.number}"


class Bot(NamedTuple):
    """What one bot writes of a trade, and where."""

    lines: Callable[[Deal], list[str]]
    row: Callable[[Deal], str]
    header: str
    table: str


BOTS = {
    "jesse": Bot(jesse, jesse_row, "closed_at,symbol,type,entry_price,exit_price,qty,pnl", "trades.csv"),
    "nautilus-trader": Bot(
        nautilus,
        nautilus_row,
        "position_id,instrument_id,entry,side,peak_qty,avg_px_open,avg_px_close,realized_pnl,ts_opened,ts_closed",
        "positions.csv",
    ),
    "passivbot": Bot(passivbot, passivbot_row, "time,symbol,side,price,qty,pnl,id", "trades.csv"),
}


def scan(folder: Path, bot: Bot, rows: Sequence[Deal]) -> dict[str, Any]:
    lines = sorted(
        (line for deal in deals() for line in bot.lines(deal)), key=lambda line: line.lstrip("[INFO| ")
    )
    (folder / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / bot.table).write_text("\n".join([bot.header, *map(bot.row, rows)]) + "\n", encoding="utf-8")
    found: dict[str, Any] = json.loads(
        run(folder, "scan", ".", "--no-cache", "--output-format", "json").stdout
    )
    return found


@pytest.mark.parametrize("name", BOTS)
def test_a_whole_ledger_of_a_known_bot_is_clean(tmp_path: Path, name: str) -> None:
    found = scan(tmp_path, BOTS[name], deals())
    assert found["profile"] == name
    assert (found["summary"]["closes"], found["summary"]["recorded"]) == (7, 7)
    assert [f for f in found["findings"] if f["severity"] == "error"] == []


@pytest.mark.parametrize("name", BOTS)
def test_a_lost_row_of_a_known_bot_is_found(tmp_path: Path, name: str) -> None:
    every = deals()
    found = scan(tmp_path, BOTS[name], [*every[:3], *every[4:]])
    assert (found["summary"]["closes"], found["summary"]["missing"]) == (7, 1)
    (lost,) = [t for t in found["trades"] if t["missing"]]
    assert lost["exit_price"] == every[3].exit
