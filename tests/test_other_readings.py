"""Before a close is called lost, other readings of the rows are asked: sums of parts, unprinted fees, times."""

from __future__ import annotations

from pathlib import Path

import pytest

import logaudit

HEADER = "time,symbol,side,size,entry,exit,pnl"
ETH = "2026-03-04 09:30:00,ETHUSDT,LONG,1.5,2000.50,2010.75,15.38"


def said(at: str, words: str) -> str:
    return f"2026-03-04 {at}.120 | INFO     | bot.engine:run:10 - {words}"


START = (
    said("09:00:00", "Bot started"),
    said("09:10:00", "Opened long position ETHUSDT @ 2000.50 size=1.5"),
    said("09:30:00", "Closed long position ETHUSDT @ 2010.75 size=1.5 pnl=15.38"),
)
OPEN = said("10:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.30")


def audit(folder: Path, lines: tuple[str, ...], *rows: str, header: str = HEADER) -> logaudit.Audit:
    end = said("12:00:00", "Heartbeat ok")
    (folder / "bot.log").write_text("\n".join((*lines, end)) + "\n", encoding="utf-8")
    (folder / "trades.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return logaudit.scan(folder, jobs=1)


def states(found: logaudit.Audit) -> list[str]:
    return [trade.state.value for trade in found.trades]


def rules(found: logaudit.Audit) -> set[str]:
    return {finding.rule for finding in found.findings}


# --- Parts of a position, one of them at break-even.

SIZED = (
    OPEN,
    said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60000.00 pnl=0.00"),
    said("10:20:00", "Partial close: BTCUSDT LONG size=0.10 @ 60500.00 pnl=+50.00"),
    said("10:30:00", "Closed long position BTCUSDT @ 60000.00 size=0.10 pnl=0.00"),
)
UNSIZED = (
    OPEN,
    said("10:10:00", "Closed BTCUSDT long @ 60500.00 pnl=50.00"),
    said("10:20:00", "Closed BTCUSDT long @ 60000.00 pnl=0.00"),
    said("10:30:00", "Closed BTCUSDT long @ 61000.00 pnl=100.00"),
)


def test_two_parts_at_break_even_are_two(tmp_path: Path) -> None:
    found = audit(
        tmp_path, (*START, *SIZED), ETH, "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,60166.67,50.00"
    )
    assert states(found) == ["recorded"] * 4
    assert "LA503" not in rules(found)


def test_the_row_of_a_whole_position_stands_for_closes_without_sizes(tmp_path: Path) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,60500.00,150.00"
    assert states(audit(tmp_path, (*START, *UNSIZED), ETH, row)) == ["recorded"] * 4


def test_a_row_that_shows_no_more_than_their_sum_does_so_too(tmp_path: Path) -> None:
    rows = "2026-03-04 09:30:00,ETHUSDT,15.38", "2026-03-04 10:30:00,BTCUSDT,150.00"
    assert states(audit(tmp_path, (*START, *UNSIZED), *rows, header="time,symbol,pnl")) == ["recorded"] * 4


def test_a_row_of_the_last_part_alone_records_no_other(tmp_path: Path) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.10,60000.00,61000.00,100.00"
    found = audit(tmp_path, (*START, *UNSIZED), ETH, row)
    assert states(found) == ["recorded", "silent-drop", "silent-drop", "recorded"]


def test_a_row_with_the_open_s_price_and_size_may_be_of_parts_that_no_line_tells(tmp_path: Path) -> None:
    """The log breaks off before the last part; the row is of all three."""
    row = "2026-03-04 13:40:00,BTCUSDT,LONG,0.30,60000.00,60170.00,51.00"
    assert states(audit(tmp_path, (*START, *SIZED[:3]), ETH, row))[1:3] == ["unverifiable"] * 2


# --- A fee that neither side prints.


def trades(fee: str, count: int = 5, off: float = 0) -> tuple[list[str], list[str]]:
    """Lines and rows of trades whose log is before a fee of 0.05 % an order, and whose rows are after it."""
    lines, rows = list(START[:1]), []
    for i in range(count):
        entry, gain = 60000 + 37 * i, 100 - 30 * i
        net = gain * 0.1 - 0.1 * (2 * entry + gain) * float(fee) + off
        lines += [
            said(f"{10 + i}:00:00", f"Opened long position BTCUSDT @ {entry}.00 size=0.10"),
            said(
                f"{10 + i}:40:00",
                f"Closed long position BTCUSDT @ {entry + gain}.00 size=0.10 pnl={gain / 10:.2f}",
            ),
        ]
        rows.append(f"2026-03-04 {10 + i}:40:00,BTCUSDT,LONG,0.10,{entry}.00,{entry + gain}.00,{net:.2f}")
    return lines, rows


@pytest.mark.parametrize("column", ["pnl", "net_pnl"])
def test_rows_after_a_fee_that_nothing_prints_are_said_once(tmp_path: Path, column: str) -> None:
    lines, rows = trades("0.0005")
    found = audit(tmp_path, tuple(lines), *rows, header=HEADER.replace("pnl", column))
    assert states(found) == ["recorded"] * 5
    assert rules(found) & {"LA106", "LA208"} == {"LA208"}


def test_rows_before_a_fee_that_the_log_takes_off_are_said_once(tmp_path: Path) -> None:
    lines, rows = trades("0")
    netted = []
    for line in lines:
        head, mark, pnl = line.partition("pnl=")
        netted.append(f"{head}{mark}{float(pnl) - 6.0:.2f}" if mark else line)
    found = audit(tmp_path, tuple(netted), *rows, header=HEADER.replace("pnl", "gross_pnl"))
    assert states(found) == ["recorded"] * 5
    assert rules(found) & {"LA106", "LA208"} == {"LA208"}
    assert any("before the fee" in str(finding.message) for finding in found.findings)


def test_what_is_more_than_a_fee_differs(tmp_path: Path) -> None:
    lines, rows = trades("0.0005", off=-30)
    assert "LA106" in rules(audit(tmp_path, tuple(lines), *rows))


def test_what_one_row_of_five_lacks_is_no_fee(tmp_path: Path) -> None:
    lines, rows = trades("0")
    rows[2] = trades("0.0005")[1][2]
    assert "LA106" in rules(audit(tmp_path, tuple(lines), *rows))


def test_the_sum_of_parts_may_be_before_such_a_fee(tmp_path: Path) -> None:
    """0.10 each at 60500, 60000 and 61000: 150 before fees of 0.05 % an order, 131.85 after them."""
    rows = (
        ETH.replace("15.38", "12.37"),
        "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,60500.00,131.85",
    )
    found = audit(tmp_path, (*START, *UNSIZED), *rows)
    assert states(found) == ["recorded"] * 4
    assert "LA106" not in rules(found)


# --- Rows at the time of closes.


def test_rows_at_the_times_of_closes_are_theirs_whatever_they_write(tmp_path: Path) -> None:
    """The side of the closing order, results after fees, and no other number: nothing tells whether these are lost."""
    lines, rows = trades("0.0005")
    told = [f"{row.split(',')[0]},BTCUSDT,SELL,{float(row.split(',')[6]) - 90}" for row in rows]
    assert (
        states(audit(tmp_path, tuple(lines), *told, header="time,symbol,side,pnl")) == ["unverifiable"] * 10
    )


def test_by_times_alone_a_zone_is_found_though_numbers_agree_by_chance(tmp_path: Path) -> None:
    lines, rows = list(START[:1]), []
    for i in range(8):
        at = f"{10 + i}:{7 * i + 2:02d}:11"
        lines += [
            said(f"{10 + i}:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.10"),
            said(at, f"Closed long position BTCUSDT pnl={3 + i}.00"),
        ]
        rows.append(f"2026-03-04 {int(at[:2]) + 1}{at[2:]},BTCUSDT,{(3 + (i + 3) % 8)}.00")
    found = audit(tmp_path, tuple(lines), *rows, header="time,symbol,gross_pnl")
    assert not {"silent-drop", "orphan-row"} & {*states(found)}
    assert "LA303" in rules(found)


# --- Rows without a time.


@pytest.mark.parametrize("lost", ["n/a", "", "None"])
def test_a_row_that_lacks_its_time_may_be_that_of_a_close(tmp_path: Path, lost: str) -> None:
    lines = (*START, OPEN, said("10:20:00", "Closed long position BTCUSDT @ 60100.00 size=0.30 pnl=0.24"))
    rows = "2026-03-04 09:30:00,ETHUSDT,LONG,15.38", f"{lost},BTCUSDT,LONG,0.241824"
    found = audit(tmp_path, lines, *rows, header="closed_at,instrument,side,net_pnl")
    assert states(found) == ["recorded", "unverifiable"]


def test_a_row_with_a_result_and_no_end_does_not_stand_open(tmp_path: Path) -> None:
    lines = (*START, OPEN, said("10:20:00", "Closed long position BTCUSDT @ 60100.00 size=0.30 pnl=30.00"))
    rows = (
        "2026-03-04 09:10:00,2026-03-04 09:30:00,ETHUSDT,2000.50,2010.75,15.38",
        "2026-03-04 10:00:00,n/a,BTCUSDT,60000.00,60100.00,30.00",
    )
    found = audit(tmp_path, lines, *rows, header="entry_time,exit_time,pair,entry_price,exit_price,pnl")
    assert states(found) == ["recorded", "unverifiable"]
    assert "LA114" not in rules(found)


# --- Parts that earned nothing, and rows that show no more than a result.

SPARSE = "closed_at,symbol,side,pnl"
EVEN = (
    said("10:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.30"),
    said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60000.00 pnl=0.00"),
    said("10:20:00", "Partial close: BTCUSDT LONG size=0.10 @ 60000.00 pnl=0.00"),
    said("10:30:00", "Closed long position BTCUSDT @ 60500.00 size=0.10 pnl=50.00"),
)
PAIR = (
    said("11:00:00", "Opened long position SOLUSDT @ 140.00 size=2.0"),
    said("11:10:00", "Partial close: SOLUSDT LONG size=1.0 @ 141.00 pnl=1.00"),
    said("11:20:00", "Closed long position SOLUSDT @ 142.50 size=1.0 pnl=2.50"),
)
TOTAL = "2026-03-04 11:20:00,SOLUSDT,LONG,3.50"
EACH = ("2026-03-04 11:10:00,SOLUSDT,LONG,1.00", "2026-03-04 11:20:00,SOLUSDT,LONG,2.50")
FIRST, LAST = "2026-03-04 09:30:00,ETHUSDT,LONG,15.38", "2026-03-04 10:30:00,BTCUSDT,LONG,50.00"


@pytest.mark.parametrize(
    ("more", "state"), [((TOTAL,), "recorded"), (EACH, "silent-drop"), ((), "unverifiable")]
)
def test_parts_at_break_even_have_the_row_of_the_last_where_the_ledger_adds_up(
    tmp_path: Path, more: tuple[str, ...], state: str
) -> None:
    lines = (*START, *EVEN, *(PAIR if more else ()))
    found = audit(tmp_path, lines, FIRST, LAST, *more, header=SPARSE)
    assert states(found)[1:4] == [state, state, "recorded"]


@pytest.mark.parametrize(
    ("more", "state"), [((TOTAL,), "recorded"), (EACH, "silent-drop"), ((), "unverifiable")]
)
def test_so_has_a_last_part_at_break_even_the_row_that_shows_what_another_earned(
    tmp_path: Path, more: tuple[str, ...], state: str
) -> None:
    """A slow recorder makes the row's time that of both parts."""
    lines = (
        said("10:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.20"),
        said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60500.00 pnl=50.00"),
        said("10:10:02", "Closed long position BTCUSDT @ 60000.00 size=0.10 pnl=0.00"),
    )
    late = "2026-03-04 10:10:03,BTCUSDT,LONG,50.0000"
    found = audit(tmp_path, (*START, *lines, *(PAIR if more else ())), FIRST, late, *more, header=SPARSE)
    assert states(found)[1:3] == ["recorded", state]


def test_a_late_row_of_the_whole_is_not_that_of_a_part_out_of_its_reach(tmp_path: Path) -> None:
    lines = (
        said("10:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.20"),
        said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60500.00 pnl=50.00"),
        said("10:30:00", "Closed long position BTCUSDT @ 60000.00 size=0.10 pnl=0.00"),
    )
    late = "2026-03-04 10:30:04,BTCUSDT,LONG,50.0000"
    assert states(audit(tmp_path, (*START, *lines), FIRST, late, header=SPARSE)) == ["recorded"] * 3


def test_parts_do_not_share_the_price_of_the_one_that_drops_no_zeros(tmp_path: Path) -> None:
    """0.56 is 0.5600 without its zeros; what the row shows is the mean of both."""
    lines = (
        said("10:00:00", "Opened short position XRPUSDT @ 0.5545 size=210.0"),
        said("10:10:00", "Partial close: XRPUSDT SHORT size=105.0 @ 0.5542 pnl=-0.02"),
        said("10:20:00", "Closed short position XRPUSDT @ 0.56 size=105.0 pnl=-0.62"),
    )
    row = "2026-03-04 10:20:00,XRPUSDT,SHORT,21000.0,0.5545,0.5571,-0.639374"
    eth = ETH.replace("1.5,", "150.0,")
    assert states(audit(tmp_path, (*START, *lines), eth, row)) == ["recorded"] * 3


def test_a_row_with_the_size_of_the_last_part_records_no_other(tmp_path: Path) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.10,60000.00,60500.00,50.00"
    assert states(audit(tmp_path, (*START, *EVEN), ETH, row))[1:] == [
        "silent-drop",
        "silent-drop",
        "recorded",
    ]


def test_few_digits_are_nearer_to_the_sum_than_to_the_last_part(tmp_path: Path) -> None:
    """A database shows 0.30 as 0.3: 0.23 would do, and 0.29 does better."""
    lines = (
        said("10:00:00", "Opened long position XRPUSDT @ 0.5414 size=260"),
        said("10:10:00", "Partial close: XRPUSDT LONG size=130 @ 0.5419 pnl=0.06"),
        said("10:20:00", "Closed long position XRPUSDT @ 0.5432 size=130 pnl=0.23"),
    )
    row = "2026-03-04 10:20:00,XRPUSDT,LONG,0.3"
    assert states(audit(tmp_path, (*START, *lines), FIRST, row, header=SPARSE)) == ["recorded"] * 3


def test_equal_parts_within_seconds_have_a_row_each(tmp_path: Path) -> None:
    lines = (
        OPEN.replace("0.30", "0.20"),
        said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60100.00 pnl=10.00"),
        said("10:10:04", "Closed long position BTCUSDT pnl=10.00"),
    )
    rows = (f"2026-03-04 10:10:{at},BTCUSDT,LONG,0.10,60000.00,60100.00,10.00" for at in ("00", "04"))
    found = audit(tmp_path, (*START, *lines), ETH, *rows)
    assert states(found) == ["recorded"] * 3
    assert "LA107" not in rules(found)


def test_the_row_of_a_whole_position_may_lack_its_time(tmp_path: Path) -> None:
    lines = (*START, *SIZED)
    found = audit(tmp_path, lines, FIRST, "n/a,BTCUSDT,LONG,50.00", header=SPARSE)
    assert states(found)[1:] == ["unverifiable"] * 3


def test_a_result_of_zero_without_a_time_is_a_row_all_the_same(tmp_path: Path) -> None:
    lines = (*START, OPEN, said("10:20:00", "Closed long position BTCUSDT @ 60000.01 size=0.30 pnl=0.004"))
    found = audit(tmp_path, lines, FIRST, "n/a,BTCUSDT,LONG,0.00", header=SPARSE)
    assert states(found) == ["recorded", "unverifiable"]


# --- Parts whose open, or one of which, stands in no line.

CUT = (
    said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60100.00 pnl=10.00"),
    said("10:30:00", "Closed long position BTCUSDT @ 60200.00 size=0.10 pnl=20.00"),
)


def test_the_row_of_a_position_whose_open_the_log_lacks_adds_its_parts_up(tmp_path: Path) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,SELL,0.20,60000.00,60150.00,30.00"
    assert states(audit(tmp_path, (*START, *CUT), ETH, row)) == ["recorded"] * 3


def test_a_row_that_differs_from_the_last_part_may_be_of_all_and_of_some_that_no_line_tells(
    tmp_path: Path,
) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,60133.33,40.00"
    found = audit(tmp_path, (*START, OPEN, *CUT), ETH, row)
    assert states(found)[1:3] == ["unverifiable"] * 2
    assert "LA106" not in rules(found)


def test_so_may_the_row_of_the_only_part_that_a_line_tells(tmp_path: Path) -> None:
    """The log lost the line of one of two parts: the row has the size of the open, and another result."""
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,60133.33,40.00"
    found = audit(tmp_path, (*START, OPEN, CUT[1]), ETH, row)
    assert states(found)[:2] == ["recorded", "unverifiable"]
    assert "LA106" not in rules(found)


@pytest.mark.parametrize("row", ["0.30,60000.00,60200.00,20.00", "0.20,60000.00,60133.33,40.00"])
def test_another_size_alone_and_a_size_of_nothing_stay_differences(tmp_path: Path, row: str) -> None:
    found = audit(tmp_path, (*START, OPEN, *CUT[1:]), ETH, f"2026-03-04 10:30:00,BTCUSDT,LONG,{row}")
    assert states(found) == ["recorded", "recorded"]
    assert "LA106" in rules(found)


def test_so_may_one_at_the_time_of_a_last_part_that_is_larger(tmp_path: Path) -> None:
    last = said("10:30:00", "SHORT position closed for BTCUSDT at 60965.52, PnL -23.91 USDT, size 0.036")
    row = "2026-03-04 10:30:00.120,BTCUSDT,short,0.11,60361.9,60328.9686,3.62245,6.637998,-3.015548"
    header = "time,pair,direction,qty,entry_price,exit_price,gross_pnl,fee,net_pnl"
    found = audit(tmp_path, (*START, last), row, header=header)
    assert "silent-drop" not in states(found)[1:]
    assert "orphan-row" not in states(found)


def test_a_row_with_the_size_of_the_last_part_is_a_wrong_row_of_it(tmp_path: Path) -> None:
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.10,60000.00,60200.00,27.00"
    found = audit(tmp_path, (*START, OPEN, *CUT), ETH, row)
    assert states(found)[1:] == ["silent-drop", "recorded"]
    assert "LA106" in rules(found)


@pytest.mark.parametrize(("acknowledged", "state"), [(True, "recorded"), (False, "unverifiable")])
def test_parts_of_equal_values_that_a_row_adds_up_are_not_lost(
    tmp_path: Path, *, acknowledged: bool, state: str
) -> None:
    lines: list[str] = [OPEN]
    for at, words in (
        ("10:10:00", "BTCUSDT LONG partially closed @ 60000.00 pnl=-4.90"),
        ("10:20:00", "BTCUSDT LONG partially closed @ 61874.10 pnl=56.34"),
        ("10:30:00", "Closed long position BTCUSDT @ 61874.10 pnl=56.34"),
    ):
        ack = said(at, "Trade recorded: BTCUSDT long").replace("bot.engine:run", "bot.recorder:record")
        lines += [said(at, words), ack.replace(".120", ".140")][: 1 + acknowledged]
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.30,60000.00,61249.40,107.78"
    assert {*states(audit(tmp_path, (*START, *lines), ETH, row))[1:]} == {state}


def test_parts_a_moment_apart_have_one_row_whose_side_is_the_order_s(tmp_path: Path) -> None:
    lines = (
        OPEN,
        said("10:10:00", "BTCUSDT LONG partially closed @ 60100.00 pnl=9.00"),
        said("10:10:14", "BTCUSDT LONG partially closed @ 60200.00 pnl=19.00"),
        said("10:10:28", "Closed long position BTCUSDT @ 60300.00 pnl=29.00"),
    )
    row = "2026-03-04 10:10:28,BTCUSDT,SELL,0.30,60000.00,60200.00,57.00"
    assert states(audit(tmp_path, (*START, *lines), ETH, row)) == ["recorded"] * 4


def test_a_row_in_doubt_for_one_part_is_in_doubt_for_the_parts_beside_it(tmp_path: Path) -> None:
    """Its clock is five and a half hours ahead, and no other row shows that."""
    lines = (
        said("10:20:00", "BTCUSDT LONG partially closed size=0.10 pnl=2.52"),
        said("10:40:00", "Closed long position BTCUSDT pnl=0.35"),
    )
    rows = "2026-02-23 20:00:00,SOLUSDT,LONG,-323.2712", "2026-03-04 16:10:00,BTCUSDT,LONG,2.8640"
    found = audit(tmp_path, lines, *rows, header=SPARSE)
    assert "silent-drop" not in states(found)


def test_money_of_zero_beside_another_size_adds_no_parts_up_that_have_their_rows(tmp_path: Path) -> None:
    """Told again by a message of two digits, 0.55 s later."""
    lines: list[str] = []
    for at, words, short in (
        ("10:10:13", "Partial close: BTCUSDT LONG @ 59999.87 pnl=-0.0132", "-0.01"),
        ("10:10:28", "Closed long position BTCUSDT @ 60000.09 pnl=+0.0088", "+0.01"),
    ):
        echo = said(at, f"📣 Closed LONG BTCUSDT: PnL {short}").replace("bot.engine:run", "bot.notify:send")
        lines += [said(at, words), echo.replace(".120", ".670")]
    rows = (
        "2026-03-04 10:10:13,BTCUSDT,LONG,0.10,60000.00,59999.87,-0.02",
        "2026-03-04 10:10:28,BTCUSDT,LONG,0.10,60000.00,60000.09,0.00",
    )
    opened = OPEN.replace("0.30", "0.20")
    header = HEADER.replace("pnl", "net_pnl")
    assert states(audit(tmp_path, (*START, opened, *lines), ETH, *rows, header=header)) == ["recorded"] * 3


# --- Parts that are announced again.


def test_a_message_of_fewer_digits_is_no_part_that_a_row_adds_up(tmp_path: Path) -> None:
    """The row's net is what both results seem to sum up to; it is that of the close, after its fee."""
    lines = (
        said("10:00:00", "Opened short position BTCUSDT @ 60000.00 size=0.30"),
        said("10:20:00", "Closed short position BTCUSDT @ 60000.04 pnl=-0.0121"),
        said("10:20:00", "Telegram message sent: BTCUSDT closed, PnL -0.01 USDT")
        .replace(".120", ".212")
        .replace("bot.engine:run", "bot.notify:send"),
    )
    row = "2026-03-04 10:20:00,BTCUSDT,buy,-0.0121,0.01379125,-0.02589125"
    header = "closed_at,symbol,side,gross_pnl,fee,net_pnl"
    found = audit(tmp_path, (START[0], *lines), row, header=header)
    assert "silent-drop" not in states(found)


@pytest.mark.parametrize(
    ("opened", "told"),
    [("0.20", ["recorded"] * 3), ("0.30", ["recorded", "recorded", "silent-drop", "recorded"])],
)
def test_a_part_that_is_announced_again_is_none_where_rows_account_for_all(
    tmp_path: Path, opened: str, told: list[str]
) -> None:
    lines = (
        OPEN.replace("0.30", opened),
        said("10:10:00", "Partial close: BTCUSDT LONG size=0.10 @ 60100.00 pnl=10.00"),
        said("10:10:08", "Partial close: BTCUSDT LONG size=0.10 @ 60100.00 pnl=10.00"),
        said("10:30:00", "Closed long position BTCUSDT @ 60200.00 size=0.10 pnl=20.00"),
    )
    rows = (
        "2026-03-04 10:10:00,BTCUSDT,LONG,0.10,60000.00,60100.00,10.00",
        "2026-03-04 10:30:00,BTCUSDT,LONG,0.10,60000.00,60200.00,20.00",
    )
    assert states(audit(tmp_path, (*START, *lines), ETH, *rows)) == told


def test_a_whole_position_s_row_adds_up_what_is_left_without_repeats(tmp_path: Path) -> None:
    """0.05 closed, told twice more, then the other 0.05: the row is of the two."""
    part = "BTCUSDT LONG partially closed @ 60973.47 size=0.05 pnl=48.67"
    lines = (
        OPEN.replace("0.30", "0.10"),
        *(said(at, part) for at in ("10:10:00", "10:10:04", "10:10:08")),
        said("10:30:00", "Closed long position BTCUSDT @ 61086.22 size=0.05 pnl=54.31"),
    )
    row = "2026-03-04 10:30:00,BTCUSDT,LONG,0.10,60000.00,61029.845,102.98"
    assert states(audit(tmp_path, (*START, *lines), ETH, row)) == ["recorded"] * 3


def test_parts_with_rows_of_their_own_are_not_added_up_by_a_fee(tmp_path: Path) -> None:
    lines = (
        said("10:00:00", "Opened long position BTCUSDT @ 60000.00 size=0.20"),
        said("10:10:00", "BTCUSDT LONG partially closed @ 60100.00 size=0.10 pnl=10.00"),
        said("10:20:00", "Closed long position BTCUSDT @ 59900.00 size=0.10 pnl=-10.00"),
    )
    rows = (
        "2026-03-04 09:30:00,ETHUSDT,12.37",
        "2026-03-04 10:10:00,BTCUSDT,4.00",
        "2026-03-04 10:20:00,BTCUSDT,-16.00",
    )
    found = audit(tmp_path, (*START, *lines), *rows, header="time,symbol,net_pnl")
    assert states(found) == ["recorded"] * 3
    assert rules(found).isdisjoint({"LA105", "LA106", "LA107"})


def test_a_pair_at_the_distance_of_another_in_doubt_is_in_doubt_with_it(tmp_path: Path) -> None:
    """The rows are five hours early, and the second pair shows no number but 0."""
    lines = (
        said("10:00:00", "Opened short position BTCUSDT @ 60000.00 size=0.10"),
        said("10:20:00", "Closed short position BTCUSDT @ 60000.00 pnl=-0.00"),
    )
    first = "2026-03-04 04:10:00,2026-03-04 04:30:00,ETHUSDT,LONG,15.3800"
    rows = first, first, "2026-03-04 05:00:00,2026-03-04 05:20:00,BTCUSDT,SHORT,0.000000"
    found = audit(tmp_path, (*START, *lines), *rows, header="open_time,closed_at,symbol,side,gross_pnl")
    assert "silent-drop" not in states(found)


def test_a_sum_of_rounded_parts_is_the_net_that_it_is_nearest_to(tmp_path: Path) -> None:
    """The sum of three rounded parts is off by more than its digits."""
    lines = (
        OPEN,
        said("10:10:00", "BTCUSDT LONG partially closed @ 60100.00 size=0.10 pnl=4.004"),
        said("10:20:00", "BTCUSDT LONG partially closed @ 60200.00 size=0.10 pnl=14.004"),
        said("10:30:00", "Closed long position BTCUSDT @ 60300.00 size=0.10 pnl=24.004"),
    )
    rows = (
        "2026-03-04 09:30:00,ETHUSDT,1.5,2000.50,2010.75,18.38,3.00,15.3800",
        "2026-03-04 10:30:00,BTCUSDT,0.30,60000.00,60200.00,60.00,17.9866,42.0134",
    )
    found = audit(
        tmp_path, (*START, *lines), *rows, header="time,symbol,size,entry,exit,gross_pnl,fee,net_pnl"
    )
    assert states(found) == ["recorded"] * 4


@pytest.mark.parametrize(
    ("size", "pnl", "duplicate"), [("", "0.03", True), (" size=4", "0.03", False), ("", "12.46", False)]
)
def test_two_equal_rows_are_fills_where_more_than_a_digit_says_so(
    tmp_path: Path, *, size: str, pnl: str, duplicate: bool
) -> None:
    lines = (
        said("10:00:00", "Opened long position SOLUSDT @ 100.00"),
        said("10:20:00", f"Closed long position SOLUSDT @ 100.01{size} pnl={pnl}"),
    )
    half = "0.017,0.005,0.012" if pnl == "0.03" else "6.23,0.00,6.23"
    rows = [f"2026-03-04 10:20:00,SOLUSDT,LONG,2,100.00,100.01,{half}"] * 2
    first = "2026-03-04 09:30:00,ETHUSDT,LONG,1.5,2000.50,2010.75,15.38,0.00,15.38"
    header = "time,symbol,side,size,entry,exit,gross_pnl,fee,net_pnl"
    assert ("LA107" in rules(audit(tmp_path, (*START, *lines), first, *rows, header=header))) is duplicate


def test_parts_that_seem_repeats_add_up_but_for_a_fee(tmp_path: Path) -> None:
    """Nothing tells the sizes of the parts, and they bear one id; the row is before fees of 1.18."""
    told = '"id": 8418, "symbol": "BTC/USDT:USDT", "side": "short", "entry_price": 59287.33'
    lines = [said("10:00:00", f'Position opened {{{told}, "size": 0.02}}')]
    lines += [
        said(at, f'Position closed {{{told}, "exit_price": {price}, "pnl": {pnl}}}')
        for at, price, pnl in (
            ("10:00:14", "59284.95", "-0.3983"),
            ("10:00:28", "59880.2", "-4.5672"),
            ("10:00:42", "58342.63", "5.3153"),
        )
    ]
    rows = (
        "2026-03-04 09:30:00,ETHUSDT,LONG,1.5,2000.50,2010.75,18.38",
        "2026-03-04 10:00:42,BTCUSDT,SHORT,0.02,59287.33,59210.5915,1.53477",
    )
    found = audit(tmp_path, (*START, *lines), *rows, header=HEADER.replace("pnl", "gross_pnl"))
    assert states(found) == ["recorded"] * 4


def test_parts_that_seem_repeats_have_rows_whose_side_is_the_order_s(tmp_path: Path) -> None:
    lines = (
        said("10:00:00", "Opened short position DOGEUSDT @ 0.12374 size=230"),
        said("10:00:10", "DOGEUSDT SHORT partially closed @ 0.12295 pnl=0.06"),
        said("10:00:20", "DOGEUSDT SHORT partially closed @ 0.12195 pnl=0.14"),
        said("10:00:30", "Closed short position DOGEUSDT @ 0.12374 pnl=-0.01 reason=tp"),
    )
    rows = (
        ETH.replace("LONG", "SELL"),
        "2026-03-04 10:00:10,DOGEUSDT,BUY,77,0.12374,0.12295,0.06083",
        "2026-03-04 10:00:20,DOGEUSDT,BUY,77,0.12374,0.12195,0.13783",
        "2026-03-04 10:00:30,DOGEUSDT,BUY,76,0.12374,0.12374,-0.008",
    )
    found = audit(tmp_path, (*START, *lines), *rows)
    assert states(found) == ["recorded"] * 4


def test_parts_without_sizes_differ_from_their_rows_by_a_fee(tmp_path: Path) -> None:
    lines, rows = list(START[:1]), []
    for hour, (entry, first, last) in enumerate(
        ((60000, 60500, 60800), (61000, 60700, 61400), (62000, 62300, 61900))
    ):
        lines.append(said(f"1{hour}:00:00", f"Opened long position BTCUSDT @ {entry}.00 size=0.20"))
        for at, words, price in (
            ("10", "BTCUSDT LONG partially closed", first),
            ("40", "Closed long position BTCUSDT", last),
        ):
            gross = (price - entry) * 0.1
            lines.append(said(f"1{hour}:{at}:00", f"{words} @ {price}.00 pnl={gross - 6.05:.2f}"))
            rows.append(f"2026-03-04 1{hour}:{at}:00,BTCUSDT,LONG,{gross:.2f}")
    found = audit(tmp_path, tuple(lines), *rows, header="time,symbol,side,gross_pnl")
    assert states(found) == ["recorded"] * 6
    assert "LA106" not in rules(found)


def test_a_row_with_the_side_of_an_order_is_not_the_close_of_the_other_side_beside_its_own(
    tmp_path: Path,
) -> None:
    """Three closes within ten seconds, rows some seconds late, and sides that are the orders'."""
    lines: list[str] = []
    rows: list[str] = []
    for i, pnl in enumerate(("1.11", "2.22", "3.33", "4.44", "5.55")):
        lines += [
            said(f"10:{i}0:00", "Opened short position SOLUSDT @ 140.00 size=1.0"),
            said(f"10:{i}5:00", f"Closed short position SOLUSDT @ 139.00 pnl={pnl}"),
        ]
        rows.append(f"2026-03-04 10:{i}5:18,SOLUSDT,buy,{pnl}")
    for at, at_end, side, pnl in (
        ("11:00:00", "11:02:50", "long", "0.35"),
        ("11:02:51", "11:02:55", "short", "-0.62"),
        ("11:02:56", "11:03:00", "long", "0.85"),
    ):
        lines += [
            said(at, f"Opened {side} position SOLUSDT @ 140.00 size=1.0"),
            said(at_end, f"Closed {side} position SOLUSDT @ 141.00 pnl={pnl}"),
        ]
    rows += [
        "2026-03-04 11:03:08,SOLUSDT,sell,0.35",
        "2026-03-04 11:03:13,SOLUSDT,buy,-0.62",
        "2026-03-04 11:03:18,SOLUSDT,sell,0.85",
    ]
    found = audit(tmp_path, tuple(lines), *rows, header=SPARSE)
    assert states(found) == ["recorded"] * 8
    assert "LA106" not in rules(found)
