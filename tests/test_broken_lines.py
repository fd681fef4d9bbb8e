"""A log without a last line end, as where it was cut: the value that its last line breaks off in may go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,net_pnl\n"
START = "2026-05-07 08:00:00.000 | INFO | app:run:2 - Bot started\n"
LAST = ("09:40:17.551", "XRP-USDT", "2.4075", "2.4310", "14.87")
TRADES = (
    ("08:12:30.104", "SOL-USDT", "151.80", "152.95", "9.61"),
    ("08:44:51.331", "ADA-USDT", "0.8312", "0.8345", "6.31"),
    ("09:05:09.862", "LTC-USDT", "92.05", "93.10", "-4.02"),
    LAST,
)


def line(trade: tuple[str, ...]) -> str:
    at, symbol, entry, out, pnl = trade
    return (
        f"2026-05-07 {at} | INFO | exits:close:8 - Position closed: {symbol} long entry={entry} exit={out} "
        f"pnl={pnl}\n"
    )


def row(trade: tuple[str, ...], at: str = "") -> str:
    told, symbol, entry, out, pnl = trade
    return f"2026-05-07 {at or told[:8]},{symbol},long,{entry},{out},{pnl}\n"


def scan(folder: Path, log: str, *rows: str, **others: str) -> Report:
    (folder / "bot.log").write_text(log, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    for name, text in others.items():
        (folder / f"{name}.log").write_text(text, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def states(report: Report) -> dict[str, str]:
    return {trade.symbol: trade.state.value for trade in report.trades if trade.log}


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


LOG = START + "".join(map(line, TRADES))
ROWS = tuple(map(row, TRADES))


def test_a_recorded_close_stays_recorded_or_in_doubt_wherever_its_line_is_cut(tmp_path):
    begins = LOG.rindex("2026-05-07")
    for end in range(begins, len(LOG)):
        report = scan(tmp_path, LOG[:end], *ROWS)
        lost = [t.symbol for t in report.trades if t.state.value not in {"recorded", "unverifiable"}]
        assert not lost, LOG[begins:end]
        assert not [f for f in report.findings if f.severity.value != "note"], LOG[begins:end]


def test_a_market_that_breaks_off_may_be_that_of_a_row_without_a_close(tmp_path):
    cut = LOG[: LOG.index("XRP-USD") + len("XRP-USD")]
    assert states(scan(tmp_path, cut, *ROWS))["XRP-USD"] == "unverifiable"


@pytest.mark.parametrize(
    ("end", "rows"),
    [
        ("\n", ROWS),  # the line has its end: the bot names another market
        ("", ROWS[:3]),  # no row is left over
        ("", (*ROWS[:3], row(LAST, "08:20:00"))),  # one that is far from it
        ("", (*ROWS[:3], row(("09:40:17.551", "XLM-USDT", "2.4075", "2.4310", "14.87")))),
    ],
)
def test_it_is_lost_where_no_row_can_be_its(tmp_path, end, rows):
    cut = LOG[: LOG.index("XRP-USD") + len("XRP-USD")]
    assert states(scan(tmp_path, cut + end, *rows))["XRP-USD"] == "silent-drop"


@pytest.mark.parametrize("lacks", ["XRP-USDT", "XRP-USDT long", "pnl=14.8", "pnl=14.87"])
def test_a_lost_close_is_lost_though_its_line_has_no_end(tmp_path, lacks):
    cut = LOG[: LOG.rindex(lacks) + len(lacks)]
    report = scan(tmp_path, cut, *ROWS[:3])
    assert states(report)["XRP-USDT"] == "silent-drop"
    assert "LA101" in rules(report)


@pytest.mark.parametrize(("end", "differs"), [("", False), ("\n", True)])
@pytest.mark.parametrize("shown", ["entry=2.4", "exit=2.43", "pnl=14.8", "pnl=1"])
def test_a_number_that_breaks_off_does_not_differ_from_its_row(tmp_path, shown, end, differs):
    cut = LOG[: LOG.rindex(shown) + len(shown)] + end
    report = scan(tmp_path, cut, *ROWS)
    assert states(report)["XRP-USDT"] == "recorded"
    # The digits of "2.4" are those of 2.4075 as far as they go, with or without an end.
    assert ("LA106" in rules(report)) is (differs and shown == "pnl=1")


def test_another_number_differs_though_the_line_has_no_end(tmp_path):
    other = (*LAST[:4], "17.84")
    report = scan(tmp_path, (START + "".join(map(line, (*TRADES[:3], other)))).removesuffix("\n"), *ROWS)
    assert "LA106" in rules(report)


@pytest.mark.parametrize("shown", ["XRP-USD", "XRP-USDT long entry=2"])
def test_what_another_file_tells_whole_is_no_loss_where_one_breaks_off(tmp_path, shown):
    cut = LOG[: LOG.index(shown) + len(shown)]
    report = scan(tmp_path, LOG, *ROWS, debug=cut)
    assert sorted(t.state.value for t in report.trades)[:4] == ["recorded"] * 4
    assert not report.summary.missing
    assert "LA101" not in rules(report)


def test_another_trade_of_the_market_in_another_file_is_not_the_one_that_has_no_line_end(tmp_path):
    """Two bots close at once, at prices of their own; one of the two has no row."""
    other = (LAST[0], LAST[1], "2.5120", "2.5066", "-3.31")
    report = scan(tmp_path, LOG.removesuffix("\n"), *ROWS[:3], row(other), second=START + line(other))
    lost = [str(trade.net_pnl) for trade in report.trades if trade.missing]
    assert lost == [LAST[4]]


def test_a_row_at_other_prices_is_not_its(tmp_path):
    other = row((LAST[0], LAST[1], "2.5120", "2.5066", "-3.31"), "09:40:12")
    report = scan(tmp_path, LOG.removesuffix("\n"), *ROWS[:3], other)
    assert [str(trade.net_pnl) for trade in report.trades if trade.missing] == [LAST[4]]
