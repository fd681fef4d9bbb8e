"""LA204: a row contradicts itself; rows that do so alike follow a convention."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from english import English
from evidence_factory import SHORT
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from world import DAY, LEDGER, Deal, World, later, primary

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.finding import Severity
from logaudit.core.location import Location
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import Cells, LedgerEntry
from logaudit.rules import la204_arithmetic_mismatch as rule

DEAL = Deal("10:30:00.250")
ROUNDINGS = st.sampled_from([ROUND_DOWN, ROUND_HALF_UP])


def some(count: int, **changed: str) -> list[Deal]:
    """Trades ten minutes apart, every one with another result."""
    return [
        replace(DEAL, closed=later("10:20:00.1", 600 * i), exit=f"{89000 + 137 * i}.5", held=300, **changed)
        for i in range(count)
    ]


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        # 2.0000 - 0.1000 = 1.9000
        ({"net_pnl": "1.9500"}, "net", "gross 2.0000 less commission 0.1000 is not net 1.9500"),
        # (90000 - 89000) x 0.002 = 2
        ({"gross_pnl": "1.3000", "net_pnl": "1.2000"}, "gross", "prices times size give 2, gross is 1.3000"),
    ],
)
def test_one_row_that_contradicts_itself_is_an_error(tmp_path, changed, kind, words):
    world = World(tmp_path)
    world.kept(*some(3))
    world.lost(replace(DEAL, closed="11:30:00"))
    world.rows.append(world.row(replace(DEAL, closed="11:30:00"), **changed))
    finding = world.one("LA204")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(f"{DAY}T11:30:00.000000,BTC-USDT")
    assert (
        str(finding.message)
        == f"The row BTC-USDT short at {DAY}T11:30:00.000000 contradicts itself: {words}."
    )
    assert finding.data == finding.data | {
        "kind": kind,
        "symbol": "BTC-USDT",
        "closed": f"{DAY}T11:30:00.000000",
    }


def test_a_duration_that_the_times_contradict_is_an_error(tmp_path):
    world = World(tmp_path, ledger="trades.csv")
    world.header = "open_time,close_time,symbol,side,entry_price,exit_price,net_pnl,duration_sec"
    rest = "BTC-USDT,short,90000.0,89000.0,1.9000"
    world.rows += [
        f"{DAY}T10:20:00.250,{DAY}T10:30:00.250,{rest},600.0",
        f"{DAY}T10:40:00,{DAY}T10:45:00,{rest},300",
        f"{DAY}T11:00:00,{DAY}T11:10:00,{rest},900",
    ]
    finding = world.one("LA204")
    assert primary(finding).line == 4
    assert str(finding.message).endswith("contradicts itself: close less open is 600 s, duration is 900 s.")


def test_rows_that_agree_with_themselves_are_silent(tmp_path):
    world = World(tmp_path)
    world.kept(*some(4), *some(1, side="long"))
    assert "LA204" not in world.codes()


def test_a_pnl_that_is_not_named_gross_may_be_without_its_fees(tmp_path):
    """The only amount of the ledger is 1.9000 where prices times size give 2.0000."""
    world = English(tmp_path)
    world.kept(DEAL)
    assert world.scan().summary.recorded == 1
    assert "LA204" not in world.codes()


def test_a_fee_written_as_a_negative_amount_is_a_convention_of_its_own(tmp_path):
    world = World(tmp_path)
    for deal in some(3):
        world.lost(deal)
        world.rows.append(world.row(deal, commission=f"-{deal.fee}"))
    assert "LA204" not in world.codes()


def test_most_rows_failing_alike_are_one_warning(tmp_path):
    """The ledger's net leaves the fee in: another convention, not four broken rows. No log tells which."""
    world = alone(tmp_path)
    for deal in some(4):
        world.rows.append(world.row(deal, net_pnl=str(deal.gross)))
    finding = world.one("LA204")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(",BTC-USDT,")
    assert str(finding.message).startswith(f"4 of 4 rows of {LEDGER} contradict themselves in the same way")
    assert (finding.data["kind"], finding.data["rows"], finding.data["checked"]) == ("net", 4, 4)


def alone(tmp_path) -> World:
    """A ledger without logs: beside them LA208 names what it writes otherwise."""
    return World(tmp_path, log="", boot=False)


@pytest.mark.parametrize("changed", ["net_pnl", "size", "side"])
def test_what_is_named_as_the_ledgers_way_of_writing_is_no_contradiction(tmp_path, changed):
    world = World(tmp_path)
    for deal in some(4):
        world.lost(deal)
        cells = {"net_pnl": str(deal.gross), "size": f"{Decimal(deal.size) * 100}", "side": "long"}
        world.rows.append(world.row(deal, **{changed: cells[changed]}))
    assert "LA204" not in world.codes()
    assert world.one("LA208").severity is Severity.NOTE


def in_contracts(world: World, deals: list[Deal], value: str) -> None:
    """Rows whose size counts contracts of so many coins."""
    for deal in deals:
        world.lost(deal)
        world.rows.append(world.row(deal, size=f"{Decimal(deal.size) / Decimal(value)}"))


def test_a_symbol_whose_sizes_are_in_contracts_is_one_warning(tmp_path):
    """Two of five rows, both of the symbol: its contract is a hundredth of a coin."""
    world = alone(tmp_path)
    in_contracts(world, some(2), "0.01")
    world.kept(*(replace(d, closed=later(d.at, 3600), symbol="SOL-USDT") for d in some(3)))
    finding = world.one("LA204")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(",BTC-USDT,")
    assert str(finding.message) == (
        f"In 2 rows of BTC-USDT in {LEDGER} gross is 0.01 times prices times size: the size seems to be in "
        "contracts of 0.01."
    )
    assert (finding.data["symbol"], finding.data["contract_value"]) == ("BTC-USDT", "0.01")


def test_the_only_row_of_a_ledger_in_contracts_is_a_warning_too(tmp_path):
    world = alone(tmp_path)
    in_contracts(world, some(1), "0.01")
    assert world.one("LA204").severity is Severity.WARNING


def test_a_single_row_off_by_ten_among_sound_ones_is_an_error(tmp_path):
    """Its symbol has no other row, but the other symbols' sizes are in coins."""
    world = World(tmp_path)
    in_contracts(world, some(1), "0.1")
    world.kept(*(replace(d, closed=later(d.at, 3600), symbol="SOL-USDT") for d in some(3)))
    assert world.one("LA204").severity is Severity.ERROR


def test_one_row_off_by_ten_beside_a_sound_one_of_its_symbol_is_an_error(tmp_path):
    world = World(tmp_path)
    first, second, *more = some(4)
    in_contracts(world, [first], "0.1")
    world.kept(second, *more)
    assert world.one("LA204").severity is Severity.ERROR


def fields(**values: Any) -> TradeFields:
    return row(**values).fields


def row(**values: Any) -> LedgerEntry:
    """A ledger row with nothing in it but these values."""
    at = values.pop("at", Stamp(0))
    told = {"symbol": "BTC-USDT", "side": PositionSide.LONG} | {
        SHORT.get(name, name): v for name, v in values.items()
    }
    return LedgerEntry(
        number=0,
        location=Location("trades.csv", line=2),
        at=at,
        fields=TradeFields(**told),
        blank=frozenset(),
        cells=Cells(("gross_pnl",), ("",)),
    )


def printed(value: Decimal, places: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=rounding)


money = st.decimals("-1000", "1000", places=8)
fees = st.decimals("0", "10", places=8)
prices = st.decimals("0.01", "100000", places=8)
sizes = st.decimals("0.0001", "5000", places=8)
places = st.integers(0, 6)


@given(money, fees, places, places, places, ROUNDINGS)
def test_net_survives_any_rounding(gross, fee, a, b, c, rounding):
    """The exact net of exact amounts, each printed to its own places, never contradicts."""
    shown = row(
        gross=printed(gross, a, rounding),
        commission=printed(fee, b, rounding),
        net=printed(gross - fee, c, rounding),
    )
    assert rule._net(shown.fields) is False


@given(
    prices,
    prices,
    sizes,
    st.integers(1, 4),
    st.integers(2, 6),
    places,
    st.sampled_from(PositionSide),
    ROUNDINGS,
)
def test_gross_survives_any_rounding(entry, leave, size, a, b, c, side, rounding):
    gross = (leave - entry if side is PositionSide.LONG else entry - leave) * size
    shown = row(
        side=side,
        entry=printed(entry, a, rounding),
        exit=printed(leave, a, rounding),
        size=printed(size, b, rounding),
        gross=printed(gross, c, rounding),
    )
    assert rule._gross(shown) is False


@given(st.integers(0, 10**12), st.integers(0, 10**11), places, ROUNDINGS, st.sampled_from([1, 1000, SECOND]))
def test_duration_survives_any_rounding(opened, held, digits, rounding, precision):
    shown = row(
        opened=Stamp(opened // precision * precision, precision),
        at=Stamp((opened + held) // precision * precision, precision),
        duration=printed(Decimal(held) / SECOND, digits, rounding),
    )
    assert rule._duration(shown) is False


@given(money, fees, st.integers(2, 6), st.decimals("0.04", "100", places=2), st.booleans())
def test_a_net_that_is_off_by_more_than_rounding_is_told(gross, fee, digits, error, less):
    """Three amounts of two places leave 0.03 open; the fee may also be written as a negative amount."""
    gross, fee = (printed(value, digits, ROUND_HALF_UP) for value in (gross, fee))
    wrong = gross - fee + (-error if less else error)
    assume(abs(gross + fee - wrong) > Decimal("0.03"))
    assert rule._net(fields(gross=gross, commission=fee, net=wrong))


@pytest.mark.parametrize("lacking", ["entry", "exit", "size", "gross", "side"])
def test_gross_is_not_judged_without_all_its_parts(lacking):
    whole = {
        "entry": Decimal("100.00"),
        "exit": Decimal("101.00"),
        "size": Decimal("2.00"),
        "gross": Decimal(9),
        "side": PositionSide.LONG,
    }
    assert rule._gross(row(**whole))
    assert rule._gross(row(**{**whole, lacking: None})) is None


moves = st.decimals("1", "1000", places=4)
holdings = st.decimals("200", "5000", places=4)


@given(
    st.lists(st.tuples(prices, moves, holdings), min_size=1, max_size=5),
    st.sampled_from(["0.01", "0.1", "1000"]),
)
def test_the_contract_value_is_found(trades, value):
    rows = [
        row(entry=a, exit=a + move, size=size, gross=printed(move * size * Decimal(value), 4, ROUND_HALF_UP))
        for a, move, size in trades
    ]
    assert rule._contract_value(rows) == Decimal(value)


@given(st.lists(st.tuples(prices, prices, sizes), min_size=1, max_size=5))
def test_sound_rows_have_no_contract_value(trades):
    rows = [
        row(entry=a, exit=b, size=size, gross=printed((b - a) * size, 4, ROUND_HALF_UP))
        for a, b, size in trades
    ]
    assert rule._contract_value(rows) is None
