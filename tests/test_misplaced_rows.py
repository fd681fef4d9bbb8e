"""Rows at another time than their closes that differ in more than that: a unit, a row a fill, a figure."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
START = "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
END = "2026-04-02 11:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
TRADES = (
    ("09:11:37.104", "SOL-USDT", "131.80", "131.95", "7", "0.9231"),
    ("09:24:52.331", "ADA-USDT", "0.7312", "0.7345", "210", "0.6312"),
    ("09:41:19.862", "SOL-USDT", "132.05", "133.10", "4", "4.0177"),
    ("10:02:45.507", "ADA-USDT", "0.7350", "0.7331", "180", "-0.4105"),
    ("10:37:08.219", "SOL-USDT", "133.40", "132.85", "5", "-2.9143"),
)


def log(*trades: tuple[str, ...]) -> str:
    return "".join(
        f"2026-04-02 {at} | INFO | exits:close:8 - Position closed: {symbol} long entry={entry} exit={out} "
        f"size={size} net_pnl={pnl}\n"
        for at, symbol, entry, out, size, pnl in trades
    )


def row(trade: tuple[str, ...], at: str = "", size: str = "", pnl: str = "") -> str:
    return (
        f"{at or f'2026-04-02 {trade[0]}'},{trade[1]},long,{trade[2]},{trade[3]},{size or trade[4]},"
        f"{pnl or trade[5]}"
    )


def scan(folder: Path, told: str, *rows: str) -> Report:
    (folder / "bot.log").write_text(START + told + END, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def states(report: Report) -> list[str]:
    return [trade.state.value for trade in report.trades if trade.log]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    ("at", "pnl", "state"),
    [
        ("2026-04-01 09:41:19.862", "40.1770", "recorded"),  # ten times as much: contracts for coins
        ("2026-04-02 09:43:31.862", "0.0402", "recorded"),
        (
            "2026-04-01 09:41:19.862",
            "3.1177",
            "unverifiable",
        ),  # no power of ten: a wrong figure, or another trade
    ],
)
def test_prices_and_size_make_a_misplaced_row_a_close_s_though_its_money_is_another(tmp_path, at, pnl, state):
    rows = [row(trade) for trade in TRADES]
    rows[2] = row(TRADES[2], at, pnl=pnl)
    report = scan(tmp_path, log(*TRADES), *rows)
    assert states(report) == ["recorded", "recorded", state, "recorded", "recorded"]
    assert rules(report).isdisjoint({"LA101", "LA105"})
    assert ("LA106" in rules(report)) is (state == "recorded")


#: On candles of a quarter of an hour.
BY_CANDLES = (
    ("09:15:01.104", *TRADES[0][1:]),
    ("09:30:01.331", *TRADES[1][1:]),
    ("09:45:00.862", *TRADES[2][1:]),
    ("10:00:01.507", *TRADES[3][1:]),
    ("10:30:02.219", *TRADES[4][1:]),
)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-04-02 11:15:01.700", "silent-drop"),
        ("2026-04-01 09:45:00.862", "silent-drop"),  # on the day before candles end at the same times
        ("2026-04-02 09:48:31.700", "unverifiable"),  # minutes later
    ],
)
def test_hours_from_a_close_prices_and_size_with_other_money_are_another_trade_s_where_the_clock_is_proven(
    tmp_path, at, state
):
    """All trades that follow candles lie a difference of clocks apart."""
    rows = [row(trade) for trade in BY_CANDLES]
    rows[2] = row(BY_CANDLES[2], at, pnl="3.1177")
    report = scan(tmp_path, log(*BY_CANDLES), *rows)
    assert states(report) == ["recorded", "recorded", state, "recorded", "recorded"]
    assert ("LA101" in rules(report)) is (state == "silent-drop")


def test_another_exit_beside_other_money_is_another_trade(tmp_path):
    rows = [row(trade) for trade in TRADES]
    rows[2] = "2026-04-01 09:41:19.862,SOL-USDT,long,132.05,134.16,4,40.1770"
    report = scan(tmp_path, log(*TRADES), *rows)
    assert states(report)[2] == "silent-drop"


FILLS = ("3", "2.3007"), ("1.5", "1.1503"), ("1.5", "1.1504")


def fills(day: str, *parts: tuple[str, str]) -> list[str]:
    lost = ("", "ADA-USDT", "132.05", "133.10")
    return [row(lost, f"{day} 09:41:19.86{2 + i}", *part) for i, part in enumerate(parts)]


def test_fills_of_another_day_are_one_close_by_their_sums(tmp_path):
    trades = [(*TRADES[2][:1], "ADA-USDT", *TRADES[2][2:4], "6", "4.6014"), TRADES[0], TRADES[4]]
    rows = [row(TRADES[0]), *fills("2026-04-01", *FILLS), row(TRADES[4])]
    report = scan(tmp_path, log(*sorted(trades)), *rows)
    assert states(report) == ["recorded"] * 3
    assert rules(report).isdisjoint({"LA101", "LA105", "LA107"})


def test_fills_of_another_day_that_make_another_sum_are_another_trade(tmp_path):
    trades = [(*TRADES[2][:1], "ADA-USDT", *TRADES[2][2:4], "6", "4.6014"), TRADES[0], TRADES[4]]
    rows = [row(TRADES[0]), *fills("2026-04-01", *FILLS[:2]), row(TRADES[4])]
    report = scan(tmp_path, log(*sorted(trades)), *rows)
    assert states(report) == ["recorded", "silent-drop", "recorded"]


@pytest.mark.parametrize("opened", ["0.03", "0.05"])
def test_equal_fills_of_a_minute_are_no_copies_where_they_make_what_was_opened(tmp_path, opened):
    """Three rows alike to the last digit, whose times are cut to minutes: 0.0063 has too few digits to prove it."""
    told = (
        f"2026-04-02 09:12:05.100 | INFO | entries:enter:5 - Position opened: ETHUSDT short {opened} @ 2039.55\n"
        "2026-04-02 10:52:17.394 | INFO | exits:close:8 - "
        "Trade closed | ETHUSDT | SHORT | 2039.55 -> 2037.30 | net PnL: +0.0063\n"
    )
    rows = ["2026-04-02 10:52,ETH-USDT,short,2039.55,2037.30,0.01,0.0021"] * 3
    report = scan(tmp_path, told, *rows)
    assert rules(report).isdisjoint({"LA106", "LA107"}) is (opened == "0.03")


@pytest.mark.parametrize("opened", ["0.06", "0.02"])
def test_fills_whose_results_round_to_nothing_are_one_close_where_they_make_what_was_opened(tmp_path, opened):
    """Of 0.0000, 0.0000 and 0.0001 the last shows what the close made, and so do all together."""
    told = (
        f"2026-04-02 09:12:05.100 | INFO | entries:enter:5 - Position opened: ETHUSDT long {opened} @ 2787.10\n"
        "2026-04-02 10:52:17.394 | INFO | exits:close:8 - "
        "Trade closed | ETHUSDT | LONG | 2787.10 -> 2789.89 | net PnL: +0.0001\n"
    )
    rows = [
        f"2026-04-02 10:52:17.39{4 + i},ETH-USDT,long,2787.10,2789.89,0.02,0.000{pnl}"
        for i, pnl in enumerate((0, 0, 1))
    ]
    report = scan(tmp_path, told, *rows)
    assert ("LA107" in rules(report)) is (opened == "0.02")


#: Seconds by which rows follow their closes.
LATE = (28, 86, 43, 71, 52, 62, 36)


@pytest.mark.parametrize(("after", "state"), [(6, "recorded"), (300, "unverifiable")])
def test_where_rows_follow_at_a_varying_distance_one_may_follow_at_once(tmp_path, after, state):
    """Its net is a wrong figure, so that nothing but its time and its prices say whose it is."""
    trades = [
        (
            f"{9 + i // 6:02}:{10 * (i % 6):02}:02.000",
            "SOL-USDT",
            f"13{i}.80",
            f"13{i}.95",
            str(i + 3),
            f"{i}.9231",
        )
        for i in range(8)
    ]
    rows = [row(trade, shifted(trade[0], late)) for trade, late in zip(trades, LATE, strict=False)]
    wrong = row(trades[7], shifted(trades[7][0], after), pnl="6.1111")
    report = scan(tmp_path, log(*trades), *rows, wrong)
    assert states(report) == ["recorded"] * 7 + [state]
    assert "LA105" not in rules(report)


def shifted(at: str, seconds: int) -> str:
    """A time of the day so much later."""
    hour, minute, second = int(at[:2]), int(at[3:5]), int(at[6:8])
    whole = hour * 3600 + minute * 60 + second + seconds
    return f"2026-04-02 {whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.500"
