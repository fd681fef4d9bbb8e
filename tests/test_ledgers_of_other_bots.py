"""Ledgers as other bots write them: a day's sums, results after a fee that the log leaves out."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

import logaudit
from logaudit.core.report import Report
from logaudit.core.timestamp import us_of
from logaudit.core.trades import TradeState
from logaudit.renderers import step_summary, text
from logaudit.renderers.positions import trades_table
from logaudit.renderers.registry import renderer
from logaudit.renderers.style import PLAIN
from logaudit.renderers.watch_text import lost_line
from logaudit.rules import rulebook

START = datetime(2026, 5, 14, 8, 0)  # noqa: DTZ001 - as a log without an offset writes it
#: Market, entry, exit and size of long trades; every result differs.
TRADES = (
    ("ETHUSDT", "3053.31", "2996.70", "0.548"),
    ("BTCUSDT", "57602.59", "57450.10", "0.480"),
    ("SOLUSDT", "151.22", "153.05", "2.310"),
    ("ETHUSDT", "3010.40", "3081.90", "1.390"),
    ("XRPUSDT", "0.61", "0.60", "1.346"),
)
FEE = Decimal("0.0005")


def result(entry: str, out: str, size: str) -> Decimal:
    return ((Decimal(out) - Decimal(entry)) * Decimal(size)).quantize(Decimal("0.0001"))


def at(number: int) -> datetime:
    return START + timedelta(minutes=31 * number)


def scanned(folder: Path, header: str, rows: list[str]) -> Report:
    lines = []
    for number, (symbol, entry, out, size) in enumerate(TRADES):
        opened, closed = at(number) - timedelta(minutes=7), at(number)
        lines += [
            f"{opened} | INFO     | bot.core:enter:51 - Opened LONG {symbol} qty={size} entry={entry}",
            (
                f"{closed} | INFO     | bot.core:leave:97 - Closed LONG {symbol} qty={size} entry={entry} "
                f"exit={out} pnl={result(entry, out, size):+} USDT"
            ),
        ]
    (folder / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "trades.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def test_a_table_of_daily_sums_loses_no_trade(tmp_path: Path) -> None:
    rows = [f"2026-05-14,{symbol},1,{result(*more)}" for symbol, *more in TRADES]
    report = scanned(tmp_path, "date,symbol,trades,pnl", rows)
    assert {trade.state for trade in report.trades} == {TradeState.UNVERIFIABLE}
    (finding,) = [f for f in report.findings if f.rule == "LA203"]
    assert "None of the 5 rows of trades.csv can be placed in time" in str(finding.message)
    assert "LA101" not in rules(report)


@pytest.mark.parametrize("kept", ["net", "net_pnl"])
def test_a_net_result_is_the_logs_less_the_fee_that_the_row_shows(tmp_path: Path, kept: str) -> None:
    """To two digits the smallest trade's fee does not show: it neither makes nor breaks the rule."""
    rows = []
    for number, (symbol, entry, out, size) in enumerate(TRADES):
        fee = (Decimal(entry) * Decimal(size) * FEE).quantize(Decimal("0.0001"))
        net = (result(entry, out, size) - fee).quantize(Decimal("0.01"))
        rows.append(f"{at(number)},{symbol},LONG,{size},{entry},{out},{fee},{net}")
    report = scanned(tmp_path, f"closed_at,symbol,side,size,entry,exit,fees,{kept}", rows)
    assert {trade.state for trade in report.trades} == {TradeState.RECORDED}
    (finding,) = [f for f in report.findings if f.rule == "LA208"]
    assert finding.data["kind"] == "after-fee"
    assert "LA106" not in rules(report)


def lost_of_gross(folder: Path) -> Report:
    """Rows show the log's results to be before the fee; those of the third and the fourth trade are missing."""
    rows = []
    for number, (symbol, entry, out, size) in enumerate(TRADES):
        fee = (Decimal(entry) * Decimal(size) * FEE).quantize(Decimal("0.0001"))
        net = result(entry, out, size) - fee
        rows.append(f"{at(number)},{symbol},LONG,{size},{entry},{out},{fee},{net}")
    return scanned(folder, "closed_at,symbol,side,size,entry,exit,fees,net_pnl", rows[:2] + rows[4:])


@pytest.mark.parametrize(
    "form", ["text", "markdown", "html", "github", "junit", "gitlab", "sarif", "summary"]
)
def test_what_is_gross_is_called_gross_wherever_it_is_told(tmp_path: Path, form: str) -> None:
    """The two lost closes, +4.2273 and +99.3850, are called what the sum is called."""
    report = lost_of_gross(tmp_path)
    assert {f.rule for f in report.findings} >= {"LA101", "LA102"}
    if form == "summary":
        told = step_summary.render(report)
    else:
        told = str(renderer(form).render(report, replace(PLAIN, rulebook=rulebook)))
    shown = [line for line in told.splitlines() if "103.6123" in line or "+99.3850" in line]
    assert any("gross PnL" in line for line in shown)
    assert not any("net PnL" in line.lower() for line in shown)


def test_tables_of_trades_and_the_watch_call_it_gross_too(tmp_path: Path) -> None:
    report = lost_of_gross(tmp_path)
    assert "; 2 not recorded, gross PnL +103.6123" in trades_table(report.trades)
    assert "gross PnL +99.3850" in lost_line(next(t for t in report.trades if t.closed.us == us_of(at(3))))
    assert all(position.gross_only for position in report.positions)


def test_a_result_that_equals_the_logs_is_no_convention(tmp_path: Path) -> None:
    rows = [
        f"{at(number)},{symbol},LONG,{size},{entry},{out},0.0210,{result(entry, out, size)}"
        for number, (symbol, entry, out, size) in enumerate(TRADES)
    ]
    report = scanned(tmp_path, "closed_at,symbol,side,size,entry,exit,fees,net_pnl", rows)
    assert not {"LA106", "LA208"} & rules(report)


def test_values_that_differ_stand_side_by_side(tmp_path: Path) -> None:
    """Two rows show another exit price: the table names the field and both values."""
    rows = []
    for number, (symbol, entry, out, size) in enumerate(TRADES):
        wrong = {1: "57480.10", 3: "3180.90"}.get(number, out)
        rows.append(f"{at(number)},{symbol},LONG,{size},{entry},{wrong},{result(entry, out, size)}")
    report = scanned(tmp_path, "closed_at,symbol,side,size,entry,exit,net_pnl", rows)
    assert [f.rule for f in report.findings].count("LA106") == 2
    lines = [line.split() for line in text.render(report).splitlines()]
    assert ["2026-05-14", "08:31:00", "BTCUSDT", "exit_price", "57450.10", "57480.10"] in lines
    assert ["2026-05-14", "09:33:00", "ETHUSDT", "exit_price", "3081.90", "3180.90"] in lines


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (",,LONG,0.480,57602.59,57450.10,-73.1952", TradeState.UNVERIFIABLE),
        (",,LONG,7.310,41.53,42.99,10.6726", TradeState.SILENT_DROP),
    ],
)
def test_a_row_that_lacks_its_market_may_be_that_of_a_close_whose_numbers_it_shows(
    tmp_path: Path, row: str, state: TradeState
) -> None:
    """The second close has no row of its market; a row of another day without one shows its numbers, or others."""
    rows = [
        f"{at(number)},{symbol},LONG,{size},{entry},{out},{result(entry, out, size)}"
        for number, (symbol, entry, out, size) in enumerate(TRADES)
    ]
    rows[1] = f"{at(1) + timedelta(days=3)}{row}"
    report = scanned(tmp_path, "closed_at,symbol,side,size,entry,exit,net_pnl", rows)
    (trade,) = [t for t in report.trades if t.state is not TradeState.RECORDED]
    assert (trade.symbol, trade.state) == ("BTCUSDT", state)


#: Market, exit, size of a short and its result before fees, with the price it was entered at.
SHORTS = (
    ("LTCUSDT", "84.17", "12.40", "84.90"),
    ("ATOMUSDT", "7.613", "190.00", "7.702"),
    ("LTCUSDT", "83.55", "12.40", "83.21"),
    ("DOTUSDT", "5.918", "210.00", "6.004"),
)


def of_the_venue(folder: Path, moved: list[timedelta], lost: tuple[str, ...] = ()) -> Report:
    """A log that tells exit and gross result, and a ledger of what the venue booked: after fees, one without a row.

    Args:
        moved: what separates each row from its close.
        lost: the exits of further closes of the first market, none of which has a row.
    """
    lines, rows = [], []
    for number, (symbol, out, size, entry) in enumerate(SHORTS):
        gross = (Decimal(entry) - Decimal(out)) * Decimal(size)
        lines.append(
            f"{at(number)} | INFO     | bot.core:leave:97 - Closed SHORT {symbol} exit={out} pnl={gross:+.2f} USDT"
        )
        booked = at(number) + moved[number] + timedelta(seconds=4 + 2 * number)
        net = gross - Decimal(size) * (Decimal(entry) + Decimal(out)) * FEE
        rows.append(f"{booked},{symbol},SHORT,{size},{entry},{out},{net:.4f}")
    lines += [
        f"{at(number)} | INFO     | bot.core:leave:97 - Closed SHORT LTCUSDT exit={out} pnl=-3.{number}7 USDT"
        for number, out in enumerate(lost, len(SHORTS))
    ]
    lines.append(f"{at(40)} | INFO     | bot.core:idle:9 - Waiting")
    lines.insert(0, f"{at(-40)} | INFO     | bot.core:idle:9 - Waiting")
    (folder / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    del rows[1]
    header = "closed_at,symbol,side,size,entry,exit,net_pnl"
    (folder / "trades.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


def test_one_clock_of_many_exits_holds_though_results_differ(tmp_path: Path) -> None:
    """Three rows bear the exits of their closes, five and a half hours before and after fees; the fourth is lost."""
    report = of_the_venue(tmp_path, [timedelta(hours=-5, minutes=-30)] * len(SHORTS))
    states = {trade.symbol: trade.state for trade in report.trades}
    assert states["ATOMUSDT"] is TradeState.SILENT_DROP
    assert [t.state for t in report.trades].count(TradeState.RECORDED) == 3


def test_a_clock_of_three_rows_among_many_losses_takes_them_from_the_lost(tmp_path: Path) -> None:
    """Where most closes have no row no clock is claimed, and the three that show their exits are not called lost."""
    away = [timedelta(hours=-5, minutes=-30)] * len(SHORTS)
    report = of_the_venue(tmp_path, away, ("81.02", "80.55", "79.91", "78.36", "77.15"))
    lost = [t for t in report.trades if t.state is TradeState.SILENT_DROP]
    assert len(lost) == 1 + 5
    assert [t.symbol for t in report.trades if t.state is TradeState.RECORDED] == [
        "LTCUSDT",
        "LTCUSDT",
        "DOTUSDT",
    ]


def test_exits_that_agree_at_no_one_distance_prove_no_clock(tmp_path: Path) -> None:
    moved = [timedelta(hours=hours, minutes=7) for hours in (-3, 0, 4, 6)]
    report = of_the_venue(tmp_path, moved)
    assert not any(t.state is TradeState.RECORDED for t in report.trades)
    assert "LA303" not in rules(report)
