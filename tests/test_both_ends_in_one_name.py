"""A terminal: both ends of a position are deals in the same words, and columns of both ends bear one name."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import logaudit
from logaudit.core.report import Report
from logaudit.ledger.columns import named_columns
from logaudit.profiles.profile import LedgerSpec

START = datetime(2026, 5, 14, 8, 0)  # noqa: DTZ001 - the terminal's own clock
MARKETS = ("SOLUSDT", "BTCUSDT", "XRPUSDT")


class Position(NamedTuple):
    """A position; numbers as text."""

    number: int
    symbol: str
    long: bool
    opened: datetime
    closed: datetime
    entry: str
    exit: str
    size: str


def positions() -> list[Position]:
    found = []
    for i in range(26):
        opened = START + timedelta(minutes=31 * i + i * i % 7)
        entry = Decimal(3000 + 37 * i) + Decimal(i % 7) / 8
        out = entry + Decimal((-1) ** (i // 2) * (11 + i)) / 4
        closed = opened + timedelta(minutes=2 + i % 3, seconds=i)
        found.append(
            Position(
                i, MARKETS[i % 3], i * 7 % 3 != 0, opened, closed, str(entry), str(out), f"0.{31 + 3 * i}"
            )
        )
    return found


def write_log(folder: Path) -> None:
    lines = []
    for p in positions():
        words = ("buy", "sell") if p.long else ("sell", "buy")
        for number, (at, word, price) in enumerate(
            ((p.opened, words[0], p.entry), (p.closed, words[1], p.exit)), 2 * p.number
        ):
            lines.append(
                f"{at:%Y.%m.%d %H:%M:%S}.120\tTrades\t'1200': deal #{number} {word} {p.size} {p.symbol} at {price} done"
            )
    (folder / "20260514.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def scan(folder: Path, header: str, *, both: bool) -> Report:
    write_log(folder)
    rows = []
    for p in positions():
        side = "buy" if p.long else "sell"
        pnl = (Decimal(p.exit) - Decimal(p.entry)) * Decimal(p.size) * (1 if p.long else -1)
        end = f";{p.closed:%Y.%m.%d %H:%M:%S};{p.exit}" if both else ""
        rows.append(
            f"{p.opened:%Y.%m.%d %H:%M:%S};{p.number};{p.symbol};{side};{p.size};{p.entry}{end};{pnl:.2f}"
        )
    (folder / "positions.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


def test_of_two_columns_of_one_name_the_first_is_that_of_the_open() -> None:
    header = ["Time", "Position", "Symbol", "Type", "Volume", "Price", "Time", "Price", "Profit"]
    known = named_columns(header, LedgerSpec())
    assert (known["opened"], known["entry_price"], known["closed"], known["exit_price"]) == (0, 5, 6, 7)


def test_three_columns_of_one_name_say_nothing() -> None:
    known = named_columns(["Time", "Symbol", "Price", "Price", "Price"], LedgerSpec())
    assert "entry_price" not in known


def test_both_ends_in_the_same_words_are_no_losses(tmp_path: Path) -> None:
    report = scan(tmp_path, "Time;Position;Symbol;Type;Volume;Price;Time;Price;Profit", both=True)
    assert report.summary.missing == 0
    assert not [f for f in report.findings if f.severity == "error"]


def test_prices_of_opens_under_the_name_of_any_price_make_no_losses(tmp_path: Path) -> None:
    """What is learned are the sales that opened shorts; the sales that closed longs have no row at those prices."""
    report = scan(tmp_path, "Time;Position;Symbol;Type;Volume;Price;Profit", both=False)
    assert report.summary.missing == 0
    assert not [f for f in report.findings if f.severity == "error"]
