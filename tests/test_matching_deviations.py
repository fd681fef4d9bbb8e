"""Results that the log prints before the fee and the row after it, under whatever name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.reconcile.matching.deviations import DeviationKind, explain


def trade(**values: str) -> TradeFields:
    numbers = {name: Decimal(value) for name, value in values.items()}
    return TradeFields(symbol="LTC-USDT", side=PositionSide.SHORT, **numbers)


# (84.99 - 86.59) x 8.70 = -13.92; less 0.7464 it is -14.6664.
@pytest.mark.parametrize("column", ["net_pnl", "gross_pnl"])
def test_a_row_that_takes_its_fee_off_the_result_is_no_contradiction(column):
    found = explain(trade(pnl="-13.9200"), trade(commission="0.7464", **{column: "-14.6664"}))
    assert not found.comparison.differences
    assert [d.kind for d in found.deviations] == [DeviationKind.AFTER_FEE]


@pytest.mark.parametrize("row", ["-14.6700", "-13.1736"])
def test_a_difference_that_is_not_the_fee_is_one(row):
    found = explain(trade(pnl="-13.9200"), trade(commission="0.7464", gross_pnl=row))
    assert [d.field for d in found.comparison.differences] == ["pnl"]


def test_a_gross_beside_a_net_is_before_the_fee_itself():
    row = trade(commission="0.7464", gross_pnl="-14.6664", net_pnl="-15.4128")
    assert explain(trade(pnl="-13.9200"), row).comparison.differences


# (84.99 - 86.59) x 8.70 = -13.92; orders of 739.41 and 753.33 cost 0.1 % each, 1.49274 together.
def test_the_fee_of_one_order_in_the_row_leaves_that_of_the_other_to_the_log():
    told = {"size": "8.70", "exit_price": "86.59"}
    found = explain(trade(pnl="-15.4127", **told), trade(commission="0.75333", net_pnl="-13.92", **told))
    assert not found.comparison.differences
    assert [d.kind for d in found.deviations] == [DeviationKind.GROSS_FOR_NET]


@pytest.mark.parametrize("pnl", ["-12.4273", "-14.3", "-18.4127"])
def test_what_that_fee_cannot_be_is_a_difference(pnl):
    """Of the wrong sign, less than the fee of one order, and more than two cost."""
    told = {"size": "8.70", "exit_price": "86.59"}
    found = explain(trade(pnl=pnl, **told), trade(commission="0.75333", net_pnl="-13.92", **told))
    assert [d.field for d in found.comparison.differences] == ["pnl"]
