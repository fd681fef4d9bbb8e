"""Headers: which column means what, under which delimiter, and the offset a header states."""

from __future__ import annotations

import pytest

from logaudit.ledger.column_names import COMMON_NAMES
from logaudit.ledger.columns import key, read_header, split, stated_offset
from logaudit.profiles.convert import LEDGER_COLUMNS
from logaudit.profiles.profile import LedgerSpec

NONE = LedgerSpec()


def meanings(text: str, spec: LedgerSpec = NONE) -> dict[str, str]:
    header = read_header(text, spec)
    assert header is not None
    return {name: header.cells[index] for name, index in header.columns.items()}


def test_the_common_names_cover_exactly_the_canonical_columns():
    assert set(COMMON_NAMES) == set(LEDGER_COLUMNS)


def test_common_names_are_written_in_their_normal_form():
    for aliases in COMMON_NAMES.values():
        assert [key(alias) for alias in aliases] == list(aliases)


def test_a_plain_header_is_understood():
    assert meanings("timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,fee,net_pnl,reason") == {
        "closed": "timestamp", "symbol": "symbol", "side": "side", "entry_price": "entry_price",
        "exit_price": "exit_price", "size": "size", "gross_pnl": "gross_pnl", "commission": "fee",
        "net_pnl": "net_pnl", "reason": "reason",
    }  # fmt: skip


def test_close_time_wins_over_open_time_and_general_times():
    found = meanings("id,pair,open_date,close_date,timestamp,open_rate,close_rate,close_profit_abs,is_short")
    assert found["closed"] == "close_date"
    assert found["opened"] == "open_date"
    assert found["net_pnl"] == "close_profit_abs"
    assert found["side"] == "is_short"
    assert found["trade_id"] == "id"


def test_case_spaces_and_units_do_not_matter():
    found = meanings(
        "Contracts;Closing Direction;Qty;Entry Price;Exit Price;Closed P&L;Exit Type;Trade Time(UTC+0)"
    )
    assert found == {
        "closed": "Trade Time(UTC+0)", "symbol": "Contracts", "side": "Closing Direction", "size": "Qty",
        "entry_price": "Entry Price", "exit_price": "Exit Price", "net_pnl": "Closed P&L",
        "reason": "Exit Type",
    }  # fmt: skip


def test_a_percentage_is_no_pnl_and_a_notional_no_size():
    found = meanings("time,symbol,pnl %,pnl_pct,PnL(%),Amount (USDT),Fee (USDT),price")
    assert "gross_pnl" not in found
    assert "size" not in found
    assert found["commission"] == "Fee (USDT)"


def test_the_profile_s_names_choose_before_the_common_ones():
    spec = LedgerSpec(columns={"exit_price": ("px",), "symbol": ("coin name",), "closed": ("when",)})
    found = meanings("timestamp,when,Coin Name,symbol,price,px", spec)
    assert found["closed"] == "when"
    assert found["symbol"] == "Coin Name"
    assert found["exit_price"] == "px"


def test_a_column_has_one_meaning():
    header = read_header("time,contracts,price", NONE)
    assert header is not None
    assert header.columns == {"closed": 0, "symbol": 1, "exit_price": 2}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_found(delimiter):
    header = read_header(delimiter.join(["Time", "Pair", "PnL", "Note"]), NONE)
    assert header is not None
    assert header.delimiter == delimiter
    assert header.cells == ("Time", "Pair", "PnL", "Note")


def test_nameless_columns_at_the_end_are_left_out():
    header = read_header("time,symbol,pnl,,", NONE)
    assert header is not None
    assert header.cells == ("time", "symbol", "pnl")


def test_an_index_column_without_a_name_stays():
    header = read_header(",time,symbol,pnl", NONE)
    assert header is not None
    assert header.columns["closed"] == 1


def test_a_date_column_completes_a_time_column():
    header = read_header("Date,Time,Symbol,PnL", NONE)
    assert header is not None
    assert header.columns["closed"] == 1
    assert header.dates == {"closed": 0}


@pytest.mark.parametrize(
    ("header", "time", "date"),
    [
        ("Datum;Uhrzeit;Symbol;Gewinn", 1, 0),
        ("Дата;Время;Символ;Прибыль", 1, 0),
        ("symbol;fecha_cierre;hora_cierre;pnl", 2, 1),
        ("日期;时间;币种;盈亏", 1, 0),
    ],
)
def test_date_and_time_kept_apart_are_joined_in_any_language(header: str, time: int, date: int) -> None:
    found = read_header(header, LedgerSpec())
    assert found is not None
    assert (found.columns["closed"], found.dates) == (time, {"closed": date})


def test_a_date_alone_is_joined_with_nothing() -> None:
    found = read_header("Datum;Symbol;Gewinn", LedgerSpec())
    assert found is not None
    assert found.dates == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "timestamp",
        "timestamp,event,data",
        "symbol,price,size",
        "2025-11-23 02:40:12,416 - INFO - timestamp symbol price",
        "2025-11-23T02:40:12,BTC-USDT,1.5",
        "the time, the symbol and the price",
    ],
)
def test_other_lines_are_no_header(text):
    assert read_header(text, NONE) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trade Time(UTC+0)", 0),
        ("Date(UTC)", 0),
        ("timestamp_utc", 0),
        ("Time (UTC+8)", 28_800),
        ("UID:1,Account Type:Unified,Time Zone:UTC+8", 28_800),
        ("time utc-03:30", -12_600),
        ("close_time", None),
        ("nutcase", None),
        ("time utc+99", None),
    ],
)
def test_a_stated_offset_is_read(text, expected):
    assert stated_offset(text) == expected


def test_a_line_that_ends_inside_quotes_has_no_cells():
    assert split('a,"b', ",") is None
    assert split('a,"b,c",d', ",") == ["a", "b,c", "d"]
    assert split('a,5" pipe,d', ",") == ["a", '5" pipe', "d"]


def test_a_currency_at_the_end_of_a_name_in_camel_case_is_a_unit():
    found = meanings("exitedAt,symbol,side,entryPrice,exitPrice,pnlUsdt,feeUsdt,sizeUsdt")
    assert (found["gross_pnl"], found["commission"]) == ("pnlUsdt", "feeUsdt")
    assert "size" not in found
