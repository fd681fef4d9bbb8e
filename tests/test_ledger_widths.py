"""Rows with more or fewer cells than the header names are read by what their cells hold, or stay rejected."""

from __future__ import annotations

from decimal import Decimal

import pytest

from logaudit.core.location import Address
from logaudit.ledger import Ledger, RejectReason, parse_ledger
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import lines

SIDES = {"long": "long", "short": "short"}
HEADER = "closed_at,symbol,side,entry_price,exit_price,size,pnl,reason"
# (27.40 - 26.90) * 12 = 6.00; (1.310 - 1.290) * 150 = 3.000; (88.2 - 87.5) * 4 = 2.8
FIT = "2026-01-07 08:00:00,LINK-USDT,long,26.90,27.40,12,6.00,tp"


def read(*rows: str, header: str = HEADER) -> Ledger:
    data = "\n".join((header, *rows, "")).encode()
    return parse_ledger(lines([data]), Address("trades.csv"), LedgerSpec(), SIDES, ended=lambda: True)


def test_a_number_added_between_columns_is_found_by_arithmetic():
    ledger = read("2026-01-07 09:00:00,XRP-USDT,short,1.310,1.290,150,0.12,3.000,tp")
    fields = ledger.rows[0].fields
    assert (fields.entry_price, fields.exit_price, fields.size) == (
        Decimal("1.310"),
        Decimal("1.290"),
        Decimal(150),
    )
    assert (fields.gross_pnl, fields.reason) == (Decimal("3.000"), "tp")
    assert [(g.cells, g.named, g.rows, g.unnamed) for g in ledger.widths] == [(9, 8, 1, (7,))]


def test_a_word_added_in_front_is_found_by_the_kinds_of_the_cells():
    wide = "okx,2026-01-07 09:00:00,XRP-USDT,short,1.310,1.290,150,3.000,tp"
    ledger = read(FIT, wide, wide.replace("09:00", "09:10"))
    assert [row.fields.symbol for row in ledger.rows] == ["LINK-USDT", "XRP-USDT", "XRP-USDT"]
    assert ledger.rows[1].fields.gross_pnl == Decimal("3.000")


def test_columns_that_stay_unclear_are_left_out_and_the_rest_is_read():
    # Nothing tells which of two equal numbers is the PnL, so it is not read; time, symbol and side are.
    header = "closed_at,symbol,side,pnl"
    ledger = read("2026-01-07 09:00:00,XRP-USDT,short,3.1,3.2", header=header)
    assert (ledger.rows[0].fields.symbol, ledger.rows[0].fields.gross_pnl) == ("XRP-USDT", None)


def test_a_column_that_rows_of_a_kind_leave_out_is_found_too():
    rows = [
        "2026-01-07 09:00:00,XRP-USDT,1.310,1.290,150,3.000,tp",
        "2026-01-07 09:30:00,SOL-USDT,87.5,88.2,4,2.8,tp",
    ]
    ledger = read(FIT, *rows)
    assert [row.fields.gross_pnl for row in ledger.rows] == [
        Decimal("6.00"),
        Decimal("3.000"),
        Decimal("2.8"),
    ]
    assert ledger.widths[0].lacking == ("side",)


def test_one_line_that_breaks_off_stays_damage():
    ledger = read(FIT, "2026-01-07 09:00:00,XRP-USDT,short,1.310", FIT)
    assert [(r.location.line, r.reason) for r in ledger.rejected] == [(3, RejectReason.SHORT)]


def test_two_rows_on_one_line_stay_rejected_with_their_text():
    glued = FIT + FIT
    ledger = read(FIT, glued)
    assert [r.location.text for r in ledger.rejected] == [glued]
    assert ledger.widths == ()


@pytest.mark.parametrize(
    ("first", "second", "net"),
    [
        ("78309002", "73812001", "-1.9866"),  # 986673812001 would be a moment of 2001
        ("1763629850", "1763630191", "-1.9866"),
        ("2026-01-07 09:30:00", "2026-01-07 09:36:31", "-1.9866"),
    ],
)
def test_rows_on_one_line_are_parted_where_the_second_one_s_first_cell_begins(first, second, net):
    header = "id,closed_at,symbol,side,net_pnl" if first.isdecimal() else "closed_at,symbol,side,net_pnl"
    rest = "2026-01-07 09:30:00,ETH-USDT,short" if len(first) == 8 else "ETH-USDT,short"
    if len(first) == 10:
        header = "closed_at,symbol,side,net_pnl"
    ledger = read(f"{first},{rest},{net}{second},{rest},0.25", header=header)
    assert [str(row.fields.net_pnl) for row in ledger.rows] == [net, "0.25"]


def test_digits_that_nothing_parts_from_the_cell_before_stay_rejected():
    line = "78309002,2026-01-07 09:30:00,ETH-USDT,short,1,2026-01-07 09:36:31,LINK-USDT,short,2"
    assert read(line, header="id,closed_at,symbol,side,net_pnl").rows == ()


def test_a_single_odd_line_among_rows_that_fit_is_damage():
    ledger = read(FIT, FIT.replace(",tp", ",take,profit"), FIT)
    assert [(r.location.line, r.reason) for r in ledger.rejected] == [(3, RejectReason.OVER_LONG)]


def test_far_more_cells_than_names_stay_rejected():
    ledger = read(FIT, "x," * 9 + FIT)
    assert [r.reason for r in ledger.rejected] == [RejectReason.OVER_LONG]


def test_rows_that_fit_their_header_form_no_group():
    assert read(FIT, FIT).widths == ()


def test_a_net_result_is_told_from_an_added_constant_by_what_the_prices_make():
    """26.90 to 27.40 times 12 is 6.00, less a fee of 0.33; a slippage of 0.05 in all rows is no result."""
    rows = [
        "2026-01-07 08:00:00,LINK-USDT,long,26.90,27.40,12,5.67,0.05,tp",
        "2026-01-07 08:20:00,LINK-USDT,short,27.40,27.80,12,-5.13,0.05,sl",
        "2026-01-07 09:00:00,XRP-USDT,short,1.310,1.290,150,2.80,0.05,tp",
    ]
    ledger = read(*rows)
    assert [str(row.fields.gross_pnl) for row in ledger.rows] == ["5.67", "-5.13", "2.80"]
    assert ledger.widths[0].unnamed == (8,)


def test_a_result_that_no_price_bears_out_stays_unread():
    rows = ["2026-01-07 08:00:00,LINK-USDT,long,26.90,27.40,12,61.5,62.5,tp"] * 3
    assert [row.fields.gross_pnl for row in read(*rows).rows] == [None] * 3


def test_a_constant_that_was_added_is_no_column_of_numbers_that_vary():
    """0.05 is as small as the results before it, and the same in all rows; without prices no sum tells."""
    header = "closed_at,symbol,side,pnl,reason"
    fitting = [f"2026-01-07 08:{i}0:00,LINK-USDT,long,0.0{i}417,tp" for i in range(1, 5)]
    wide = [f"2026-01-07 09:{i}0:00,LINK-USDT,long,{i}.385,0.05,sl" for i in range(1, 5)]
    ledger = read(*fitting, *wide, header=header)
    assert [row.fields.gross_pnl for row in ledger.rows[4:]] == [Decimal(f"{i}.385") for i in range(1, 5)]


def test_sums_that_come_out_outweigh_the_size_of_results():
    """Results were hundreds so far; 1.312 less 1.310 times 2 is 0.004, and 127 is a delay in ms."""
    fitting = [f"2026-01-07 08:{i}0:00,BTC-USDT,long,60000,60{i}00,1,{i}00.0,tp" for i in range(1, 5)]
    wide = [f"2026-01-07 09:{i}0:00,XRP-USDT,long,1.310,1.31{i},2,0.00{2 * i},1{i}7,tp" for i in range(1, 5)]
    ledger = read(*fitting, *wide)
    assert [row.fields.gross_pnl for row in ledger.rows[4:]] == [Decimal(f"0.00{2 * i}") for i in range(1, 5)]


def test_where_no_row_fits_the_rows_show_how_numbers_are_written():
    """Semicolons let expect decimal commas, where no cell shows otherwise."""
    ledger = read(
        "2026-01-07 08:00:00;XRP-USDT;short;1.3100;1.2900;150;3.000;tp;A-7",
        "2026-01-07 09:00:00;SOL-USDT;long;87.5;88.2;4;2.80;tp;A-7",
        header=HEADER.replace(",", ";"),
    )
    assert [row.fields.exit_price for row in ledger.rows] == [Decimal("1.2900"), Decimal("88.2")]
    comma = read(
        "07.01.2026 08:00:00;XRP-USDT;short;1,310;1,290;150;3,000;tp;A-7",
        "13.01.2026 09:00:00;SOL-USDT;long;87,5;88,2;4;2,8;tp;A-7",
        header=HEADER.replace(",", ";"),
    )
    assert [row.fields.exit_price for row in comma.rows] == [Decimal("1.290"), Decimal("88.2")]
    assert [str(row.at.day) for row in comma.rows] == ["2026-01-07", "2026-01-13"]


def sizes(*wide: str, known: tuple[str, ...]) -> list[Decimal | None]:
    """The sizes of rows of another width, below rows with these sizes."""
    header = "closed_at,symbol,side,size,pnl"
    fitting = [f"2026-01-07 08:{i}0:00,LINK-USDT,long,{n},-{i}.417" for i, n in enumerate(known)]
    rows = [f"2026-01-07 09:{i}0:00,XRP-USDT,long,{row}" for i, row in enumerate(wide)]
    return [row.fields.size for row in read(*fitting, *rows, header=header).rows[len(known) :]]


OF_MANY_MARKETS = ("0.008", "1.3", "22", "0.035", "0.015")


def test_two_equal_cells_are_of_no_column_in_which_no_two_are_equal():
    """A slippage of 0.05 is nearer to most sizes than 23 coins of one market and 0.18 of another are."""
    found = sizes("23,0.05,-0.878", "0.18,0.05,-2.695", known=OF_MANY_MARKETS)
    assert found == [Decimal(23), Decimal("0.18")]


def test_by_its_size_alone_a_number_is_of_no_column_that_holds_such_as_both():
    assert sizes("23,0.05,-0.878", "0.18,0.06,-2.695", known=OF_MANY_MARKETS) == [None, None]


def test_by_its_size_a_number_is_of_the_column_that_holds_no_others():
    """Sizes of 40 to 60, and a slippage that differs."""
    found = sizes("51,0.05,-0.878", "47,0.06,-2.695", known=("40", "55", "43", "60", "51"))
    assert found == [Decimal(51), Decimal(47)]


def test_a_sum_that_comes_out_in_one_of_two_rows_may_be_an_accident():
    """28.494 less 28.534 times 1.5758 is as good as 0.05, which is a slippage."""
    fitting = [f"2026-01-07 08:{i}0:00,LINK-USDT,long,20.1{i},20.0{i},{11 + i},-{i}.417,tp" for i in range(5)]
    wide = [
        "2026-01-07 09:00:00,AVAX-USDT,long,28.534,28.494,23,-1.5758,0.05,tp",
        "2026-01-07 09:10:00,ETH-USDT,long,2944.72,2941.78,9,-27.5295,0.05,sl",
    ]
    found = read(*fitting, *wide).rows[5:]
    assert [(str(row.fields.size), str(row.fields.gross_pnl)) for row in found] == [
        ("23", "-1.5758"),
        ("9", "-27.5295"),
    ]
