"""LA208: what a ledger writes otherwise than the log is named once, and costs no trade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from world import HEADER, LEDGER, Deal, World, later, primary

from logaudit.core.finding import Finding, Severity
from logaudit.core.trades import TradeState

FIRST = Deal("10:20:00.250", size="0.00400000")


def deals(count: int = 4) -> list[Deal]:
    """Trades nine minutes apart, every one with another result."""
    return [
        replace(FIRST, closed=later(FIRST.at, 540 * i), exit=f"{89000 + 137 * i}.5", held=300)
        for i in range(count)
    ]


def written(world: World, traded: list[Deal], **changed: object) -> World:
    """Recorded trades whose rows show other cells; a callable makes a cell from its deal."""
    for deal in traded:
        world.lost(deal)
        world.acknowledge(deal)
        cells = {name: made(deal) if callable(made) else str(made) for name, made in changed.items()}
        world.rows.append(world.row(deal, **cells))
    return world


def only(world: World) -> Finding:
    """The one finding; nothing is lost, orphaned or mismatched."""
    outcome = world.scan()
    assert {t.state for t in outcome.trades} == {TradeState.RECORDED}
    assert not {"LA101", "LA103", "LA105", "LA106", "LA303"} & world.codes()
    return world.one("LA208")


def moved(seconds: float):
    return lambda deal: (deal.at + timedelta(seconds=seconds)).isoformat("T", "microseconds")


CASES = {
    "side": {"side": "long"},
    "symbol": {"symbol": "TBTC-USDT"},
    "size-sign": {"size": lambda deal: f"-{deal.size}"},
    "size-notional": {"size": lambda deal: f"{Decimal(deal.size) * Decimal(deal.entry):.2f}"},
    "size-contracts": {"size": lambda deal: f"{Decimal(deal.size) * 100:.4f}"},
    "fee-sign": {"commission": lambda deal: f"-{deal.fee}"},
    "gross-for-net": {"net_pnl": lambda deal: str(deal.gross)},
    "lag": {"timestamp": lambda deal: moved(30 + deal.at.minute % 7)(deal)},
    "clock": {"timestamp": moved(34)},
    "open-time": {"timestamp": lambda deal: deal.opened.isoformat("T", "microseconds")},
}


@pytest.mark.parametrize("kind", CASES)
def test_a_difference_of_all_rows_is_one_note(tmp_path, kind):
    world = written(World(tmp_path), deals(), **CASES[kind])
    finding = only(world)
    assert finding.severity is Severity.NOTE
    assert (finding.data["kind"], finding.data["ledgers"]) == (kind, [LEDGER])
    assert (finding.data["support"], finding.data["of"], finding.data["whole"]) == (4, 4, True)
    assert primary(finding) == world.spot("BTC-USDT", nth=1) or "BTC-USDT" in primary(finding).text


@pytest.mark.parametrize("kind", CASES)
def test_a_lone_row_is_known_by_its_numbers(tmp_path, kind):
    finding = only(written(World(tmp_path), deals(1), **CASES[kind]))
    wanted = {"clock": "lag"}.get(kind, kind)  # one row shows no constant
    assert (finding.data["kind"], finding.data["support"]) == (wanted, 1)


def test_percent_for_money_is_named(tmp_path):
    def share(deal: Deal) -> str:
        return f"{deal.net / (Decimal(deal.size) * Decimal(deal.entry)) * 100:.6f}"

    finding = only(written(World(tmp_path), deals(), net_pnl=share))
    assert finding.data["kind"] == "percent"


def test_a_thousand_coins_as_one(tmp_path):
    """1000PEPE: a thousand times the price, a thousandth of the size, the same money."""
    traded = [
        replace(deal, symbol="PEPE-USDT", entry="0.01200000", exit=f"0.0120{i + 1}000", size="900000.0")
        for i, deal in enumerate(deals())
    ]
    world = written(
        World(tmp_path),
        traded,
        symbol="1000PEPE-USDT",
        entry_price=lambda deal: str(Decimal(deal.entry) * 1000),
        exit_price=lambda deal: str(Decimal(deal.exit) * 1000),
        size="900.0000",
    )
    found = {f.data["kind"] for f in world.found("LA208")}
    assert "price-scale" in found
    assert {t.state for t in world.scan().trades} == {TradeState.RECORDED}
    assert "LA106" not in world.codes()


@pytest.mark.parametrize("days", [-1, 1, 3])
def test_a_lone_row_of_another_date_says_how_many_days(tmp_path, days):
    finding = only(written(World(tmp_path), deals(1), timestamp=moved(days * 86_400)))
    assert (finding.data["kind"], finding.data["seconds"]) == ("day", days * 86_400)
    assert f"{abs(days)} d {'earlier' if days < 0 else 'later'}" in str(finding.message)


@pytest.mark.parametrize("hours", [-8, 5.5, 3])
def test_a_lone_row_of_another_zone_says_how_many_hours(tmp_path, hours):
    finding = only(written(World(tmp_path), deals(1), timestamp=moved(hours * 3600)))
    assert (finding.data["kind"], finding.data["seconds"]) == ("clock", hours * 3600)


def test_sizes_of_single_rows_in_another_unit_are_errors_of_these_rows(tmp_path):
    """Nine rows show coins, one shows the value: that is no way of writing but a wrong row."""
    traded = deals(10)
    world = World(tmp_path)
    world.kept(*traded[:9])
    written(world, traded[9:], size=lambda deal: f"{Decimal(deal.size) * Decimal(deal.entry):.2f}")
    assert "LA208" not in world.codes()
    assert world.one("LA106").data["differences"] == [{"field": "size", "log": "0.00400000", "row": "360.00"}]


def test_money_in_another_unit_is_no_way_of_writing(tmp_path):
    """A hundred times the size and the PnL: contracts were taken for coins where the PnL was computed."""
    world = written(
        World(tmp_path),
        deals(),
        size=lambda deal: f"{Decimal(deal.size) * 100:.4f}",
        gross_pnl=lambda deal: str(deal.gross * 100),
        net_pnl=lambda deal: str(deal.net * 100),
    )
    assert "LA208" not in world.codes()
    assert world.one("LA106").data["ratio"] == "100"


def test_one_row_for_the_parts_of_a_position(tmp_path):
    world = World(tmp_path)
    whole = replace(FIRST, size="0.00400000", fee="0.0400")
    parts = [
        replace(whole, size="0.00200000", fee="0.0200", closed="10:16:00.000"),
        replace(whole, size="0.00100000", fee="0.0100", closed="10:18:00.000"),
        replace(whole, size="0.00100000", fee="0.0100"),
    ]
    world.open(whole)
    for part in parts:
        world.close(part)
    world.rows.append(world.row(whole))
    finding = only(world)
    assert (finding.data["kind"], finding.data["support"], finding.data["of"]) == ("one-row", 1, 1)
    assert [t.row for t in world.scan().trades] == [world.scan().trades[0].row] * 3


def test_a_row_a_fill(tmp_path):
    world = World(tmp_path)
    whole = replace(FIRST, size="0.00400000", fee="0.0400")
    world.lost(whole)
    world.acknowledge(whole)
    for share, size in (("0.0150", "0.00150000"), ("0.0250", "0.00250000")):
        world.rows.append(world.row(replace(whole, size=size, fee=share)))
    finding = only(world)
    assert finding.data["kind"] == "several-rows"
    assert "LA107" not in world.codes()


def test_parts_that_do_not_add_up_are_lost(tmp_path):
    """The row shows the last part only: it stands for that one."""
    world = World(tmp_path)
    whole = replace(FIRST, size="0.00400000", fee="0.0400")
    first = replace(whole, size="0.00300000", fee="0.0300", closed="10:16:00.000", exit="88900.0")
    last = replace(whole, size="0.00100000", fee="0.0100")
    world.open(whole)
    world.close(first)
    world.close(last)
    world.rows.append(world.row(last))
    assert [t.state for t in world.scan().trades] == [TradeState.SILENT_DROP, TradeState.RECORDED]
    assert "LA208" not in world.codes()


def test_rows_that_are_written_as_the_log_says_are_no_convention(tmp_path):
    world = World(tmp_path)
    world.kept(*deals())
    assert "LA208" not in world.codes()


def test_contracts_have_a_value_of_their_own_for_each_symbol(tmp_path):
    """Two contracts a coin of one, a tenth of a coin of the other: constants, whatever they are."""
    traded = [
        replace(deal, symbol=symbol)
        for deal, symbol in zip(deals(6), ["SOL-USDT", "ETH-USDT"] * 3, strict=True)
    ]
    world = written(
        World(tmp_path),
        traded,
        size=lambda deal: f"{Decimal(deal.size) * (2 if deal.symbol == 'SOL-USDT' else 10):.4f}",
    )
    assert only(world).data["pairs"] == [["ETH-USDT", "10"], ["SOL-USDT", "2"]]


@pytest.mark.parametrize(("factor", "count", "convention"), [(3, 2, False), (3, 3, True), (4, 2, True)])
def test_two_rows_make_no_contracts_of_a_third_of_a_coin(tmp_path, factor, count, convention):
    """Two sizes that are wrong alike are errors; contracts are of quarters, halves, tenths of coins."""
    world = World(tmp_path)
    others = [replace(deal, symbol="ETH-USDT", closed=later(deal.at, 3600)) for deal in deals(4)]
    world.kept(*others)
    written(world, deals(count), size=lambda deal: f"{Decimal(deal.size) * factor:.8f}")
    assert ("LA208" in world.codes(), len(world.found("LA106"))) == (convention, 0 if convention else count)


def test_a_size_of_two_digits_near_a_tenth_of_the_value_is_an_error(tmp_path):
    """Thrice the size at 29.6 looks like a tenth of the value: 30 for 29.586 of 10 coins."""
    traded = [
        replace(deal, symbol="AVAX-USDT", entry="29.586", exit=f"29.{7 + i}37", size="10")
        for i, deal in enumerate(deals(2))
    ]
    world = World(tmp_path)
    world.kept(*[replace(deal, closed=later(deal.at, 3600)) for deal in deals(4)])
    written(world, traded, size="30")
    assert "LA208" not in world.codes()
    assert len(world.found("LA106")) == 2


def test_sizes_that_differ_by_no_constant_are_errors_of_their_rows(tmp_path):
    world = written(
        World(tmp_path), deals(4), size=lambda deal: f"{Decimal(deal.size) * (2 + deal.at.minute % 5):.4f}"
    )
    assert "LA208" not in world.codes()
    assert len(world.found("LA106")) == 4


def test_symbols_of_all_rows_are_named_together(tmp_path):
    traded = [
        replace(deal, symbol=symbol)
        for deal, symbol in zip(deals(4), ["SOL-USDT", "ETH-USDT"] * 2, strict=True)
    ]
    finding = only(written(World(tmp_path), traded, symbol=lambda deal: f"t{deal.symbol}M"))
    assert finding.data["pairs"] == [["ETH-USDT", "tETH-USDTM"], ["SOL-USDT", "tSOL-USDTM"]]


def test_ledgers_of_several_days_are_named_together(tmp_path):
    world = World(tmp_path)
    late = [replace(deal, closed=later(deal.at, 3000)) for deal in deals(2)]
    written(world, deals(2), size=lambda deal: f"-{deal.size}")
    first, world.rows = world.rows, []
    written(world, late, size=lambda deal: f"-{deal.size}")
    world.write("trades_2026-01-09.csv", [HEADER, *first])
    finding = only(world)
    assert finding.data["ledgers"] == [LEDGER, "trades_2026-01-09.csv"][::-1]
    assert (finding.data["support"], finding.data["of"]) == (4, 4)


def test_contracts_that_look_like_the_value_of_one_row_are_contracts_of_all(tmp_path):
    """Two a coin at 190: of 1.2 coins, 2.4 might be a hundredth of the value 228; of 5.8 coins, 11.6 is none."""
    traded = [
        replace(deal, symbol="SOL-USDT", entry="190.00", exit=f"190.{7 + i}0", size=size)
        for i, (deal, size) in enumerate(zip(deals(3), ("1.2", "5.8", "7.4"), strict=True))
    ]
    finding = only(written(World(tmp_path), traded, size=lambda deal: f"{Decimal(deal.size) * 2:.1f}"))
    assert (finding.data["kind"], finding.data["pairs"]) == ("size-contracts", [["SOL-USDT", "2"]])


def test_one_row_that_looks_like_the_value_of_its_position_is_an_error_among_rows_in_coins(tmp_path):
    traded = [
        replace(deal, symbol=symbol)
        for deal, symbol in zip(deals(4), ["SOL-USDT"] + ["ETH-USDT"] * 3, strict=True)
    ]
    world = World(tmp_path)
    written(world, traded[:1], size=CASES["size-notional"]["size"])
    world.kept(*traded[1:])
    assert "LA208" not in world.codes()
    assert len(world.found("LA106")) == 1
