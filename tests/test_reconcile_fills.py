"""A row a fill: rows at once with one price are one close where they add up, and rows of their own where not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
LOG = (
    "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
    "2026-04-02 09:20:00.100 | INFO | exits:close:8 - {close}\n"
    "2026-04-02 11:00:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
)
SIZED = "Closed long position SOL-USDT @ 131.90 size=0.2 net pnl=-0.01"
PRICED = "Trade closed | SOL-USDT | LONG | 131.80 -> 131.90 | net PnL: -0.02"
BARE = "Position closed: SOL-USDT LONG"


def scan(folder: Path, close: str, *rows: str) -> Report:
    (folder / "bot.log").write_text(LOG.format(close=close), encoding="utf-8")
    told = (f"2026-04-02 09:20:00.{row}\n" for row in rows)
    (folder / "trades.csv").write_text(HEADER + "".join(told), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


FILLS = ("100,SOL-USDT,long,131.80,131.90,0.1,-0.0058", "101,SOL-USDT,long,131.80,131.90,0.1,-0.0059")


@pytest.mark.parametrize("close", [SIZED, PRICED, BARE])
def test_fills_at_once_are_one_close(tmp_path, close):
    report = scan(tmp_path, close, *FILLS)
    assert (report.summary.closes, report.summary.missing, report.summary.ledger_rows) == (1, 0, 2)
    assert rules(report).isdisjoint({"LA105", "LA106", "LA107", "LA111"})


def test_all_fills_at_once_count_though_some_already_fit(tmp_path):
    """Two of three make -0.0117, which prints as -0.01 or -0.02; all three make -0.0176, which is nearer."""
    report = scan(tmp_path, PRICED, *FILLS, "102,SOL-USDT,long,131.80,131.90,0.1,-0.0059")
    assert report.summary.missing == 0
    assert "LA105" not in rules(report)


def test_a_row_that_stands_twice_is_no_fill(tmp_path):
    row = "100,SOL-USDT,long,131.80,131.90,0.2,-0.0117"
    assert "LA107" in rules(scan(tmp_path, SIZED, row, row))


def test_rows_at_other_prices_are_no_fills(tmp_path):
    report = scan(tmp_path, BARE, FILLS[0], "700,SOL-USDT,long,131.80,130.10,0.1,-0.1712")
    assert "LA105" in rules(report)


EXACT = "Closed long position SOL-USDT @ 131.90 size=0.7 net pnl=-0.2145"
RENAMED = ("100,WSOL-USDT,long,131.80,131.90,0.3,-0.0919", "101,WSOL-USDT,long,131.80,131.90,0.4,-0.1226")


def test_fills_under_another_name_are_known_by_their_sums(tmp_path):
    """Exit price, size and result agree: three numbers, and no other trade that the name could mean."""
    report = scan(tmp_path, EXACT, *RENAMED)
    assert report.summary.missing == 0
    assert rules(report).isdisjoint({"LA101", "LA105"})


def test_fills_of_another_market_are_not_taken_for_a_close(tmp_path):
    other = tuple(row.replace("131.90", "92.10").replace("131.80", "92.00") for row in RENAMED)
    report = scan(tmp_path, EXACT, *other)
    assert not any(trade.state.value == "recorded" for trade in report.trades)


#: Two recorded trades and a lost one, whose result is the sum of theirs: when each closed, its prices and its result.
APART = (
    ("10:20:10.000", "100.50", "101.75", "1.25"),
    ("10:23:10.000", "110.50", "113.00", "2.50"),
    ("10:26:10.000", "105.00", "108.75", "3.75"),
)
AT_ONCE = (
    ("10:20:10.000", "100.50", "101.75", "1.25"),
    ("10:20:11.000", "100.50", "101.75", "2.50"),
    ("10:26:10.000", "100.50", "101.75", "3.75"),
)


@pytest.mark.parametrize("trades", [APART, AT_ONCE])
@pytest.mark.parametrize("told", ["entry={entry} exit={out} pnl=+{net}", "pnl=+{net}"])
def test_rows_whose_results_meet_a_lost_trade_s_by_chance_are_those_of_their_own_closes(
    tmp_path, trades, told
):
    """Without sizes in the log nothing but money could add up: +1.25 and +2.50, both recorded, make +3.75."""
    lines = [f"2026-01-10 10:{n:02}:00.000 | INFO | loop:run:1 - tick {n}\n" for n in range(59)]
    lines += [
        f"2026-01-10 {at} | INFO | exits:close:3 - Position closed: BTC/USDT long "
        + told.format(entry=entry, out=out, net=net)
        + "\n"
        for at, entry, out, net in trades
    ]
    rows = (f"2026-01-10 {at},BTC/USDT,long,{entry},{out},1,{net}\n" for at, entry, out, net in trades[:2])
    (tmp_path / "bot.log").write_text("".join(sorted(lines)), encoding="utf-8")
    (tmp_path / "trades.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    (lost,) = (trade for trade in report.trades if trade.missing)
    assert (lost.net_pnl, report.summary.missing) == (Decimal("3.75"), 1)


EXCHANGE = "timestamp,symbol,side,qty,price,commission,realizedPnl\n"
#: (131.90 - 131.80) x 70 = 7.00; an order of 70 costs 9.23, and the log takes both off.
NET = "Closed long position SOL-USDT {size}pnl=-11.46"


def exchange(folder: Path, close: str, *ends: str) -> Report:
    """Two fills that opened the position, and those that ended it."""
    opened = "Opened long position SOL-USDT @ 131.80 size=70"
    text = LOG.format(close=close).replace(
        "2026-04-02 09:20", f"2026-04-02 09:10:00.100 | INFO | entries:open:3 - {opened}\n2026-04-02 09:20", 1
    )
    (folder / "bot.log").write_text(text, encoding="utf-8")
    opens = (f"2026-04-02 09:10:00.{ms},SOL-USDT,BUY,{size},131.80,{fee},0.00" for ms, size, fee in
             (("100", 30, "3.954"), ("101", 40, "5.272")))  # fmt: skip
    rows = [*opens, *(f"2026-04-02 09:20:00.{row}" for row in ends)]
    (folder / "fills.csv").write_text(EXCHANGE + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


ENDS = ("100,SOL-USDT,SELL,30,131.90,3.957,3.00", "115,SOL-USDT,SELL,40,131.90,5.276,4.00")


@pytest.mark.parametrize("size", ["size=70 ", ""])
def test_fills_of_one_order_before_their_fees_are_one_close(tmp_path, size):
    report = exchange(tmp_path, NET.format(size=size), *ENDS)
    assert (report.summary.missing, report.summary.recorded, report.summary.orphan_rows) == (0, 1, 0)
    assert "LA106" not in rules(report)


def test_a_part_of_them_is_not_the_close(tmp_path):
    """A fill that was never written is an error of the ledger, whatever the fees."""
    report = exchange(tmp_path, NET.format(size="size=70 "), ENDS[0])
    assert rules(report) & {"LA106", "LA101"} or report.summary.unverifiable


@pytest.mark.parametrize("gone", [1, 3])
def test_the_first_close_of_a_table_of_fills_is_lost_where_its_open_was_filled(tmp_path, gone):
    """Fills that open positions are no rows of closed trades, but the table was kept from the first of them on."""
    lines, rows = [], []
    for n in range(5):
        day, size, entry, out, pnl = f"2026-04-02 1{n}", n + 2, f"13{n}.80", f"13{n}.95", f"0.{15 * (n + 2)}"
        told = f"Closed long position SOL-USDT @ {out} size={size} pnl={pnl}"
        lines += [
            f"{day}:05:00.100 | INFO | entries:open:3 - Opened long position SOL-USDT @ {entry} size={size}\n",
            f"{day}:25:00.100 | INFO | exits:close:8 - {told}\n",
        ]
        rows += [
            f"{day}:05:00,SOL-USDT,BUY,{size},{entry},0.01,0.00\n",
            f"{day}:25:00,SOL-USDT,SELL,{size},{out},0.01,{pnl}\n",
        ]
    del rows[gone]
    (tmp_path / "bot.log").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "fills.csv").write_text(EXCHANGE + "".join(rows), encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert [trade.closed.iso()[11:13] for trade in report.trades if trade.missing] == [f"1{gone // 2}"]
