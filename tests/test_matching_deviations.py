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
