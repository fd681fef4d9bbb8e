"""Closes that are told hours after a position ended, with no open before them: retries of its close, or new ones."""

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


#: Positions of another market, each ended by one close: they show what a round trip costs.
ADA = [
    (f"09:0{i}:05", f"09:0{i}:30", "ADA-USDT", "0.7310", price, "250")
    for i, price in enumerate(("0.7250", "0.7402", "0.7455"))
]
FIRST = ("09:50:00", "10:10:00", "SOL-USDT", "131.20", "132.40", "6")
RESTART = "2026-04-02 13:49:59.000 | INFO | main:run:1 - Bot started\n" + START.replace("09:00", "13:50")


def named(at: str, entry: str, exit_price: str, size: str, ids: str = "", *, symbol: str = "SOL-USDT") -> str:
    """A close that prints its entry price, and may print ids."""
    return (
        f"2026-04-02 {at}.100 | INFO | exits:close:8 - Trade closed | {symbol} | LONG | "
        f"{entry} -> {exit_price} | net PnL: {net(entry, exit_price, size)}{ids}\n"
    )


def states(folder: Path, late: str, ids: str = "", rows: str = "", asked: str = FIRST[3]) -> list[str]:
    """What comes of late closes after one recorded position of six SOL.

    Args:
        asked: the price that its open prints.
    """
    log = START + "".join(opened(a, s, e, n) + named(b, e, x, n, symbol=s) for a, b, s, e, x, n in ADA)
    log += opened(FIRST[0], FIRST[2], asked, FIRST[5]).replace("\n", f"{ids}\n")
    log += named(FIRST[1], *FIRST[3:], ids) + late
    log += "2026-04-02 15:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
    (folder / "bot.log").write_text(log, encoding="utf-8")
    told = "".join(row(b, s, e, x, n) for _, b, s, e, x, n in [*ADA, FIRST])
    (folder / "trades.csv").write_text(HEADER + told + rows, encoding="utf-8")
    report = build_report(read_case([folder], ScanOptions(jobs=1)))
    found = [t.state.value for t in report.trades if t.log]
    assert found[:4] == ["recorded"] * 4
    return found[4:]


NEW = [
    ("14:00:00", "140.20", "143.40", "6"),
    ("14:20:00", "144.90", "141.00", "6"),
    ("14:40:00", "139.40", "142.80", "6"),
]


@pytest.mark.parametrize("between", ["", RESTART, START.replace("09:00", "13:50")])
def test_an_entry_price_of_their_own_makes_late_closes_new_trades_of_a_bot_of_one_size(
    tmp_path: Path, between: str
) -> None:
    late = "".join(named(*one) for one in NEW)
    assert states(tmp_path, between + late) == ["silent-drop"] * 3


def test_late_closes_beside_recorded_ones_are_lost(tmp_path: Path) -> None:
    kept = row("14:00:00", "SOL-USDT", *NEW[0][1:]) + row("14:20:00", "SOL-USDT", *NEW[1][1:])
    late = "".join(named(*one) for one in NEW)
    assert states(tmp_path, late, rows=kept) == ["recorded", "recorded", "silent-drop"]


@pytest.mark.parametrize("between", ["", RESTART])
@pytest.mark.parametrize(
    ("price", "asked", "told"),
    [
        ("131.20", "131.20", []),
        ("131.20", "131.15", []),  # the open prints what was asked for, the close what it had
        ("131.90", "131.20", ["silent-drop"]),
    ],
)
def test_a_late_close_that_prints_the_entry_price_of_the_old_one_is_its_repeat(
    tmp_path: Path, between: str, price: str, asked: str, told: list[str]
) -> None:
    assert states(tmp_path, between + named("14:10:00", price, "133.10", "6"), asked=asked) == told


@pytest.mark.parametrize(("trade", "state"), [("A17", []), ("B22", ["silent-drop"])])
def test_an_id_of_its_own_makes_a_late_close_a_new_trade(
    tmp_path: Path, trade: str, state: list[str]
) -> None:
    late = named("14:10:00", "131.20", "133.10", "6", f" trade_id={trade}")
    assert states(tmp_path, late, " trade_id=A17") == state


@pytest.mark.parametrize(("ids", "state"), [("", "unverifiable"), (" trade_id=B22", "silent-drop")])
def test_an_id_counts_where_no_entry_price_is_printed(tmp_path: Path, ids: str, state: str) -> None:
    late = ended("14:10:00", "SOL-USDT", "131.20", "133.10", "6").replace("\n", f"{ids}\n")
    assert states(tmp_path, late, " trade_id=A17") == [state]


def test_a_result_that_is_little_but_costs_is_no_sign_of_the_old_position(tmp_path: Path) -> None:
    """It would fit ten times the size as well; beside one that fits the size alone it may be of the same retries."""
    hidden = [
        ended(at, "SOL-USDT", "131.20", x, "6") for at, x in (("14:10:00", "131.34"), ("14:20:00", "133.10"))
    ]
    (tmp_path / "lone").mkdir()
    (tmp_path / "loop").mkdir()
    assert states(tmp_path / "lone", hidden[0]) == ["silent-drop"]
    assert states(tmp_path / "loop", "".join(hidden)) == ["unverifiable"] * 2


def test_a_vague_result_of_another_entry_price_is_a_new_trade(tmp_path: Path) -> None:
    assert states(tmp_path, named("14:10:00", "140.20", "140.34", "60")) == ["silent-drop"]
