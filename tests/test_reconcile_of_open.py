"""What links a close whose own line says little: its open's price, and the way its ledger writes sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
START = "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
END = "2026-04-02 11:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"


def scan(folder: Path, log: str, *rows: str) -> Report:
    (folder / "bot.log").write_text(START + log + END, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def bare(*sides: str) -> str:
    """Closes that print symbol and side only, ten minutes apart."""
    return "".join(
        f"2026-04-02 09:{10 * i:02}:00.100 | INFO | exits:close:8 - Position closed: SOL-USDT {side}\n"
        for i, side in enumerate(sides)
    )


def row(i: int, side: str) -> str:
    return f"2026-04-02 09:{10 * i:02}:00.100,SOL-USDT,{side},131.{i}0,132.{i}5,{i + 2},{i}.41"


def test_sides_of_closing_orders_link_closes_that_print_no_number(tmp_path):
    log = bare("LONG", "SHORT", "LONG", "LONG", "SHORT")
    report = scan(tmp_path, log, *(row(i, s) for i, s in enumerate(("sell", "buy", "sell", "sell", "buy"))))
    assert (report.summary.closes, report.summary.missing) == (5, 0)
    assert rules(report).isdisjoint({"LA101", "LA105"})
    assert "LA208" in rules(report)


def test_one_side_that_differs_among_others_that_agree_is_another_trade(tmp_path):
    log = bare("LONG", "SHORT", "LONG", "LONG", "SHORT")
    report = scan(tmp_path, log, *(row(i, s) for i, s in enumerate(("buy", "sell", "buy", "buy", "buy"))))
    assert report.summary.missing == 1
    assert "LA105" in rules(report)


@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_a_row_that_somebody_added_with_either_side_restores_its_close(tmp_path, side):
    """The recorder writes the side of the closing order; who adds a row may copy that, or write the position's."""
    trades = [(f"09:{5 + 7 * i:02}:13.{i}21", f"13{i}.25", f"{i}.41") for i in range(8)]
    log = "".join(
        f"2026-04-02 {at} | INFO | exits:close:8 - Position closed: SOL-USDT short entry=130.5 exit={out} "
        f"net_pnl={net} reason=tp\n"
        for at, out, net in trades
    )
    rows = [f"2026-04-02 {at},SOL-USDT,BUY,130.50,{out},{net}07,tp" for at, out, net in trades[:7]]
    added = f"2026-04-02 {trades[7][0][:8]},SOL-USDT,{side},130.5,{trades[7][1]},{trades[7][2]},"
    (tmp_path / "bot.log").write_text(START + log + END, encoding="utf-8")
    header = "timestamp,symbol,side,entry_price,exit_price,net_pnl,reason"
    (tmp_path / "trades.csv").write_text("\n".join([header, *rows, added, ""]), encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert [trade.state.value for trade in report.trades] == ["recorded"] * 7 + ["backfilled"]
    assert "LA105" not in rules(report)


@pytest.mark.parametrize(
    ("closed", "at", "place", "state"),
    [
        ("09:20:37.100", "2026-04-01 09:20:37.100", 2, "unverifiable"),
        ("09:20:37.100", "2026-03-29 09:20:37.100", 0, "unverifiable"),
        ("09:20:37.100", "2026-04-01 09:20:44.100", 2, "silent-drop"),
        ("09:20:00.100", "2026-04-01 09:20:00.100", 0, "silent-drop"),  # by a schedule, the day before too
        (
            "09:20:00.100",
            "2026-04-01 09:20:00.100",
            2,
            "unverifiable",
        ),  # written among those of the close's day
        (
            "09:20:00.100",
            "2026-04-01 09:20:00.100",
            4,
            "silent-drop",
        ),  # after the next close: none of this one
    ],
)
def test_a_row_of_another_day_may_be_that_of_a_close_without_numbers_at_its_second(
    tmp_path, closed, at, place, state
):
    """Nothing but its time tells whose it is; that one of a market meets a close's second is no chance."""
    log = bare("LONG", "LONG", "LONG", "LONG", "LONG").replace("09:20:00.100", closed)
    rows = [row(i, "long") for i in (0, 1, 3, 4)]
    rows.insert(place, f"{at},SOL-USDT,long,131.20,132.25,4,2.41")
    report = scan(tmp_path, log, *rows)
    told = [trade.state.value for trade in report.trades if trade.log]
    assert told == ["recorded", "recorded", state, "recorded", "recorded"]


OPENED = "2026-04-02 09:05:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long 3.25 @ 131.27\n"
CLOSED = (
    "2026-04-02 09:40:00.100 | INFO | exits:close:8 - "
    "Closed long position SOL-USDT @ 132.94 size=3.25 reason=tp\n"
)
OTHERS = tuple(
    f"2026-04-02 10:{10 * i:02}:00.200 | INFO | exits:close:8 - "
    f"Closed long position ADA-USDT @ 0.{7310 + i} size={100 + i} reason=tp\n"
    for i in range(4)
)
OTHER_ROWS = tuple(
    f"2026-04-02 10:{10 * i:02}:00.200,ADA-USDT,long,0.7300,0.{7310 + i},{100 + i},0.{i}1" for i in range(4)
)


def test_the_price_of_the_open_is_the_third_number_of_a_row_of_another_day(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-01 09:40:00.100,SOL-USDT,long,131.27,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.missing == 0
    assert "LA208" in rules(report)


def test_another_entry_price_than_the_open_asked_for_is_no_error(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-02 09:40:00.100,SOL-USDT,long,131.31,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.missing == 0
    assert rules(report).isdisjoint({"LA105", "LA106"})


def test_two_numbers_of_a_row_of_another_day_prove_nothing(tmp_path):
    log = OPENED + CLOSED + "".join(OTHERS)
    report = scan(tmp_path, log, "2026-04-01 09:40:00.100,SOL-USDT,long,130.02,132.94,3.25,5.21", *OTHER_ROWS)
    assert report.summary.recorded == 4


def sized(i: int) -> str:
    """A position of 2 + ``i`` coins, ten minutes apart, whose close prints its prices but no size."""
    start = f"2026-04-02 09:{10 * i:02}"
    return (
        f"{start}:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long {2 + i}.5 @ 131.{i}0\n"
        f"{start}:30.000 | INFO | exits:close:8 - Trade closed | SOL-USDT | LONG | 131.{i}0 -> 132.{i}5\n"
    )


def shown(i: int, size: str) -> str:
    return f"2026-04-02 09:{10 * i:02}:30.000,SOL-USDT,long,131.{i}0,132.{i}5,{size},{i}.41"


def test_sizes_in_contracts_are_told_by_the_opens(tmp_path):
    report = scan(tmp_path, "".join(map(sized, range(4))), *(shown(i, f"{2 + i}50") for i in range(4)))
    (finding,) = [f for f in report.findings if f.rule == "LA208"]
    assert finding.data["pairs"] == [["SOL-USDT", "100"]]
    assert report.summary.recorded == 4


def test_another_size_than_the_open_printed_is_no_convention_and_no_error(tmp_path):
    rows = [shown(i, size) for i, size in enumerate(("2.5", "1.1", "4.5", "5.5"))]
    report = scan(tmp_path, "".join(map(sized, range(4))), *rows)
    assert rules(report).isdisjoint({"LA106", "LA208"})
    assert report.summary.recorded == 4


def late(i: int, entry: str) -> str:
    return f"2026-04-02 09:{10 * i:02}:{18 - i:02}.700,SOL-USDT,long,{entry},132.{i}5,{2 + i}.5,{i}.41"


def unpriced(i: int) -> str:
    start = f"2026-04-02 09:{10 * i:02}"
    return (
        f"{start}:00.000 | INFO | engine:enter:4 - Position opened: SOL-USDT long {2 + i}.5 @ 131.{i}0\n"
        f"{start}:30.000 | INFO | exits:close:8 - Position closed: SOL-USDT LONG\n"
    )


def test_rows_at_other_times_with_the_prices_of_the_opens_may_be_those_of_closes_without_numbers(tmp_path):
    report = scan(tmp_path, "".join(map(unpriced, range(4))), *(late(i, f"131.{i}0") for i in range(4)))
    assert (report.summary.missing, rules(report) & {"LA101", "LA105"}) == (0, set())


def test_rows_at_other_times_with_other_prices_than_the_opens_are_other_trades(tmp_path):
    report = scan(tmp_path, "".join(map(unpriced, range(4))), *(late(i, f"127.{i}3") for i in range(4)))
    assert report.summary.missing == 4
