"""What a close is worth: the net that is logged, else the nearest figure that the log does print."""

from __future__ import annotations

from decimal import Decimal

import pytest
from evidence_factory import close, row

BARE = {"net": ""}


@pytest.mark.parametrize(
    ("logged", "worth"),
    [
        ({"net": "0.90", "gross": "1.00", "commission": "0.05", "pnl": "7"}, "0.90"),  # what is called net
        (BARE | {"gross": "1.00", "commission": "0.05", "pnl": "7"}, "0.95"),  # net by its definition
        (
            BARE | {"gross": "1.00", "pnl": "0.93"},
            "0.93",
        ),  # the fee is not known: what the bot itself reports
        (BARE | {"pnl": "0.93", "commission": "0.05"}, "0.93"),  # nothing says that a fee is still to come
        (BARE | {"gross": "1.00"}, "1.00"),
    ],
)
def test_the_result_is_the_figure_nearest_to_net(logged, worth):
    assert close("10:00:00", **logged).fields.result == Decimal(worth)


def test_a_bot_that_logs_only_gross_does_not_earn_nothing():
    assert close("10:00:00", net="", gross="1.00").fields.result == Decimal("1.00")
    assert row("10:00:00", net="", gross="1.00").result == Decimal("1.00")


def test_a_net_of_zero_is_a_net():
    """A trade that came out even is not worth its gross."""
    assert close("10:00:00", net="0.00", gross="1.00", commission="0.50").fields.result == 0
    assert row("10:00:00", net="0.00", gross="1.00").result == 0


def test_a_fee_of_zero_is_a_fee():
    assert close("10:00:00", net="", gross="1.00", commission="0.00", pnl="7").fields.result == Decimal(
        "1.00"
    )


def test_where_no_pnl_is_printed_none_is_made_up():
    assert close("10:00:00", net="", commission="0.05").fields.result is None
    assert row("10:00:00", net="", commission="0.05").result is None
