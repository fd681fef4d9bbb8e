"""Two handlers with two layouts write one file: the lines of a block and of its copy alternate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import logaudit
from logaudit.core.report import Report

SYMBOLS = ("LTC-USDT", "ETH-USDT", "SOL-USDT", "ADA-USDT")
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl"


def block(n: int) -> list[tuple[str, str]]:
    """Time and text of the records of one trade."""
    start = f"2026-04-02 09:{10 * n:02}"
    symbol = SYMBOLS[n]
    return [
        (f"{start}:05,120", f"Opened long position {symbol} @ {84 + n}.25 size={n + 1}.5"),
        (f"{start}:45,310", f"POSITION CLOSED: {symbol} LONG"),
        (f"{start}:45,310", f"   Entry price: ${84 + n}.25"),
        (f"{start}:45,311", f"   Exit price: ${85 + n}.75"),
        (f"{start}:45,311", f"   Net PnL: ${n + 1}.41 USDT"),
        (f"{start}:45,330", f"Trade saved to ledger: {symbol} long"),
    ]


def scan(folder: Path, layouts: Sequence[str], kept: Sequence[int], cut: int = 0) -> Report:
    """The report on the log of four trades, of whose lines the first ``cut`` are in a file of their own."""
    lines = [
        f"{at} [INFO] {layout}{text}"
        for n in range(len(SYMBOLS))
        for at, text in block(n)
        for layout in layouts
    ]
    for name, part in (("bot.log.1", lines[:cut]), ("bot.log", lines[cut:])):
        if part:
            (folder / name).write_text("\n".join(part) + "\n", encoding="utf-8")
    rows = [
        f"2026-04-02 09:{10 * n:02}:45.310,{SYMBOLS[n]},long,{84 + n}.25,{85 + n}.75,{n + 1}.5,{n + 1}.41"
        for n in kept
    ]
    (folder / "trades.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


def test_each_close_is_one(tmp_path: Path) -> None:
    report = scan(tmp_path, ("app.exits: ", ""), range(4))
    assert (report.summary.closes, report.summary.recorded) == (4, 4)
    assert not [f for f in report.findings if f.severity == "error"]


def test_a_close_without_a_row_is_one_loss(tmp_path: Path) -> None:
    report = scan(tmp_path, ("app.exits: ", ""), (0, 1, 3))
    assert (report.summary.closes, report.summary.missing) == (4, 1)


#: The twelve lines of each trade end with a close of five lines, each told twice, and what the recorder says.
CUTS = range(14, 24)


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("layouts", [("app.exits: ", ""), ("", "app.exits: ")])
def test_each_close_is_one_wherever_the_log_is_rotated(
    tmp_path: Path, layouts: Sequence[str], cut: int
) -> None:
    """Of a block that is cut each copy has some of the values."""
    report = scan(tmp_path, layouts, range(4), cut)
    assert (report.summary.closes, report.summary.recorded) == (4, 4)
    assert not [f for f in report.findings if f.severity == "error"]


@pytest.mark.parametrize("cut", CUTS)
def test_a_close_without_a_row_is_one_loss_wherever_the_log_is_rotated(tmp_path: Path, cut: int) -> None:
    report = scan(tmp_path, ("app.exits: ", ""), (0, 2, 3), cut)
    assert (report.summary.closes, report.summary.missing) == (4, 1)
