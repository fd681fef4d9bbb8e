"""Closes that are told after a silence of the log, with no open before them: retries of an old close, or new ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
START = "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
#: Of the exit price: what both orders of a round trip cost.
COSTS = Decimal("0.001")


def net(entry: str, exit_price: str, size: str) -> str:
    price = Decimal(exit_price)
    return f"{(price - Decimal(entry)) * Decimal(size) - price * Decimal(size) * COSTS:.4f}"


def opened(at: str, symbol: str, entry: str, size: str) -> str:
    return f"2026-04-02 {at}.000 | INFO | entries:enter:5 - Position opened: {symbol} long {size} @ {entry}\n"


def ended(at: str, symbol: str, entry: str, exit_price: str, size: str) -> str:
    """A close that prints neither its entry price nor its size."""
    return (
        f"2026-04-02 {at}.100 | INFO | exits:close:8 - "
        f"[{symbol}] LONG closed at {exit_price}, PnL: $" + net(entry, exit_price, size) + ", reason: tp\n"
    )


def row(at: str, symbol: str, entry: str, exit_price: str, size: str) -> str:
    return f"2026-04-02 {at}.100,{symbol},long,{entry},{exit_price},{size},{net(entry, exit_price, size)}\n"


def beats(first: int, last: int) -> str:
    """A line each minute of the day."""
    return "".join(
        f"2026-04-02 {m // 60:02}:{m % 60:02}:31.000 | INFO | loop:beat:4 - Heartbeat ok\n"
        for m in range(first, last)
    )


TRADES = [
    ("09:05:00", "09:20:00", "ETH-USDT", "2514.48", "2512.21", "0.03"),
    ("09:07:00", "09:31:00", "ADA-USDT", "0.7310", "0.7402", "250"),
    ("09:12:00", "09:43:00", "SOL-USDT", "131.20", "130.40", "4"),
    ("09:25:00", "09:52:00", "XRP-USDT", "0.5120", "0.5211", "310"),
]


@pytest.mark.parametrize(
    ("entry", "size", "state"), [("2514.48", "0.03", "unverifiable"), ("2490.10", "0.2", "silent-drop")]
)
def test_what_follows_from_the_position_before_the_silence_may_be_a_retry(
    tmp_path: Path, entry: str, size: str, state: str
) -> None:
    """In six hours the market may have been opened anew; the results still say whose price and size they are of."""
    told = "".join(opened(a, s, e, n) + ended(b, s, e, x, n) for a, b, s, e, x, n in TRADES)
    late = "".join(
        ended(f"16:1{i}:00", "ETH-USDT", entry, price, size)
        for i, price in enumerate(("2512.10", "2511.87", "2512.46"))
    )
    lines = (told + beats(9 * 60, 10 * 60)).splitlines(keepends=True)
    log = START + "".join(sorted(lines)) + late + beats(16 * 60 + 13, 16 * 60 + 30)
    (tmp_path / "bot.log").write_text(log, encoding="utf-8")
    (tmp_path / "trades.csv").write_text(
        HEADER + "".join(row(b, s, e, x, n) for _, b, s, e, x, n in TRADES), encoding="utf-8"
    )
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert [t.state.value for t in report.trades if t.log] == ["recorded"] * 4 + [state] * 3
