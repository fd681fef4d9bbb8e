"""Closes that name neither market nor side: the open before them tells what they end, where one can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

import logaudit
from logaudit.core.report import Report
from logaudit.core.trades import TradeState

START = datetime(2026, 2, 10, 9, 0)  # noqa: DTZ001 - the bot's own clock
PROFILE = r"""
schema = 1
name = "bare"
title = "closes without a market"
[[formats]]
format = "{time:YYYY-MM-DD HH:mm:ss.SSS} | {level: <8} | {name}:{function}:{line} - {message}"
[[patterns]]
id = "opened"
event = "position-opened"
regex = '^Opened (?P<side>long|short) %{SYMBOL:symbol} @ %{NUMBER:entry_price} size=%{NUMBER:size}'
samples = [{ line = "Opened long BTC-USDT @ 84.1 size=2" }]
[[patterns]]
id = "closed"
event = "position-closed"
regex = '^Position closed @ %{NUMBER:exit_price}(?: size=%{NUMBER:size})?(?:, pnl=%{NUMBER:pnl})?'
samples = [{ line = "Position closed @ 84.1 size=2, pnl=2" }]
[[patterns]]
id = "summary"
event = "position-closed"
regex = '^Result of the trade: %{NUMBER:pnl}'
samples = [{ line = "Result of the trade: 2" }]
"""


class Deal(NamedTuple):
    """One position; numbers as text."""

    symbol: str
    side: str
    opened: datetime
    closed: datetime
    size: str
    entry: str
    out: str

    @property
    def pnl(self) -> Decimal:
        moved = (Decimal(self.out) - Decimal(self.entry)) * Decimal(self.size)
        return moved if self.side == "long" else -moved


def deals(minutes: int = 20) -> list[Deal]:
    """Six positions of two markets; each begins ``minutes`` after the one before and ends 8 to 13 after its begin."""
    found = []
    for i in range(6):
        opened = START + timedelta(minutes=minutes * i)
        closed = opened + timedelta(minutes=8 + i)
        market, side = ("BTC-USDT", "ETH-USDT")[i % 2], ("long", "short")[i % 3 == 1]
        prices = f"{100 + 3 * i}.25", f"{102 + 4 * i}.75"
        found.append(Deal(market, side, opened, closed, f"1.{i}5", *prices))
    return found


def scanned(folder: Path, told: Sequence[Deal], kept: Sequence[Deal], *, extra: Sequence[str] = ()) -> Report:
    logs = folder / "logs"
    logs.mkdir()
    lines = list(extra)
    for d in told:
        lines += [
            f"{d.opened}.100 | INFO     | bot:open:3 - Opened {d.side} {d.symbol} @ {d.entry} size={d.size}",
            f"{d.closed}.200 | INFO     | bot:close:9 - Position closed @ {d.out}, pnl={d.pnl}",
            f"{d.closed}.900 | INFO     | bot:tell:4 - Result of the trade: {d.pnl}",
        ]
    (logs / "bot.log").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    rows = [f"{d.opened},{d.closed},{d.symbol},{d.side},{d.size},{d.entry},{d.out},{d.pnl}" for d in kept]
    header = "opened_at,closed_at,symbol,side,size,entry_price,exit_price,pnl"
    (logs / "trades.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (folder / "bare.toml").write_text(PROFILE, encoding="utf-8")
    return logaudit.scan(logs, profile=str(folder / "bare.toml"))


def test_the_open_before_names_market_and_side(tmp_path: Path) -> None:
    told = deals()
    report = scanned(tmp_path, told, [d for d in told if d is not told[3]])
    (lost,) = [f for f in report.findings if f.rule == "LA101"]
    assert (lost.data["symbol"], lost.data["side"]) == (told[3].symbol, told[3].side)
    assert (report.summary.closes, report.summary.recorded, report.summary.repeats) == (6, 5, 6)
    assert not {"LA208", "LA502", "LA105"} & {f.rule for f in report.findings}


def test_a_whole_ledger_is_clean(tmp_path: Path) -> None:
    report = scanned(tmp_path, deals(), deals())
    assert (report.summary.closes, report.summary.recorded) == (6, 6)
    assert not report.findings


@pytest.mark.parametrize("missing", [1, 2])
def test_of_several_positions_in_play_none_is_said_to_be_lost(tmp_path: Path, missing: int) -> None:
    """Each position begins while the one before is held: a close without a market may be of either."""
    told = deals(minutes=5)
    report = scanned(tmp_path, told, [d for d in told if d is not told[missing]])
    assert "LA101" not in {f.rule for f in report.findings}
    assert TradeState.SILENT_DROP not in report.summary.states


def test_sizes_tell_that_a_part_is_left(tmp_path: Path) -> None:
    """A part of the first position is closed while nothing else is held; what is left ends later."""
    told = deals()
    half = told[0].opened + timedelta(minutes=3)
    line = f"{half}.500 | INFO     | bot:close:9 - Position closed @ 101.55 size=0.5, pnl=0.65"
    part = told[0]._replace(closed=half, size="0.5", out="101.55")
    report = scanned(tmp_path, told, [part, *told], extra=[line])
    assert {t.symbol for t in report.trades} == {"BTC-USDT", "ETH-USDT"}
    assert [t.symbol for t in report.trades[:2]] == ["BTC-USDT", "BTC-USDT"]
    assert not {"LA101", "LA208", "LA501"} & {f.rule for f in report.findings}
