"""Rows of another writer than the recorder: the evidence that convicts, and what must not."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.location import Address
from logaudit.ledger import Ledger, parse_ledger, third_party_rows, writer_shape
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import lines

HEADER = (
    "timestamp,symbol,side,entry_price,exit_price,size,"
    "gross_pnl,commission,net_pnl,duration_sec,reason,win_rate"
)
START = datetime(2025, 11, 23, 10, 0, 0, 123456)  # noqa: DTZ001 - ledgers are naive


def read(written: list[str], header: str = HEADER) -> Ledger:
    data = "\n".join([header, *written, ""]).encode()
    return parse_ledger(lines([data]), Address("trades.csv"), LedgerSpec(), {}, ended=lambda: True)


def recorded(minute: int, **cells: str) -> str:
    """A row as a recorder prints it: microseconds, every column filled, fixed decimals."""
    usual = {
        "timestamp": (START + timedelta(minutes=minute)).isoformat(),
        "symbol": "ETH-USDT", "side": "long", "entry_price": "2700.5000", "exit_price": "2710.2500",
        "size": "0.10000000", "gross_pnl": "0.9750", "commission": "0.2705", "net_pnl": "0.7045",
        "duration_sec": f"{60.5 + minute}", "reason": "tp", "win_rate": "50.00",
    }  # fmt: skip
    return ",".join({**usual, **cells}.values())


def whole(minute: int, **cells: str) -> str:
    """The same with a clock of whole seconds."""
    at = (START + timedelta(minutes=minute)).replace(microsecond=0)
    return recorded(minute, timestamp=at.isoformat(), **cells)


def added(minute: int) -> str:
    """A row as a script restores it from logs: whole seconds and what the log happened to show."""
    at = (START + timedelta(minutes=minute)).replace(microsecond=0)
    return f"{at.isoformat()},ETH-USDT,long,,,,,,0.7000,60,,"


HALF_EMPTY = {"entry_price": "", "exit_price": "", "size": "", "win_rate": ""}
MOSTLY_EMPTY = {**HALF_EMPTY, "gross_pnl": "", "commission": "", "reason": ""}


def test_coarse_half_empty_rows_out_of_order_at_the_end_are_foreign():
    ledger = read([*map(recorded, range(10, 20)), added(12), added(3), added(25)])
    assert third_party_rows(ledger) == {10, 11, 12}


def test_they_are_also_when_they_outnumber_the_recorder_s():
    ledger = read([recorded(10), recorded(11), *map(added, range(10))])
    assert third_party_rows(ledger) == frozenset(range(2, 12))


def test_they_are_also_when_the_file_was_sorted_afterwards():
    ledger = read([recorded(1), added(2), recorded(3), added(4), recorded(5)])
    assert third_party_rows(ledger) == {1, 3}


def test_a_row_that_lacks_its_last_column_altogether_counts_as_one_that_leaves_it_empty():
    ledger = read([*map(recorded, range(5)), added(7).removesuffix(",")])
    assert third_party_rows(ledger) == {5}


def test_coarse_full_rows_below_later_times_are_foreign_as_a_block():
    ledger = read([*map(recorded, range(10, 20)), whole(12), whole(15), whole(40), recorded(45)])
    assert third_party_rows(ledger) == {10, 11, 12}


def test_coarse_full_rows_with_other_decimals_are_foreign_in_order_too():
    late = whole(30, entry_price="2700.5", net_pnl="0.70", duration_sec="60")
    assert third_party_rows(read([*map(recorded, range(10)), late])) == {10}


def test_milliseconds_beside_microseconds_are_coarse():
    made = [*map(recorded, range(10, 20)), recorded(12, timestamp="2025-11-23T10:12:00.500")]
    assert third_party_rows(read(made)) == {10}


def test_mostly_empty_rows_convict_by_themselves_in_a_ledger_of_whole_seconds():
    ledger = read([*map(whole, range(5)), whole(7, **MOSTLY_EMPTY)])
    assert third_party_rows(ledger) == {5}


def test_half_empty_rows_out_of_order_are_foreign_whatever_the_clock():
    ledger = read([*map(recorded, range(10, 15)), recorded(2, **HALF_EMPTY)])
    assert third_party_rows(ledger) == {5}


def test_uniform_ledgers_have_none():
    for make in (recorded, whole, added):
        assert third_party_rows(read([make(minute) for minute in range(10)])) == frozenset()


def test_a_uniform_ledger_out_of_order_has_none():
    assert third_party_rows(read([whole(30), whole(5), whole(20)])) == frozenset()


def test_an_empty_ledger_has_none():
    assert third_party_rows(read([])) == frozenset()


def test_a_moment_without_microseconds_is_the_recorder_s():
    """``isoformat`` prints no fraction when it is zero."""
    assert third_party_rows(read([recorded(1), whole(2), recorded(3), recorded(4)])) == frozenset()


def test_a_recorder_that_drops_trailing_zeros_is_one_writer():
    stamps = ["10:00:00.1", "10:01:00.123456", "10:02:00.12", "10:03:00.5", "10:04:00"]
    made = [recorded(0, timestamp=f"2025-11-23T{at}") for at in stamps]
    assert third_party_rows(read(made)) == frozenset()


def test_a_column_that_is_empty_now_and_then_convicts_nobody():
    made = [recorded(1), recorded(2, reason=""), recorded(3), recorded(4, reason="", commission="")]
    assert third_party_rows(read(made)) == frozenset()


def test_rows_in_order_by_the_recorder_s_own_clock_are_its_own_however_empty():
    """A recorder may know less of the trades that the exchange closed."""
    made = [recorded(m, **(MOSTLY_EMPTY if m % 5 == 4 else {})) for m in range(20)]
    assert third_party_rows(read(made)) == frozenset()


def test_a_recorder_whose_rows_come_out_of_order_is_still_one_writer():
    """Two closes of one minute, and an hour turned back."""
    assert third_party_rows(read([recorded(61), recorded(60), recorded(1), recorded(2)])) == frozenset()


def test_a_new_version_that_prints_whole_seconds_is_not_another_writer():
    assert third_party_rows(read([*map(recorded, range(5)), *map(whole, range(5, 10))])) == frozenset()


def test_a_lone_row_is_foreign_only_when_its_prices_and_size_are_missing():
    assert third_party_rows(read([added(1)])) == {0}
    assert third_party_rows(read([whole(1)])) == frozenset()
    assert third_party_rows(read([whole(1, entry_price="", win_rate="")])) == frozenset()
    assert third_party_rows(read([recorded(1, **MOSTLY_EMPTY)])) == frozenset()


def test_a_lone_row_of_a_ledger_without_price_columns_is_the_recorder_s():
    assert third_party_rows(read(["2025-11-23T10:00:00,BTC,1"], "time,symbol,pnl")) == frozenset()


def test_a_sibling_ledger_shows_what_the_recorder_s_rows_look_like():
    restored = read([added(1), added(2)])
    assert third_party_rows(restored) == frozenset()
    assert third_party_rows(restored, [read([recorded(1), recorded(2)])]) == {0, 1}
    assert third_party_rows(restored, [read([added(5)])]) == frozenset()


def test_rows_under_another_header_are_not_compared():
    made = [*map(recorded, range(5)), "time,pair,pnl,note", "2025-11-23 09:00:00,BTC,1,"]
    assert third_party_rows(read(made)) == frozenset()


def test_rows_of_another_event_fill_other_columns():
    header = "timestamp,event,symbol,side,entry_price,exit_price,size,net_pnl,commission,order_id"
    at = [f"2026-05-11T07:{n:02d}:00" for n in range(8)]
    settled = [f"{t}.204175,SETTLED,ETHUSDT,long,12.5,13.0,4,{n}.25,0.5,A{n}" for n, t in enumerate(at[:6])]
    stopped = [f"{t},STOPPED,ETHUSDT,long,12.5,,4,-3.5,," for t in at[6:]]
    assert third_party_rows(read([*settled, *stopped], header)) == frozenset()
    unnamed = [row.replace("SETTLED", "x").replace("STOPPED", "x") for row in (*settled, *stopped)]
    assert third_party_rows(read(unnamed, header)) == {6, 7}


def test_a_shape_is_what_was_printed():
    (row,) = read([added(1)]).rows
    shape = writer_shape(row)
    assert shape.precision == 1_000_000
    assert dict(shape.decimals) == {"net_pnl": 4, "duration_sec": 0}
    assert shape.blank == {
        "entry_price", "exit_price", "size", "gross_pnl", "commission", "reason", "win_rate"
    }  # fmt: skip
    assert len({shape, writer_shape(read([added(9)]).rows[0])}) == 1


@given(st.lists(st.integers(0, 600), min_size=2, max_size=30), st.sampled_from([recorded, whole, added]))
def test_one_writer_alone_is_never_foreign_in_any_order(minutes, make):
    assert third_party_rows(read([make(minute) for minute in minutes])) == frozenset()


@given(
    st.lists(st.integers(0, 600), min_size=1, max_size=20).map(sorted),
    st.lists(st.integers(0, 600), max_size=20),
)
def test_rows_restored_at_the_end_are_found_and_no_others(kept, restored):
    ledger = read([*map(recorded, kept), *map(added, restored)])
    assert third_party_rows(ledger) == frozenset(range(len(kept), len(kept) + len(restored)))
