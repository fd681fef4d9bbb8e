"""Numbers and dates are read by column: what one cell leaves open, the others decide."""

from __future__ import annotations

from decimal import Decimal

import pytest

from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND, us_of_day
from logaudit.core.trades import AsideReason, EntryKind
from logaudit.ledger import Ledger, RejectReason, parse_ledger
from logaudit.ledger.number_style import Decimals, decide, sign_shown, with_point
from logaudit.ledger.stamps import DateOrder, parse_stamp
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import decode, lines

SIDES = {"long": "long", "short": "short"}


def read(text: str, name: str = "trades.csv", spec: LedgerSpec | None = None) -> Ledger:
    data = text.encode()
    return parse_ledger(
        lines([data]), Address(name), spec or LedgerSpec(), SIDES, ended=lambda: data.endswith(b"\n")
    )


@pytest.mark.parametrize(
    ("cell", "sign"),
    [
        ("0,008", Decimals.COMMA),
        ("41,5", Decimals.COMMA),
        ("-1.234,5", Decimals.COMMA),
        ("12345,678", Decimals.COMMA),
        ("1.234.567", Decimals.COMMA),
        ("1,234.5", Decimals.POINT),
        ("1,234,567", Decimals.POINT),
        ("0.008", Decimals.POINT),
        ("$ 12.5 USDT", Decimals.POINT),
        ("1,234", None),
        ("1.234", None),
        ("1234", None),
        ("tp", None),
        ("", None),
    ],
)
def test_a_cell_shows_a_decimal_sign_only_where_it_cannot_group_thousands(cell, sign):
    assert sign_shown(cell) is sign


def test_a_column_is_decided_by_its_own_cells_before_those_of_others():
    assert decide({"a": ["1,5"], "b": ["1.5"], "c": ["1,234"]}, ",") == {
        "a": Decimals.COMMA,
        "b": Decimals.POINT,
    }


def test_an_open_column_follows_the_others_when_they_agree():
    assert decide({"a": ["0,5", "2"], "b": ["1.234"]}, ";")["b"] is Decimals.COMMA


def test_in_a_column_that_shows_both_signs_and_no_thousands_either_is_a_decimal_sign():
    assert decide({"a": ["0,5", "0.5"]}, ";") == {"a": Decimals.EITHER}
    assert (with_point("1,234", Decimals.EITHER), with_point("1.234", Decimals.EITHER)) == ("1.234", "1.234")


def test_a_column_that_shows_both_signs_and_thousands_is_read_number_by_number():
    assert decide({"a": ["0,5", "1,234.5"]}, ";") == {}


def test_a_comma_between_semicolons_is_a_decimal_comma_when_nothing_says_otherwise():
    assert decide({"a": ["1,234"]}, ";")["a"] is Decimals.COMMA
    assert decide({"a": ["1,234"]}, ",") == {}


def test_a_spreadsheet_with_decimal_commas_keeps_every_digit():
    ledger = read(
        "closed_at;symbol;side;entry_price;exit_price;size;pnl\n"
        "03.11.2025 10:00:00;SOL-USDT;long;1.140,50;1.141,25;0,016;0,012\n"
    )
    fields = ledger.rows[0].fields
    assert (fields.entry_price, fields.exit_price) == (Decimal("1140.50"), Decimal("1141.25"))
    assert (fields.size, fields.gross_pnl) == (Decimal("0.016"), Decimal("0.012"))


def test_a_row_of_another_writer_leaves_the_others_their_decimal_comma():
    """Its points stand beside commas and thousands: 19,629 is read as the other numbers of its own row are."""
    ledger = read(
        "closed_at;symbol;side;entry_price;exit_price;size;pnl\n"
        "03.11.2025 10:00:00;ETH-USDT;long;2.516,06;2.525,63;0,13;1,2441\n"
        "03.11.2025 10:10:00;LINK-USDT;long;19,629;19,721;4;0,3680\n"
        "03.11.2025 10:15:00;ETH-USDT;long;2.516;2.525;0,5;4,5\n"
        "03.11.2025 10:20:00;SOL-USDT;long;171.45;176.57;2.2;11.2640\n"
        "03.11.2025 10:30:00;LINK-USDT;long;19.629;19.721;4;0.3680\n"
    )
    prices = [row.fields.entry_price for row in ledger.rows]
    assert prices == [Decimal(n) for n in ("2516.06", "19.629", "2516", "171.45", "19.629")]


def test_a_number_that_its_row_leaves_open_too_is_read_on_its_own():
    ledger = read(
        "closed_at,symbol,side,exit_price,size\n"
        '2025-11-03 10:00:00,SOL-USDT,long,"1,234",3\n'
        '2025-11-03 10:10:00,SOL-USDT,long,"1,234.5",3\n'
        '2025-11-03 10:20:00,SOL-USDT,long,"0,5",3\n'
    )
    assert ledger.rows[0].fields.exit_price == Decimal(1234)


def test_settings_state_the_decimal_sign_against_the_cells():
    text = "closed_at;symbol;exit_price\n2025-11-03 10:00:00;SOL-USDT;1,234\n"
    assert read(text).rows[0].fields.exit_price == Decimal("1.234")
    stated = read(text, spec=LedgerSpec(decimal="."))
    assert stated.rows[0].fields.exit_price == Decimal(1234)
    assert stated.convention.stated == ("decimal",)


def dates(*times: str, name: str = "trades.csv", spec: LedgerSpec | None = None) -> Ledger:
    rows = "".join(f"{time},SOL-USDT,long,150.10,151.20\n" for time in times)
    return read("closed_at,symbol,side,entry_price,exit_price\n" + rows, name, spec)


def test_one_number_above_twelve_decides_for_the_whole_column():
    ledger = dates("05/11/2025 10:00:00", "17/11/2025 10:00:00")
    assert ledger.rows[0].at.iso() == "2025-11-05T10:00:00"
    assert ledger.convention.order is DateOrder.DAY_FIRST


def test_the_date_in_the_name_decides_where_no_number_does():
    ledger = dates("05/11/2025 10:00:00", name="trades_2025-05-11.csv")
    assert ledger.rows[0].at.iso() == "2025-05-11T10:00:00"
    assert ledger.convention.order is DateOrder.MONTH_FIRST


def test_rows_in_order_of_time_decide_where_the_name_has_no_date():
    # Day first they run back from June to February; month first they follow each other within a week.
    ledger = dates("03/06/2025 10:00:00", "03/07/2025 10:00:00", "04/02/2025 10:00:00")
    assert [row.at.iso()[:10] for row in ledger.rows] == ["2025-03-06", "2025-03-07", "2025-04-02"]


def test_a_date_that_nothing_decides_keeps_both_readings():
    ledger = dates("05/11/2025 10:00:00")
    assert (ledger.rows, ledger.rejected) == ((), ())
    assert [stamp.iso() for stamp in ledger.undated[0].readings] == [
        "2025-11-05T10:00:00",
        "2025-05-11T10:00:00",
    ]
    assert ledger.undated[0].entry.fields.exit_price == Decimal("151.20")
    assert ledger.convention.order_open


def test_settings_state_the_date_order():
    ledger = dates("05/11/2025 10:00:00", spec=LedgerSpec(date_order="month-first"))
    assert ledger.rows[0].at.iso() == "2025-05-11T10:00:00"


def test_both_orders_in_one_column_leave_each_date_to_itself():
    ledger = dates("17/11/2025 10:00:00", "11/18/2025 10:00:00", "11/05/2025 10:00:00")
    assert [row.at.iso()[:10] for row in ledger.rows] == ["2025-11-17", "2025-11-18"]


def test_twenty_four_hours_is_the_next_day():
    assert parse_stamp("2025-11-30 24:05:10") == parse_stamp("2025-12-01 00:05:10")


def test_letters_of_one_zone_name_the_clock_and_are_not_applied():
    ledger = dates("2025-11-05 10:00:00 EST", "2025-11-05 11:00:00 EST")
    assert [row.at.offset for row in ledger.rows] == [None, None]
    assert ledger.convention.zone_words == ("EST",)


def test_letters_of_summer_and_winter_time_are_offsets():
    ledger = dates("2025-11-01 10:00:00 EDT", "2025-11-05 10:00:00 EST")
    assert [row.at.offset for row in ledger.rows] == [-4 * 3600, -5 * 3600]


def test_settings_state_the_zone():
    ledger = dates("2025-11-05 10:00:00", spec=LedgerSpec(zone="Asia/Tokyo"))
    assert ledger.rows[0].at.offset == 9 * 3600
    assert ledger.rows[0].at.us == us_of_day(ledger.rows[0].at.day) + 36_000 * SECOND


def test_lines_that_end_with_carriage_returns_alone_are_rows():
    text = "closed_at,symbol,exit_price\r2025-11-05 10:00:00,SOL-USDT,151.2\r2025-11-05 11:00:00,SOL-USDT,151.3\r"
    fed = b"".join(decode(iter([text.encode()])).blocks).decode()
    assert [row.location.line for row in read(fed).rows] == [2, 3]


HEADER = "closed_at,opened_at,symbol,side,entry_price,exit_price,size,pnl,status\n"
ROW = "2025-11-05 10:00:00,2025-11-05 09:00:00,SOL-USDT,long,150.1,151.2,2,2.2,closed\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("TOTAL,,,,,,,2.2,", AsideReason.TOTAL),
        (",,Sum of trades,,,,,2.2,", AsideReason.TOTAL),
        ("# restarted", AsideReason.COMMENT),
        ("-----,-----,-----,-----,-----,-----,-----,-----,-----", AsideReason.COMMENT),
        ("2025-11-05 16:00:00,,SOL-USDT,,,,,-0.01,funding", AsideReason.PAYMENT),
        ("2025-11-05 16:00:00,,SOL-USDT,,,,,-0.01,", None),
        ("2025-11-05 16:00:00,Funding,SOL-USDT,,,,,-0.01,", AsideReason.PAYMENT),
        ("2025-11-05 16:00:00,,SOL-USDT,funding,0,0,0,-0.01,", AsideReason.PAYMENT),
        ("2025-11-05 16:00:00,,SOL-USDT,long,150.1,151.2,2,2.2,funding", None),
        ("2025-11-05 16:00:00,,SOL-USDT,,,,,,funding", AsideReason.PAYMENT),
        ("2025-11-05 16:00:00,,,balance,,,,10000.00,", AsideReason.PAYMENT),
        (",2025-11-05 09:00:00,SOL-USDT,long,150.1,,2,,open", AsideReason.OPEN),
        ("None,2025-11-05 09:00:00,SOL-USDT,long,150.1,nan,2,-,-", AsideReason.OPEN),
        ("2025-11-05 09:00:00,,SOL-USDT,long,150.1,0.0,2,0.0,OPEN", AsideReason.OPEN),
        (",,SOL-USDT,long,0.0,0.0,0.0,0.0,unknown", AsideReason.NO_TRADE),
        ("2025-11-05 16:00:00,,,,0,0,0,0,", AsideReason.NO_TRADE),
        (",2025-11-05 09:00:00,SOL-USDT,long,150.1,,2,,ENTRY_FAILED", AsideReason.NO_TRADE),
        ("2025-11-05 16:00:00,,SOL-USDT,long,150.1,151.2,2,2.2,failed", None),
    ],
)
def test_what_is_no_trade_is_set_aside_and_is_no_damage(line, reason):
    ledger = read(HEADER + ROW + line + "\n")
    assert ledger.rejected == ()
    assert [a.reason for a in ledger.aside] == ([reason] if reason else [])


def test_figures_without_a_market_are_damage():
    ledger = read(HEADER + ROW + "2025-11-05 16:00:00,,,long,150.1,151.2,2,2.2,closed\n")
    assert [r.reason for r in ledger.rejected] == [RejectReason.NO_SYMBOL]


def test_an_open_position_keeps_its_values():
    ledger = read(HEADER + ",2025-11-05 09:00:00,SOL-USDT,long,150.1,,2,,open\n")
    entry = ledger.aside[0].entry
    assert entry is not None
    assert (entry.kind, entry.fields.entry_price) == (EntryKind.OPEN_POSITION, Decimal("150.1"))


@pytest.mark.parametrize("line", [",,,,,,,,\n", "; ;\t;\n", "| | |\n"])
def test_a_line_of_delimiters_is_blank(line):
    ledger = read(HEADER + ROW + line)
    assert (ledger.blank_lines, ledger.rejected, len(ledger.rows)) == (1, (), 1)


def test_a_result_outweighs_the_word_open():
    assert len(read(HEADER + ROW.replace("closed", "open")).rows) == 1


def test_a_row_whose_time_cannot_be_read_stays_known_by_its_numbers():
    ledger = read(HEADER + ROW.replace("2025-11-05 10:00:00", "yesterday"))
    assert [r.reason for r in ledger.rejected] == [RejectReason.BAD_TIME]
    assert [u.entry.fields.net_pnl or u.entry.fields.gross_pnl for u in ledger.undated] == [Decimal("2.2")]
