"""Parts of positions that print no size: what rows, costs and counted acknowledgements say of one that has no row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
START = "2026-04-02 09:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: trades.csv\n"
END = "2026-04-02 15:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
#: Of the exit price: what both orders of a round trip cost.
COSTS = Decimal("0.001")


def net(entry: str, exit_price: str, size: str) -> str:
    price = Decimal(exit_price)
    return f"{(price - Decimal(entry)) * Decimal(size) - price * Decimal(size) * COSTS:+.4f}"


def opened(at: str, entry: str, size: str, symbol: str = "SOL-USDT") -> str:
    return f"2026-04-02 {at}.000 | INFO | entries:enter:5 - Position opened: {symbol} long {size} @ {entry}\n"


def ended(
    at: str, entry: str, exit_price: str, size: str, symbol: str = "SOL-USDT", path: str = "exits:close:8"
) -> str:
    """A close without its size; its result is that of ``size``."""
    return (
        f"2026-04-02 {at}.100 | INFO | {path} - "
        f"Trade closed | {symbol} | LONG | {entry} -> {exit_price} | net PnL: {net(entry, exit_price, size)}\n"
    )


def row(at: str, entry: str, exit_price: str, size: str, symbol: str = "SOL-USDT") -> str:
    pnl = net(entry, exit_price, size)
    return f"2026-04-02 {at}.100,{symbol},long,{entry},{exit_price},{size},{pnl.lstrip('+')}\n"


#: Positions of another symbol, each ended by one close.
WHOLE = [
    (f"09:0{i}:30", "20.00", price, "10", "AVAX-USDT") for i, price in enumerate(("19.50", "20.40", "21.00"))
]
TEACHING = "".join(opened(f"09:0{i}:05", "20.00", "10", "AVAX-USDT") + ended(*WHOLE[i]) for i in range(3))
TAUGHT = "".join(row(*one) for one in WHOLE)
PARTS = [
    ("10:10:00", "131.20", "131.90", "3"),
    ("10:31:00", "131.20", "132.40", "3"),
    ("10:44:00", "131.20", "130.70", "3"),
]


def scan(folder: Path, log: str, rows: str) -> Report:
    (folder / "bot.log").write_text(START + log + END, encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + rows, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def sol(report: Report) -> list[str]:
    return [t.state.value for t in report.trades if t.log and t.symbol.startswith("SOL")]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


#: Its gain is little more than costs, so that it may be of all that was opened.
VAGUE = ("10:10:00", "131.20", "131.37", "3")
REOPENED = opened("11:10:00", "130.10", "4") + ended("11:40:00", "130.10", "131.00", "4")


@pytest.mark.parametrize(
    ("after", "states"),
    [
        (REOPENED, ["silent-drop", "recorded", "recorded", "recorded"]),
        ("", ["unverifiable", "recorded", "recorded"]),  # the rest may be held still, and the line a retry
    ],
)
def test_a_part_that_no_row_accounts_for_is_no_repeat(tmp_path, after, states):
    """Of nine coins rows show six; one line tells of an exit and a result that no row has."""
    log = (
        TEACHING + opened("09:50:00", "131.20", "9") + "".join(ended(*p) for p in (VAGUE, *PARTS[1:])) + after
    )
    rows = TAUGHT + "".join(row(*p) for p in PARTS[1:])
    report = scan(tmp_path, log, rows + (row("11:40:00", "130.10", "131.00", "4") if after else ""))
    assert sol(report) == states
    assert "LA503" not in rules(report)


@pytest.mark.parametrize("price", ["131.37", "131.33", "132.10"])
def test_where_rows_account_for_all_another_price_is_a_retry(tmp_path, price):
    retry = (*VAGUE[:2], price, "6" if price == "132.10" else "3")
    log = (
        TEACHING
        + opened("09:50:00", "131.20", "6")
        + "".join(ended(*p) for p in (retry, *PARTS[1:]))
        + REOPENED
    )
    rows = TAUGHT + "".join(row(*p) for p in PARTS[1:]) + row("11:40:00", "130.10", "131.00", "4")
    report = scan(tmp_path, log, rows)
    assert sol(report) == ["recorded"] * 3


@pytest.mark.parametrize(
    ("size", "states"),
    [
        ("6", ["recorded"] * 3),
        (
            "9",
            ["recorded", "recorded", "unverifiable", "recorded"],
        ),  # or the close of the three that are left
    ],
)
def test_what_parts_made_together_is_the_summary_of_their_position(tmp_path, size, states):
    made = sum(Decimal(net(*part[1:])) for part in PARTS[1:])
    told = ended("10:58:00", "131.20", "131.55", "3")
    summary = told[: told.index("net PnL")] + f"net PnL: {made:+.4f}\n"
    log = (
        TEACHING
        + opened("09:50:00", "131.20", size)
        + "".join(ended(*p) for p in PARTS[1:])
        + summary
        + REOPENED
    )
    rows = TAUGHT + "".join(row(*p) for p in PARTS[1:]) + row("11:40:00", "130.10", "131.00", "4")
    report = scan(tmp_path, log, rows)
    assert sol(report) == states


def test_a_close_that_made_as_much_as_those_before_it_is_sure_where_sizes_are_told(tmp_path):
    """Two quarters and a half of a position at one price."""
    parts = [("10:10:00", "2"), ("10:31:00", "2"), ("10:44:00", "4")]
    log = opened("09:50:00", "131.20", "8") + "".join(
        f"2026-04-02 {at}.100 | INFO | exits:stop:9 - Closed long position SOL-USDT @ 132.20 size={size} "
        f"net pnl={net('131.20', '132.20', size)}\n"
        for at, size in parts
    )
    rows = "".join(row(at, "131.20", "132.20", size) for at, size in parts[:2])
    report = scan(tmp_path, TEACHING + log, TAUGHT + rows)
    assert sol(report) == ["recorded", "recorded", "silent-drop"]


TOTAL = sum(Decimal(net(*part[1:])) for part in (*PARTS[:2], ("", "131.20", "133.70", "3")))


@pytest.mark.parametrize(
    "last",
    [
        # The total of the position, or of more coins than are left, as after an add that was not logged.
        f"exits:close:8 - Trade closed | SOL-USDT | LONG | 131.20 -> 133.70 | net PnL: {TOTAL:+.4f}",
        f"exits:close:8 - Trade closed | SOL-USDT | LONG | 131.20 -> 133.70 | net PnL: {net('131.20', '133.70', '6')}",
        f"exits:close:8 - Trade closed | SOL-USDT | LONG | 131.20 -> 133.70 | net PnL: {net('131.20', '133.70', '9')}",
        f"exits:stop:9 - Closed long position SOL-USDT @ 133.70 size=9 net pnl={net('131.20', '133.70', '3')}",
    ],
)
@pytest.mark.parametrize("has_row", [True, False])
def test_what_ends_a_position_of_which_parts_leave_some_is_no_repeat(tmp_path, last, has_row):
    """Of nine coins three are left: whatever its line sums up, it is the close that they have."""
    log = (
        TEACHING
        + opened("09:50:00", "131.20", "9")
        + "".join(ended(*p) for p in PARTS[:2])
        + f"2026-04-02 10:44:00.100 | INFO | {last}\n"
    )
    rows = TAUGHT + "".join(row(*p) for p in PARTS[:2])
    report = scan(tmp_path, log, rows + (row("10:44:00", "131.20", "133.70", "3") if has_row else ""))
    assert sol(report) == ["recorded", "recorded", "recorded" if has_row else "silent-drop"]
    assert report.summary.repeats == 0
    assert "LA503" not in rules(report)


@pytest.mark.parametrize(
    ("sizes", "states"),
    [
        (("", "", "9"), ["silent-drop", "silent-drop", "recorded"]),
        (("3", "", "6"), ["recorded", "silent-drop", "recorded"]),
        (("", "9", ""), ["silent-drop", "recorded", "silent-drop"]),
        (("", "6"), ["silent-drop", "recorded"]),
    ],
)
def test_rows_account_for_no_more_than_their_money(tmp_path, sizes, states):
    """A row prints the size of the position, or what was left of it, and the result of the last part."""
    parts = PARTS[: len(sizes)]
    log = (
        TEACHING + opened("09:50:00", "131.20", str(3 * len(parts))) + "".join(ended(*part) for part in parts)
    )
    rows = "".join(
        row(*part).replace(",3,", f",{size},") for part, size in zip(parts, sizes, strict=True) if size
    )
    report = scan(tmp_path, log, TAUGHT + rows)
    assert sol(report) == states
    assert "LA503" not in rules(report)


def test_a_retry_has_no_room_in_what_funding_took_of_a_row(tmp_path):
    """The row's result is of somewhat less than its size; the retry's is of much more than that."""
    log = (
        TEACHING
        + opened("09:50:00", "131.20", "6")
        + ended("10:10:00", "131.20", "132.10", "6")
        + "".join(ended(*p) for p in PARTS[1:])
        + REOPENED
    )
    made = net(*PARTS[1][1:]).lstrip("+")
    less = f"{Decimal(made) * Decimal('0.9'):.4f}"
    log = log.replace(made, less)
    rows = TAUGHT + "".join(row(*p) for p in PARTS[1:]).replace(made, less)
    report = scan(tmp_path, log, rows + row("11:40:00", "130.10", "131.00", "4"))
    assert sol(report) == ["recorded"] * 3


def test_rows_in_contracts_do_not_show_that_something_lacks(tmp_path):
    """A contract of this market is ten coins: rows of 0.3 are parts of three, and one line is a retry."""
    log = (
        TEACHING
        + opened("09:50:00", "131.20", "6")
        + "".join(ended(*p) for p in (VAGUE, *PARTS[1:]))
        + REOPENED
    )
    rows = TAUGHT + "".join(row(*p).replace(",3,", ",0.3,") for p in PARTS[1:])
    report = scan(tmp_path, log, rows + row("11:40:00", "130.10", "131.00", "4").replace(",4,", ",0.4,"))
    assert report.summary.missing == 0
    assert "unverifiable" not in sol(report)


def halves(symbol: str, hour: int) -> tuple[str, str]:
    """A position in two parts that print no size, and its rows."""
    parts = [(f"{hour}:2{i}:00", "20.00", price, "5", symbol) for i, price in enumerate(("20.60", "19.40"))]
    return opened(f"{hour}:05:00", "20.00", "10", symbol) + "".join(ended(*p) for p in parts), "".join(
        row(*p) for p in parts
    )


def test_rows_show_the_costs_that_no_position_of_one_close_does(tmp_path):
    """With them the first result is of a third of what was opened: a failed write, and no close that was told again."""
    told = [halves(symbol, hour) for symbol, hour in (("AVAX-USDT", 12), ("ADA-USDT", 13), ("XRP-USDT", 14))]
    failed = (
        "2026-04-02 10:10:00.103 | ERROR | journal:record:58 - could not append to trades.csv: disk full\n"
    )
    log = opened("09:50:00", "131.20", "9") + ended(*PARTS[0]) + failed + ended(*PARTS[1]) + ended(*PARTS[2])
    rows = "".join(row(*p) for p in PARTS[1:])
    report = scan(tmp_path, log + "".join(t for t, _ in told), rows + "".join(r for _, r in told))
    assert sol(report) == ["failed-write", "recorded", "recorded"]
    assert "LA503" not in rules(report)


@pytest.mark.parametrize(("size", "told"), [("3", (6, 0)), ("9", (4, 2))])
def test_one_part_may_print_its_size_among_others_that_print_none(tmp_path, size, told):
    """What their results say of the others still counts; after a line of the whole size the others are retries."""
    sized = (
        "2026-04-02 10:10:00.100 | INFO | exits:stop:9 - "
        f"Closed long position SOL-USDT @ 131.90 size={size} net pnl={net('131.20', '131.90', size)}\n"
    )
    log = opened("09:50:00", "131.20", "9") + sized + "".join(ended(*part[:3], size) for part in PARTS[1:])
    report = scan(tmp_path, TEACHING + log, TAUGHT)
    assert (report.summary.closes, report.summary.repeats) == told


@pytest.mark.parametrize(("line", "closes"), [("📊 TRADE RECORDED | Total: {n}", 2), ("Trade saved", 1)])
def test_an_acknowledgement_that_counts_the_next_trade_makes_a_line_of_another_path_a_close(
    tmp_path, line, closes
):
    """One that names no market and counts nothing may be another trade's."""
    told = [ended(*PARTS[0]), ended(*PARTS[1], path="manual:close:4")]
    acks = [
        f"2026-04-02 {at}.102 | INFO | journal:record:58 - {line.format(n=n)}\n"
        for n, at in enumerate(("10:10:00", "10:31:00"), 1)
    ]
    log = opened("09:50:00", "131.20", "3") + told[0] + acks[0] + told[1] + acks[1]
    report = scan(tmp_path, log, row("09:30:00", "131.20", "131.90", "3", "ADA-USDT"))
    assert report.summary.closes == closes


@pytest.mark.parametrize(("first", "second", "lost"), [(1, 2, 1), (1, 1, 0), (4, 4, 0), (4, 5, 1), (4, 1, 0)])
@pytest.mark.parametrize("next_one", [True, False])
def test_an_acknowledgement_that_counts_the_same_trade_again_makes_no_close(
    tmp_path, first, second, lost, next_one
):
    """Another path tells of the position five seconds later, and the recorder of the total that it had told before."""

    def ack(at: str, count: int) -> str:
        return f"2026-04-02 {at}.102 | INFO | journal:record:58 - 📊 TRADE RECORDED | Total: {count}\n"

    close = PARTS[0]
    log = (
        opened("09:50:00", "131.20", "3")
        + ended(*close)
        + ack("10:10:00", first)
        + ended("10:10:05", *close[1:], path="manual:close:4")
        + ack("10:10:05", second)
    )
    rows = row(*close)
    if next_one:
        log += REOPENED + ack("11:40:00", max(first, second) + 1)
        rows += row("11:40:00", "130.10", "131.00", "4")
    report = scan(tmp_path, log, rows)
    assert (report.summary.closes, report.summary.repeats) == (1 + next_one + lost, 1 - lost)
    assert report.summary.missing == lost
    assert ("LA103" in rules(report)) is bool(lost)
