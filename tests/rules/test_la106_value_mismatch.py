"""LA106: a close and its row disagree; one constant ratio of a symbol is one unit error."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from world import DAY, Deal, World, later, primary

from logaudit.core.finding import Severity
from logaudit.reconcile.unit_ratio import constant_ratio
from logaudit.rules import la106_value_mismatch as rule

DEAL = Deal("10:30:00.250")
OTHER = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def with_row(world: World, deal: Deal, **changed: str) -> None:
    """A recorded close whose row shows other figures."""
    world.lost(deal)
    world.acknowledge(deal)
    world.rows.append(world.row(deal, **changed))


def scaled(world: World, deal: Deal, factor: str) -> None:
    """A recorded close whose row has its money multiplied."""
    f = Decimal(factor)
    money = {"gross_pnl": deal.gross * f, "commission": Decimal(deal.fee) * f, "net_pnl": deal.net * f}
    with_row(world, deal, **{name: f"{value:.4f}" for name, value in money.items()})


def test_one_figure_that_differs_is_an_error_that_quotes_both_and_the_tolerance(tmp_path):
    world = World(tmp_path)
    world.kept(DEAL)
    with_row(world, OTHER, exit_price="3012.5")
    finding = world.one("LA106")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(f"{DAY}T11:10:00.500000,ETH-USDT")
    assert any("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT" in w.text for w in finding.locations)
    assert str(finding.message) == (
        f"ETH-USDT long closed {DAY}T11:10:00.500 (tp): exit_price 3010.0 in the log, 3012.5 in the row "
        "(the printed digits allow ±0.1)."
    )
    assert finding.data["differences"] == [{"field": "exit_price", "log": "3010.0", "row": "3012.5"}]


def test_a_fee_that_differs_is_named(tmp_path):
    """A recorder that keeps half of the fee: no price and no PnL shows it."""
    world = World(tmp_path)
    world.kept(DEAL)
    with_row(world, OTHER, commission="0.0500")
    assert world.one("LA106").data["differences"] == [
        {"field": "commission", "log": OTHER.fee, "row": "0.0500"}
    ]


def test_another_reason_alone_is_a_warning(tmp_path):
    world = World(tmp_path)
    with_row(world, DEAL, reason="sl")
    finding = world.one("LA106")
    assert finding.severity is Severity.WARNING
    assert str(finding.message).endswith("(tp): reason tp in the log, sl in the row.")


def test_a_reason_that_the_ledger_always_words_otherwise_is_one_note(tmp_path):
    world = World(tmp_path)
    for number in range(3):
        with_row(world, btc(number), reason="take profit")
    world.kept(btc(4, reason="sl"), btc(5, reason="sl"))
    finding = world.one("LA106")
    assert finding.severity is Severity.NOTE
    assert primary(finding) == world.spot(",take profit,")
    assert str(finding.message).startswith(
        "The reason 'tp' of the log is 'take profit' in the ledger in all 3 trades"
    )
    assert finding.data == finding.data | {"log": "tp", "row": "take profit", "trades": 3}


def test_a_reason_worded_otherwise_now_and_then_is_told_each_time(tmp_path):
    world = World(tmp_path)
    world.kept(btc(0))
    for number in (1, 2):
        with_row(world, btc(number), reason="take profit")
    assert [f.severity for f in world.found("LA106")] == [Severity.WARNING] * 2


@pytest.mark.parametrize(
    "changed",
    [
        {"exit_price": "89000.04", "entry_price": "90000"},
        {"net_pnl": "1.9", "gross_pnl": "2"},
        {"net_pnl": "1.90004999"},
        {"duration_sec": "600.904332"},
        {"reason": "TP"},
        {"reason": "", "commission": ""},
    ],
)
def test_rounding_truncation_case_and_blanks_are_no_mismatch(tmp_path, changed):
    world = World(tmp_path)
    with_row(world, DEAL, **changed)
    assert "LA106" not in world.codes()


def btc(number: int, **changed: str) -> Deal:
    """Trades of one symbol ten minutes apart, every one with another result."""
    return replace(
        DEAL, closed=later("10:20:00.1", 600 * number), exit=f"{89000 + 137 * number}.5", held=300, **changed
    )


def test_a_constant_ratio_of_a_symbol_is_one_unit_error(tmp_path):
    """Money 100 times the log's in all BTC rows; commission and the other symbol need no word of their own."""
    world = World(tmp_path)
    for number in range(4):
        scaled(world, btc(number), "100")
    world.kept(OTHER)
    finding = world.one("LA106")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(",BTC-USDT,")
    assert "BTC-USDT: the ledger's PnL is 100 times the log's in 4 of 4 trades: a unit error" in str(
        finding.message
    )
    assert "unit error" in str(finding.message)
    assert (finding.data["ratio"], finding.data["support"], finding.data["trades"]) == ("100", 4, 4)
    assert finding.data["fields"] == ["gross_pnl", "net_pnl"]


def test_a_ratio_below_one_is_named_as_a_part(tmp_path):
    """Ledger amounts of a thousandth, printed to four decimals, leave a wide interval round 1/1000."""
    world = World(tmp_path)
    for number in range(3):
        scaled(world, btc(number, size="0.2"), "0.001")
    message = str(world.one("LA106").message)
    assert "the ledger's PnL is 1/1000 of the log's in 3 of 3 trades" in message
    assert "e-" not in message.lower()
    assert "e+" not in message.lower()


def test_what_the_ratio_does_not_explain_is_told_one_by_one(tmp_path):
    """Nine rows are off by 100, the tenth by its sign: it gets its own finding, and its price too."""
    world = World(tmp_path)
    for number in range(9):
        scaled(world, btc(number), "100")
    odd = btc(9)
    with_row(world, odd, gross_pnl=f"{-odd.gross}", exit_price="91000.0")
    found = world.found("LA106")
    (unit_error,) = (f for f in found if "ratio" in f.data)
    (single,) = (f for f in found if "ratio" not in f.data)
    assert (unit_error.data["support"], unit_error.data["ratio"]) == (9, "100")
    assert [d["field"] for d in single.data["differences"]] == ["exit_price", "gross_pnl"]


def test_a_ratio_in_the_minority_is_no_unit_error(tmp_path):
    """Two rows off by ten among eight that agree are two mistakes, not a unit."""
    world = World(tmp_path)
    world.kept(*(btc(number) for number in range(8)))
    for number in (8, 9):
        scaled(world, btc(number), "10")
    found = world.found("LA106")
    assert len(found) == 2
    assert all("unit error" not in str(f.message) for f in found)


def test_a_ratio_that_a_third_of_the_rows_contradict_is_no_unit_error(tmp_path):
    """Four rows off by 100, one by 7 and one by 3: something else is wrong, and each row says what."""
    world = World(tmp_path)
    for number, factor in enumerate(("100", "100", "7", "100", "3", "100")):
        scaled(world, btc(number), factor)
    found = world.found("LA106")
    assert len(found) == 6
    assert all("unit error" not in str(f.message) for f in found)


def test_one_row_off_by_a_ratio_is_a_mismatch_of_its_own(tmp_path):
    world = World(tmp_path)
    scaled(world, DEAL, "10")
    (finding,) = world.found("LA106")
    assert "unit error" not in str(finding.message)
    assert "net_pnl 1.9000 in the log, 19.0000 in the row" in str(finding.message)


amounts = st.decimals("0.5", "5000", places=2)


@given(
    st.lists(amounts, min_size=2, max_size=8), st.sampled_from(["0.001", "0.01", "0.1", "10", "100", "1000"])
)
def test_a_power_of_ten_is_found_whatever_the_amounts(logged, factor):
    """The row shows the exact product, the log was rounded to cents: the ratio still comes out whole."""
    pairs = [(amount, (amount * Decimal(factor)).quantize(Decimal("0.000001"))) for amount in logged]
    ratio = constant_ratio(pairs)
    assert ratio is not None
    assert ratio.value == Decimal(factor)
    assert ratio.low <= ratio.value <= ratio.high
    assert ratio.support == ratio.of == len(pairs)


@given(st.lists(amounts, min_size=2, max_size=8))
def test_equal_amounts_have_no_ratio(logged):
    assert constant_ratio([(a, a) for a in logged]) is None


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([("1.94", "194")], "one pair proves nothing"),
        ([("1.94", "194"), ("2.00", "20")], "two ratios"),
        ([("1.94", "-194"), ("2.10", "-210")], "signs differ"),
        ([("0.00", "5"), ("0.01", "7")], "the log's amounts may be zero"),
    ],
)
def test_what_is_no_constant_ratio(pairs, why):
    assert constant_ratio([(Decimal(a), Decimal(b)) for a, b in pairs]) is None, why


def test_ratio_words():
    assert [str(rule._times(Decimal(r))) for r in ("100", "0.001", "0.5", "0.95", "2.5")] == [
        "100 times",
        "1/1000 of",
        "1/2 of",
        "0.95 times",
        "2.5 times",
    ]


def test_ratio_digits_are_plain():
    """An interval may begin at nothing, and its ends may have many digits."""
    assert [rule._short(Decimal(r)) for r in ("0E+2", "0.00181818", "99.99999", "123456")] == [
        "0",
        "0.001818",
        "100",
        "123500",
    ]
