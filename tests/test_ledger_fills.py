"""Fills become closed trades only where the rows prove that they are fills."""

from __future__ import annotations

from decimal import Decimal

from logaudit.core.location import Address
from logaudit.core.trades import EntryKind
from logaudit.ledger import Ledger, parse_ledger
from logaudit.profiles.profile import LedgerSpec

SIDES = {"buy": "long", "sell": "short"}
PNL = "timestamp,symbol,action,price,quantity,realized_pnl"
BARE = "timestamp,symbol,side,price,quantity"


def read(header: str, *rows: str) -> Ledger:
    lines = [f"2026-04-02T08:{n:02d}:00.250,{row}" for n, row in enumerate(rows)]
    numbered = [(0, line.encode()) for line in (header, *lines)]
    return parse_ledger(numbered, Address("trades.csv"), LedgerSpec(), SIDES)


def told(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(r.fields.symbol, str(r.fields.side), str(r.fields.size)) for r in ledger.rows]


def test_a_buy_without_pnl_opens_and_the_sell_with_it_closes_a_long():
    ledger = read(PNL, "AVAXUSDT,BUY,21.10,15,0.0", "AVAXUSDT,SELL,21.40,15,4.50")
    assert told(ledger) == [("AVAXUSDT", "long", "15")]
    assert ledger.rows[0].fields.exit_price == Decimal("21.40")
    (opened,) = [aside.entry for aside in ledger.aside]
    assert opened is not None
    assert (opened.kind, opened.fields.entry_price) == (EntryKind.OPEN_POSITION, Decimal("21.10"))


def test_a_position_built_in_two_buys_and_left_in_two_sells_is_two_closes():
    ledger = read(
        PNL,
        "AVAXUSDT,BUY,21.00,10,0",
        "AVAXUSDT,BUY,21.20,10,0",
        "AVAXUSDT,SELL,21.40,10,4.00",
        "AVAXUSDT,SELL,21.50,10,3.00",
    )
    assert told(ledger) == [("AVAXUSDT", "long", "10")] * 2
    assert len(ledger.aside) == 2


def test_a_sell_that_is_larger_than_the_position_turns_it():
    ledger = read(
        PNL,
        "AVAXUSDT,BUY,21.00,10,0",
        "AVAXUSDT,SELL,21.40,25,4.00",
        "AVAXUSDT,BUY,21.10,15,4.50",
    )
    assert told(ledger) == [("AVAXUSDT", "long", "25"), ("AVAXUSDT", "short", "15")]


def test_rows_that_all_show_a_pnl_are_closed_trades_and_no_fills():
    ledger = read(
        PNL, "AVAXUSDT,BUY,21.10,15,3.10", "AVAXUSDT,SELL,21.40,15,4.50", "AVAXUSDT,BUY,21.0,15,-1.0"
    )
    assert len(ledger.rows) == 3
    assert ledger.aside == ()


def test_one_trade_that_broke_even_makes_no_table_of_fills():
    rows = (
        "A-USDT,SELL,21.10,15,3.1",
        "B-USDT,SELL,2.10,15,1.5",
        "A-USDT,BUY,21.3,15,0.0",
        "A-USDT,SELL,40,15,1.0",
    )
    assert len(read(PNL, *rows).rows) == 4


def test_a_pnl_that_is_not_that_of_the_fills_is_another_tables():
    ledger = read(PNL, "AVAXUSDT,BUY,21.10,15,0.0", "AVAXUSDT,SELL,21.40,15,45.00")
    assert len(ledger.rows) == 2


def test_rows_that_only_open_may_be_anything_and_are_kept():
    ledger = read(PNL, "AVAXUSDT,BUY,21.10,15,0.0", "DOTUSDT,BUY,4.10,70,0.0")
    assert [row.kind for row in ledger.rows] == [EntryKind.FILL] * 2


def test_without_a_pnl_sizes_that_are_bought_and_sold_again_prove_fills():
    ledger = read(
        BARE, "AVAXUSDT,BUY,21.10,15", "AVAXUSDT,SELL,21.40,15", "DOTUSDT,SELL,4.10,70", "DOTUSDT,BUY,4.00,70"
    )
    assert told(ledger) == [("AVAXUSDT", "long", "15"), ("DOTUSDT", "short", "70")]
    assert [row.fields.entry_price for row in ledger.rows] == [Decimal("21.10"), Decimal("4.10")]


def test_equal_sizes_in_turn_prove_nothing():
    assert len(read(BARE, *("AVAXUSDT,BUY,21.10,15", "AVAXUSDT,SELL,21.40,15") * 3).rows) == 6


def test_a_column_that_says_open_and_close_decides():
    ledger = read(
        "timestamp,symbol,trade_type,price,amount,position",
        "AVAXUSDT,SELL,21.10,15,OPEN",
        "AVAXUSDT,BUY,21.00,15,CLOSE",
    )
    assert told(ledger) == [("AVAXUSDT", "short", "15")]


def test_words_for_opening_and_closing_hold_though_a_row_between_was_lost():
    ledger = read(
        "timestamp,coin,action,direction,price,size,pnl",
        "DOT,open,long,7.10,40,",
        "DOT,open,long,7.90,40,",
        "DOT,close,long,8.20,40,11.90",
    )
    assert [(str(r.fields.side), str(r.fields.gross_pnl)) for r in ledger.rows] == [("long", "11.90")]
    assert [aside.kind for aside in ledger.aside] == [EntryKind.OPEN_POSITION] * 2


def test_an_amount_paid_or_received_is_no_result_and_proves_fills():
    header = "timestamp,symbol,side,price,quantity,status,net_usdt"
    rows = (
        "AVAXUSDT,BUY,20.00,15,FILLED,-300.00",
        "DOTUSDT,BUY,4.00,50,FILLED,-200.00",
        "AVAXUSDT,SELL,21.00,15,FILLED,314.60",
    )
    ledger = read(header, *rows)
    assert told(ledger) == [("AVAXUSDT", "long", "15")]
    assert (ledger.rows[0].fields.net_pnl, ledger.rows[0].fields.exit_price) == (None, Decimal("21.00"))
    assert len(ledger.aside) == 2
    only_bought = read(header, *rows[:2])
    assert (only_bought.rows, len(only_bought.aside)) == ((), 2)


def test_a_result_that_once_equals_the_amount_is_a_result():
    rows = ("AVAXUSDT,BUY,20.00,1,,-20.00", "AVAXUSDT,SELL,21.00,1,,1.00", "AVAXUSDT,BUY,20.00,1,,-3.00")
    ledger = read("timestamp,symbol,side,price,quantity,note,net_pnl", *rows)
    assert [str(row.fields.net_pnl) for row in ledger.rows] == ["-20.00", "1.00", "-3.00"]


#: Four round trips; of the third the row that ended it is lost.
LACKING = (
    "AVAXUSDT,BUY,21.10,15,0.0",
    "AVAXUSDT,SELL,21.40,15,4.50",
    "AVAXUSDT,SELL,21.50,12,0.0",
    "AVAXUSDT,BUY,21.20,12,3.60",
    "AVAXUSDT,BUY,21.30,27,0.0",
    "AVAXUSDT,SELL,21.60,19,0.0",
    "AVAXUSDT,BUY,21.10,19,9.50",
    "AVAXUSDT,BUY,21.05,11,0.0",
    "AVAXUSDT,SELL,21.55,11,5.50",
)


def test_results_tell_opens_from_ends_though_a_fill_was_never_written():
    ledger = read(PNL, *LACKING)
    assert told(ledger) == [
        ("AVAXUSDT", side, size)
        for side, size in (("long", "15"), ("short", "12"), ("short", "19"), ("long", "11"))
    ]
    opened = [aside.entry.fields.size for aside in ledger.aside if aside.entry is not None]
    assert opened == [Decimal(size) for size in ("15", "12", "27", "19", "11")]


def test_so_do_those_of_positions_that_were_opened_in_two_fills():
    rows = [r for r in LACKING if not r.startswith("AVAXUSDT,SELL,21.60")]
    rows.insert(5, "AVAXUSDT,SELL,21.70,9,0.0")
    rows.insert(6, "AVAXUSDT,SELL,21.50,10,0.0")
    ledger = read(PNL, *rows)
    assert [size for *_, size in told(ledger)] == ["15", "12", "19", "11"]


def test_an_end_at_the_price_of_its_open_is_no_open():
    rows = [*LACKING, "AVAXUSDT,BUY,21.80,13,0.0", "AVAXUSDT,SELL,21.80,13,0.0"]
    ledger = read(PNL, *rows)
    (even,) = [row for row in ledger.rows if row.kind is EntryKind.FILL]
    assert even.fields.size == Decimal(13)


def test_results_that_follow_from_no_row_before_them_prove_nothing():
    rows = [row.replace(",4.50", ",14.50").replace(",3.60", ",13.60") for row in LACKING]
    assert len(read(PNL, *rows).rows) == len(rows)
