"""One close against one row: every printed field is compared, and how many may differ at which count of equal ones."""

from __future__ import annotations

from decimal import Decimal

import pytest
from evidence_factory import close, row
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.events import Event
from logaudit.core.fields import KINDS, FieldKind, FieldName, PositionSide, TradeFields
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching import FieldComparison, agreement, compare_fields, may_be_same


def compared(log: Event, entry: LedgerEntry) -> FieldComparison:
    return compare_fields(log.fields, entry.fields)


def agreeing(log: Event, entry: LedgerEntry) -> int | None:
    return agreement(log.fields, entry.fields)


def may_be(log: Event, entry: LedgerEntry) -> bool:
    return may_be_same(log.fields, entry.fields)


BARE = {"entry": "", "exit": "", "size": "", "net": ""}
#: The figures that both sides may print, and the field that each is.
FIELDS = {
    "entry": FieldName.ENTRY_PRICE,
    "exit": FieldName.EXIT_PRICE,
    "size": FieldName.SIZE,
    "gross": FieldName.GROSS_PNL,
    "net": FieldName.NET_PNL,
    "commission": FieldName.COMMISSION,
    "duration": FieldName.DURATION_SEC,
}


def figures(equal: int, different: int) -> tuple[dict[str, str], dict[str, str]]:
    """Figures of a close and of a row, so many of them equal and so many not."""
    names = list(FIELDS)[: equal + different]
    ours = BARE | dict.fromkeys(names, "5.0")
    return ours, ours | dict.fromkeys(names[equal:], "8.0")


def test_every_field_has_a_kind():
    """Matching iterates over the kinds: a field without one would not be compared."""
    assert tuple(KINDS) == TradeFields.__struct_fields__


#: Kinds whose values two sources of one trade print alike.
COMPARED = {FieldKind.PRICE, FieldKind.SIZE, FieldKind.MONEY, FieldKind.DURATION, FieldKind.WORD}


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind in COMPARED])
def test_no_field_of_a_compared_kind_is_left_out(name):
    """Fields that are not captured today, funding say, are compared once they are."""
    word = KINDS[name] is FieldKind.WORD
    one, other = ("tp", "sl") if word else (Decimal("5.0"), Decimal("8.0"))
    # A PnL without a name is held against the net.
    ours, theirs = TradeFields(**{name: one}), TradeFields(**{"net_pnl" if name == "pnl" else name: other})
    found = compare_fields(ours, theirs)
    assert [(d.field, d.log, d.row) for d in found.differences] == [(name, one, other)]
    assert (found.agreeing, found.differing) == (0, 0 if word else 1)


@pytest.mark.parametrize("name", ["trade_id", "order_id", "position_id"])
def test_ids_of_two_systems_are_no_difference(name):
    """A bot and its exchange number one trade apart."""
    assert not compare_fields(TradeFields(**{name: "7"}), TradeFields(**{name: "8"})).differences


@pytest.mark.parametrize("name", FIELDS)
def test_every_figure_that_both_sides_print_is_compared(name):
    """Fees among them: a ledger that keeps another commission is named."""
    ours, same, other = BARE | {name: "5.0"}, BARE | {name: "5.00"}, BARE | {name: "8.0"}
    assert compared(close("10:00:00", **ours), row("10:00:00", **same)).agreeing == 1
    assert agreeing(close("10:00:00", **ours), row("10:00:00", **same)) == 1
    found = compared(close("10:00:00", **ours), row("10:00:00", **other))
    assert [(d.field, d.log, d.row) for d in found.differences] == [
        (FIELDS[name], Decimal("5.0"), Decimal("8.0"))
    ]
    assert (found.agreeing, found.differing) == (0, 1)
    assert agreeing(close("10:00:00", **ours), row("10:00:00", **other)) is None


@pytest.mark.parametrize("name", FIELDS)
def test_a_figure_that_one_side_leaves_out_is_neither_equal_nor_different(name):
    for ours, theirs in ((BARE | {name: "5.0"}, BARE), (BARE, BARE | {name: "5.0"})):
        found = compared(close("10:00:00", **ours), row("10:00:00", **theirs))
        assert (found.agreeing, found.differing, found.differences) == (0, 0, ())
        assert agreeing(close("10:00:00", **ours), row("10:00:00", **theirs)) == 0


@pytest.mark.parametrize(
    ("equal", "different", "plausible"),
    [
        (0, 0, True),  # nothing is known: nothing contradicts
        (0, 2, True),  # two wrong values are an error of one row
        (0, 3, False),  # three and none equal: another trade
        (1, 2, True),
        (1, 3, True),  # three for each that agrees are still one trade …
        (1, 4, False),  # … four are not
        (2, 5, True),
    ],
)
def test_more_than_three_differences_for_each_equal_number_are_another_trade(equal, different, plausible):
    """Trades of one symbol share their size, closed together a price too: one equal number proves little."""
    ours, theirs = figures(equal, different)
    found = compared(close("10:00:00", **ours), row("10:00:00", **theirs))
    assert (found.agreeing, found.differing) == (equal, different)
    assert found.plausible is plausible


@pytest.mark.parametrize(
    ("equal", "different", "certain"),
    [(2, 0, False), (3, 0, True), (4, 0, True), (3, 1, False), (6, 1, False)],
)
def test_three_equal_numbers_and_none_that_differs_are_the_same_trade(equal, different, certain):
    """Size and entry are shared by all parts of a position; it takes a third number to know one."""
    ours, theirs = figures(equal, different)
    assert compared(close("10:00:00", **ours), row("10:00:00", **theirs)).certain is certain


def test_a_reason_tells_no_trade_from_another():
    """It is named, but three equal numbers are as certain with it as without."""
    ours, theirs = figures(3, 0)
    found = compared(close("10:00:00", reason="tp", **ours), row("10:00:00", reason="sl", **theirs))
    assert found.certain
    assert [(d.field, d.log, d.row) for d in found.differences] == [(FieldName.REASON, "tp", "sl")]


@pytest.mark.parametrize(("ours", "theirs"), [("tp", ""), ("", "tp"), ("", "")])
def test_a_reason_that_one_side_leaves_out_contradicts_nothing(ours, theirs):
    assert not compared(close("10:00:00", reason=ours), row("10:00:00", reason=theirs)).differences


def test_contracts_are_no_coins_but_may_be_what_the_row_counts():
    """A log that prints contracts only: equal numbers are a sign, different ones are another unit."""
    told = close("10:00:00", contracts="2.0", **BARE)
    assert compared(told, row("10:00:00", **BARE | {"size": "2.0"})).agreeing == 1
    found = compared(told, row("10:00:00", **BARE | {"size": "0.02"}))
    assert (found.agreeing, found.differing, found.differences) == (0, 0, ())


def test_where_the_log_prints_coins_and_contracts_the_row_may_show_either():
    told = close("10:00:00", contracts="2.0", **BARE | {"size": "0.02"})
    assert compared(told, row("10:00:00", **BARE | {"size": "0.02"})).agreeing == 1
    assert compared(told, row("10:00:00", **BARE | {"size": "2.0"})).agreeing == 1
    (difference,) = compared(told, row("10:00:00", **BARE | {"size": "3.0"})).differences
    assert (difference.field, difference.log, difference.row) == (
        FieldName.SIZE,
        Decimal("0.02"),
        Decimal("3.0"),
    )


@pytest.mark.parametrize("shown", ["gross", "net"])
def test_a_pnl_without_a_name_is_held_against_the_one_that_the_row_shows(shown):
    told = close("10:00:00", pnl="1.90", **BARE)
    assert compared(told, row("10:00:00", **BARE | {shown: "1.90"})).agreeing == 1
    (difference,) = compared(told, row("10:00:00", **BARE | {shown: "3.00"})).differences
    assert (difference.field, difference.log, difference.row) == (
        FieldName.PNL,
        Decimal("1.90"),
        Decimal("3.00"),
    )


def test_a_pnl_without_a_name_is_not_held_against_a_row_without_any():
    found = compared(close("10:00:00", pnl="1.90", **BARE), row("10:00:00", **BARE))
    assert (found.agreeing, found.differing) == (0, 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (PositionSide.LONG, PositionSide.LONG, True),
        (PositionSide.LONG, PositionSide.SHORT, False),
        (None, PositionSide.SHORT, True),
        (PositionSide.LONG, None, True),
    ],
)
def test_only_two_written_sides_contradict_each_other(ours, theirs, same):
    assert may_be(close("10:00:00", side=ours), row("10:00:00", side=theirs)) is same


def test_another_symbol_is_another_trade():
    assert not may_be(close("10:00:00"), row("10:00:00", symbol="ETH-USDT"))


#: Few values, so that many are equal; printed to different places, so that some agree within precision only.
VALUES = st.dictionaries(
    st.sampled_from(list(FIELDS)), st.sampled_from(["", "1", "1.0", "1.04", "1.2", "3.5"])
)


@given(VALUES, VALUES)
def test_agreement_is_the_count_of_compare_where_nothing_differs(ours, theirs):
    told, written = close("10:00:00", **BARE | ours), row("10:00:00", **BARE | theirs)
    found = compared(told, written)
    assert agreeing(told, written) == (None if found.differing else found.agreeing)


@given(VALUES, VALUES)
def test_equal_and_different_ones_are_the_fields_that_both_sides_print(ours, theirs):
    shared = {name for name in FIELDS if (BARE | ours).get(name) and (BARE | theirs).get(name)}
    found = compared(close("10:00:00", **BARE | ours), row("10:00:00", **BARE | theirs))
    assert found.agreeing + found.differing == len(shared)
    assert {d.field for d in found.differences} <= {FIELDS[name] for name in shared}


@given(VALUES, VALUES)
def test_which_side_prints_a_value_changes_no_count(ours, theirs):
    there = compared(close("10:00:00", **BARE | ours), row("10:00:00", **BARE | theirs))
    back = compared(close("10:00:00", **BARE | theirs), row("10:00:00", **BARE | ours))
    assert (there.agreeing, there.differing) == (back.agreeing, back.differing)
