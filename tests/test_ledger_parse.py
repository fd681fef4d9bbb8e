"""Trades files: rows, and every line that is not one, with its place and reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.location import Address, Role
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import AsideReason, EntryKind, LedgerStatus
from logaudit.ledger import Ledger, Newline, RejectReason, parse_ledger
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import lines

SIDES = {"long": "long", "short": "short", "buy": "long", "sell": "short"}
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,commission,net_pnl,duration_sec,reason"
ROW = "2025-11-23T02:40:12.416680,ETH-USDT,short,2700.5000,2690.0000,0.10,1.0500,0.0500,1.0000,60.25,tp"


def numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines as the sources deliver them: offset and bytes, line ends removed."""
    return lines([data])


def read(text: str | bytes, name: str = "trades_2025-11-23.csv", spec: LedgerSpec | None = None) -> Ledger:
    data = text.encode() if isinstance(text, str) else text
    return parse_ledger(
        numbered(data),
        Address("logs/" + name),
        spec or LedgerSpec(),
        SIDES,
        ended=lambda: data.endswith(b"\n"),
    )


def reasons(ledger: Ledger) -> list[tuple[int, RejectReason]]:
    return [(rejected.location.line, rejected.reason) for rejected in ledger.rejected]


def test_a_row_is_read_exactly():
    ledger = read(f"{HEADER}\n{ROW}\n")
    (row,) = ledger.rows
    assert row.at.iso() == "2025-11-23T02:40:12.416680"
    told = row.fields
    assert (row.number, told.symbol, told.side, told.reason) == (0, "ETH-USDT", PositionSide.SHORT, "tp")
    assert (told.entry_price, told.exit_price) == (Decimal("2700.5000"), Decimal("2690.0000"))
    assert str(told.entry_price) == "2700.5000"
    assert (told.size, told.gross_pnl) == (Decimal("0.10"), Decimal("1.0500"))
    assert (told.commission, told.net_pnl) == (Decimal("0.0500"), Decimal("1.0000"))
    assert told.duration_sec == Decimal("60.25")
    assert row.kind is EntryKind.CLOSED_TRADE
    assert row.blank == frozenset()
    assert dict(row.cells)["size"] == "0.10"
    assert row.location.cite() == "logs/trades_2025-11-23.csv:2"
    assert (row.location.text, row.location.role, row.location.byte) == (ROW, Role.ROW, len(HEADER) + 1)


def test_the_file_s_own_facts_are_kept():
    ledger = read(f"{HEADER}\n{ROW}\n")
    assert ledger.header == tuple(HEADER.split(","))
    assert ledger.columns["net_pnl"] == 8
    assert ledger.name_date == date(2025, 11, 23)
    assert ledger.size == len(HEADER) + 1 + len(ROW)
    assert (ledger.newline, ledger.lines, ledger.torn_tail) == (Newline.LF, 2, False)
    assert (ledger.status, ledger.rejected, ledger.offset, ledger.copies) == (LedgerStatus.OK, (), None, ())


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        (f"{HEADER}\r\n{ROW}\r\n", Newline.CRLF),
        (f"{HEADER}\r\n{ROW}", Newline.CRLF),
        (f"{HEADER}\r\r\n{ROW}", Newline.CRLF),
        (f"{HEADER}\n{ROW}\r\n{ROW}\n", Newline.MIXED),
        (f"{HEADER}\n", Newline.LF),
        (HEADER, Newline.NONE),
        ("", Newline.NONE),
    ],
)
def test_line_ends_are_told_though_lines_come_without(text, newline):
    assert read(text).newline is newline


def test_carriage_returns_that_are_still_there_are_line_ends():
    data = [(0, HEADER.encode() + b"\r"), (len(HEADER) + 2, ROW.encode() + b"\r")]
    ledger = parse_ledger(data, Address("t.csv"), LedgerSpec(), SIDES)
    assert ledger.newline is Newline.CRLF
    assert ledger.rows[0].fields.reason == "tp"


def test_a_last_row_without_a_line_end_is_whole_when_no_cell_is_missing():
    ledger = read(f"{HEADER}\n{ROW}")
    assert len(ledger.rows) == 1
    assert not ledger.torn_tail


@pytest.mark.parametrize("cut", ["2025-11-2", "2025-11-23T02:41:00.1,ETH-USDT,sho", ROW.rpartition(",")[0]])
def test_a_file_that_breaks_off_in_a_row_is_torn(cut):
    ledger = read(f"{HEADER}\n{ROW}\n{cut}")
    assert len(ledger.rows) == 1
    assert ledger.torn_tail
    assert reasons(ledger) == [(3, RejectReason.TORN)]
    assert ledger.rejected[0].location.text == cut


def test_without_knowing_the_end_a_short_last_line_is_torn():
    data = numbered(f"{HEADER}\n{ROW}\n2025-11-23T02:4".encode())
    ledger = parse_ledger(data, Address("t.csv"), LedgerSpec(), SIDES)
    assert reasons(ledger) == [(3, RejectReason.TORN)]
    assert ledger.torn_tail


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-11-23T02:41:00,ETH-USDT,long", RejectReason.SHORT),
        (ROW + "," + ROW, RejectReason.OVER_LONG),
        (ROW[:20] + ROW, RejectReason.BAD_TIME),
        (ROW.replace("2025-11-23T02:40:12.416680", "yesterday"), RejectReason.BAD_TIME),
        (ROW.replace("2025-11-23T02:40:12.416680", "2025-11-23"), RejectReason.BAD_TIME),
        (ROW.replace("2025-11-23T02:40:12.416680", ""), RejectReason.NO_TIME),
        (ROW.replace("2690.0000", "26x90"), RejectReason.BAD_NUMBER),
        (ROW.replace("2690.0000", "inf"), RejectReason.BAD_NUMBER),
        (ROW.replace("2690.0000", "1e999999999"), RejectReason.BAD_NUMBER),
        (ROW.replace("2690.0000", "9" * 100), RejectReason.BAD_NUMBER),
        (ROW.replace("ETH-USDT", " "), RejectReason.NO_SYMBOL),
        (ROW.replace("tp", '"tp'), RejectReason.UNCLOSED_QUOTE),
        ("free text", RejectReason.SHORT),
    ],
)
def test_a_line_that_is_no_row_is_kept_with_its_reason_and_the_rows_around_it_stay(line, reason):
    ledger = read(f"{HEADER}\n{ROW}\n{line}\n{ROW}\n")
    assert reasons(ledger) == [(3, reason)]
    assert ledger.rejected[0].location.text == line
    assert ledger.rejected[0].detail
    assert [row.number for row in ledger.rows] == [0, 1]
    assert [row.location.line for row in ledger.rows] == [2, 4]
    assert not ledger.torn_tail


def test_empty_cells_are_blank_values_not_damage():
    ledger = read(f"{HEADER}\n2025-11-23T02:40:12,ETH-USDT,short,,None,nan,,N/A,-0.03,24,\n")
    (row,) = ledger.rows
    assert row.blank == {"entry_price", "exit_price", "size", "gross_pnl", "commission", "reason"}
    assert (row.fields.entry_price, row.fields.net_pnl, row.result) == (
        None,
        Decimal("-0.03"),
        Decimal("-0.03"),
    )


def test_columns_without_meaning_may_be_missing_at_the_end():
    ledger = read(f"{HEADER},win_rate,streak\n{ROW},50.00,2\n{ROW}\n")
    assert len(ledger.rows) == 2
    assert tuple(ledger.rows[1].cells)[-2:] == (("win_rate", ""), ("streak", ""))


def test_but_not_where_the_file_breaks_off():
    ledger = read(f"{HEADER},win_rate\n{ROW},50.00\n{ROW}")
    assert len(ledger.rows) == 1
    assert reasons(ledger) == [(3, RejectReason.TORN)]


def test_blank_lines_and_empty_cells_after_the_last_column_are_ignored():
    ledger = read(f"\n{HEADER}\n\n{ROW},,\n   \n")
    assert len(ledger.rows) == 1
    assert (ledger.rejected, ledger.blank_lines) == ((), 3)


def test_a_repeated_header_is_a_restart():
    ledger = read(f"{HEADER}\n{ROW}\n{HEADER}\n{ROW}\n")
    assert len(ledger.rows) == 2
    assert (ledger.rejected, ledger.header_changes, ledger.repeats) == ((), (), 1)


def test_another_header_remaps_the_rows_after_it():
    ledger = read(f"{HEADER}\n{ROW}\ntime;pair;pnl\n2025-11-23 03:00:00;BTC-USDT;1,5\n{HEADER}\n{ROW}\n")
    assert [(c.location.line, c.header[0]) for c in ledger.header_changes] == [(3, "time"), (5, "timestamp")]
    assert [row.fields.symbol for row in ledger.rows] == ["ETH-USDT", "BTC-USDT", "ETH-USDT"]
    assert ledger.rows[1].fields.gross_pnl == Decimal("1.5")
    assert ledger.header == tuple(HEADER.split(","))


def test_a_preamble_is_no_damage_and_its_zone_is_the_rows_zone():
    text = "\ufeffUID:1,Account Type:Unified,Time Zone:UTC+8\nTime,Symbol,PnL\n2025-11-23 02:40:12,BTC,1\n"
    ledger = read(text)
    assert [place.line for place in ledger.preamble] == [1]
    assert ledger.rejected == ()
    assert ledger.rows[0].at.offset == ledger.offset == 28_800


def test_a_header_may_state_the_zone_and_a_cell_may_overrule_it():
    ledger = read("Time(UTC+3);Symbol;PnL\n2025-11-23 02:40:12;BTC;1\n2025-11-23T02:40:12Z;BTC;1\n")
    assert [row.at.offset for row in ledger.rows] == [10_800, 0]


def test_a_bom_is_no_part_of_the_header():
    assert read("\ufeff" + f"{HEADER}\n{ROW}\n").header[0] == "timestamp"


def test_files_put_one_behind_the_other_repeat_header_and_bom():
    ledger = read(f"\ufeff{HEADER}\n{ROW}\n\ufeff{HEADER}\n{ROW}\n")
    assert (len(ledger.rows), ledger.repeats, ledger.header_changes) == (2, 1, ())


def test_quoted_cells_and_line_breaks_in_them_are_one_row():
    header = "time,symbol,reason,pnl"
    ledger = read(f'{header}\n2025-11-23 02:40:12,"BTC-USDT","a ""b"",\r\nsecond\r\nthird",1\n{ROW}\n')
    (row,) = ledger.rows
    assert row.fields.reason == 'a "b",\nsecond\nthird'
    assert row.location.line == 2
    assert reasons(ledger) == [(5, RejectReason.OVER_LONG)]


def test_a_stray_quote_swallows_no_row():
    broken = ROW.replace("short", '"short')
    ledger = read("\n".join([HEADER, broken, *[ROW] * 200, ""]))
    assert len(ledger.rows) == 200
    assert reasons(ledger) == [(2, RejectReason.UNCLOSED_QUOTE)]


def test_two_stray_quotes_swallow_nothing_between_them():
    broken = ROW.replace("short", '"short')
    ledger = read(f"{HEADER}\n{broken}\n{ROW}\n{broken}\n{ROW}\n")
    assert [row.location.line for row in ledger.rows] == [3, 5]
    assert [line for line, _ in reasons(ledger)] == [2, 4]


def test_nuls_are_taken_out_and_noted():
    ledger = read(f"{HEADER}\n".encode() + b"\0\0\0" + ROW.encode() + b"\n\0\0\0\n")
    assert len(ledger.rows) == 1
    assert [place.line for place in ledger.nuls] == [2, 3]
    assert ledger.blank_lines == 1


def test_bytes_that_are_no_text_are_shown_escaped():
    ledger = read(f"{HEADER}\n{ROW}".encode() + b"\xff\n")
    assert ledger.rows[0].fields.reason == r"tp\xff"


def test_rows_without_any_header_are_kept_as_rejected():
    ledger = read(f"{ROW}\n{ROW}\n")
    assert reasons(ledger) == [(1, RejectReason.NO_HEADER), (2, RejectReason.NO_HEADER)]
    assert ledger.status is LedgerStatus.MALFORMED
    assert ledger.header == ()


def test_a_header_below_headless_rows_is_used_from_there_on():
    ledger = read(f"{ROW}\n{HEADER}\n{ROW}\n")
    assert reasons(ledger) == [(1, RejectReason.NO_HEADER)]
    assert len(ledger.rows) == 1
    assert ledger.header_changes == ()


def test_text_without_any_header_is_rejected_not_taken_for_a_preamble():
    ledger = read("some words\nmore words\n" * 10)
    assert ledger.preamble == ()
    assert [line for line, _ in reasons(ledger)] == list(range(1, 21))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", LedgerStatus.EMPTY),
        ("\n \n", LedgerStatus.EMPTY),
        (f"{HEADER}\n", LedgerStatus.HEADER_ONLY),
        (HEADER, LedgerStatus.HEADER_ONLY),
        (f"{HEADER}\n{ROW}\nx\n", LedgerStatus.OK),
        (f"{HEADER}\nx\n", LedgerStatus.MALFORMED),
        ("x\n", LedgerStatus.MALFORMED),
    ],
)
def test_the_status_tells_what_the_file_can_testify(text, status):
    assert read(text).status is status


def test_a_position_that_is_still_open_is_not_damage():
    ledger = read("pair,open_date,close_date,close_rate\nBTC/USDT,2025-11-23 02:00:00,,\n")
    assert reasons(ledger) == []
    assert [(a.location.line, a.kind, a.reason) for a in ledger.aside] == [
        (2, EntryKind.OPEN_POSITION, AsideReason.OPEN)
    ]
    assert ledger.status is LedgerStatus.HEADER_ONLY
    assert not ledger.torn_tail


@pytest.mark.parametrize(
    ("header", "word", "side"),
    [
        ("side", "SHORT", PositionSide.SHORT),
        ("side", "Buy", PositionSide.LONG),
        ("side", "unheard", None),
        ("side", "", None),
        ("is_short", "1", PositionSide.SHORT),
        ("is_short", "True", PositionSide.SHORT),
        ("is_short", "False", PositionSide.LONG),
        ("is_short", "0", PositionSide.LONG),
        ("is_short", "perhaps", None),
        ("is_long", "true", PositionSide.LONG),
        ("Closing Direction", "Sell", PositionSide.LONG),
        ("Closing Direction", "buy", PositionSide.SHORT),
        ("Closing Direction", "short", PositionSide.SHORT),
    ],
)
def test_sides_are_read_in_the_table_s_own_words(header, word, side):
    (row,) = read(f"time,symbol,{header},pnl\n2025-11-23 02:40:12,BTC,{word},1\n").rows
    assert row.fields.side is side
    unread = [(bad.field, bad.text, bad.place) for bad in row.unread]
    assert unread == ([] if side or not word else [(FieldName.SIDE, word, row.location)])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"1,234.50"', "1234.50"),
        ("+2.50", "2.50"),
        ("-0.0000", "-0.0000"),
        ("0.48 ETH", "0.48"),
        ("1.5e-05", "0.000015"),
        ("$12.5", "12.5"),
    ],
)
def test_numbers_are_exact_in_all_their_spellings(text, value):
    (row,) = read(f"time,symbol,pnl\n2025-11-23 02:40:12,BTC,{text}\n").rows
    assert str(row.fields.gross_pnl) == str(Decimal(value))


def test_a_duration_on_a_clock_is_seconds():
    (row,) = read("time,symbol,pnl,duration_sec\n2025-11-23 02:40:12,BTC,1,1:00:02.50\n").rows
    assert row.fields.duration_sec == Decimal("3602.50")


def test_epoch_times_are_utc():
    (row,) = read("timestamp,symbol,pnl\n1700000000123,BTC,1\n").rows
    assert row.at == Stamp(1_700_000_000_123_000, 1_000, 0)


def test_a_date_in_another_column_completes_the_time():
    (row,) = read("date,time,symbol,pnl\n2025-11-22,02:40:12,BTC,1\n").rows
    assert row.at.iso() == "2025-11-22T02:40:12"


def test_the_name_s_date_completes_times_of_day_and_midnight_turns_it():
    ledger = read("time,symbol,pnl\n23:50:00,BTC,1\n00:10:00.5,BTC,1\n")
    assert [row.at.iso() for row in ledger.rows] == ["2025-11-23T23:50:00", "2025-11-24T00:10:00.500"]


def test_times_of_day_without_any_date_are_not_guessed():
    ledger = read("time,symbol,pnl\n23:50:00,BTC,1\n", name="trades.csv")
    assert reasons(ledger) == [(2, RejectReason.BAD_TIME)]


def test_a_profile_s_columns_are_used():
    spec = LedgerSpec(columns={"net_pnl": ("итог",), "closed": ("закрыта",), "symbol": ("пара",)})
    (row,) = read("Закрыта;Пара;Итог\n23.11.2025 02:40;BTC;-1,25\n", spec=spec).rows
    assert row.fields.net_pnl == Decimal("-1.25")


def test_a_member_of_an_archive_is_dated_by_its_own_name():
    address = Address("all_2025-01-01.zip", "logs/trades_2025-11-23.csv")
    ledger = parse_ledger(numbered(HEADER.encode()), address, LedgerSpec(), SIDES)
    assert ledger.name_date == date(2025, 11, 23)


def test_two_whole_rows_on_one_line_are_two_rows():
    """The time that begins a row tells its first cell from the last one of the row before."""
    second = ROW.replace("02:40:12.416680", "02:51:00.000001").replace("ETH", "SOL")
    ledger = read(f"{HEADER}\n{ROW}{second}\n{ROW}\n")
    assert [row.fields.symbol for row in ledger.rows] == ["ETH-USDT", "SOL-USDT", "ETH-USDT"]
    assert [row.fields.reason for row in ledger.rows] == ["tp"] * 3
    assert reasons(ledger) == [(2, RejectReason.GLUED)]
    assert len({row.location for row in ledger.rows}) == len(ledger.rows)


@pytest.mark.parametrize("joint", ["tp", "tp7", "tp 02:51", "tp2025-11-23T02:51:00.000001"])
def test_a_long_line_that_is_not_whole_rows_stays_one(joint):
    ledger = read(f"{HEADER}\n{ROW.removesuffix('tp')}{joint},SOL-USDT,short,dear,1,1,1,1,1,1,tp\n{ROW}\n")
    assert reasons(ledger) == [(2, RejectReason.OVER_LONG)]
    assert len(ledger.rows) == 1


def test_a_date_that_a_spreadsheet_shows_as_hashes_makes_no_comment_of_its_row():
    ledger = read(
        f"{HEADER}\n{ROW}\n{ROW.replace('2025-11-23T02:40:12.416680', '########')}\n## saved by hand\n"
    )
    assert len(ledger.undated) == 1
    assert str(ledger.undated[0].entry.fields.net_pnl) == "1.0000"
    assert [aside.reason for aside in ledger.aside] == [AsideReason.COMMENT]


def test_columns_of_mean_prices_and_costs_of_funding_are_known():
    header = "closed_at,market,position_side,avg_entry,avg_exit,amount,gross_pnl,fee,funding_cost,net_pnl"
    (row,) = read(f"{header}\n2025-11-23T02:40:12,ETH-USDT,short,2700.5,2690,0.1,1.05,0.05,0.02,0.98\n").rows
    told = row.fields
    assert (str(told.entry_price), str(told.exit_price), str(told.funding)) == ("2700.5", "2690", "0.02")
