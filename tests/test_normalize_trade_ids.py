"""Ids that tell trades apart stay; what only looks like one is dropped."""

from __future__ import annotations

import pytest
from evidence_factory import close, event

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import PositionSide
from logaudit.reconcile.normalize.trade_ids import with_telling_ids

SHORT = PositionSide.SHORT


def opened(at: str, **told: str) -> Event:
    return event(EventKind.POSITION_OPENED, at, **told)


def ids(*events: Event) -> list[str]:
    return [e.fields.trade_id for e in with_telling_ids(events)]


def test_an_id_of_one_position_stays_on_its_open_and_its_closes():
    told = [
        opened("10:00:00", symbol="BTC-USDT", trade_id="7"),
        close("10:05:00", "BTC-USDT", trade_id="7"),
        close("10:06:00", "BTC-USDT", trade_id="7"),
        close("10:07:00", "ETH-USDT", trade_id="8"),
    ]
    assert ids(*told) == ["7", "7", "7", "8"]


@pytest.mark.parametrize(("symbol", "side"), [("ETH-USDT", PositionSide.LONG), ("BTC-USDT", SHORT)])
def test_a_value_of_two_symbols_or_sides_is_none(symbol, side):
    told = [
        close("10:05:00", "BTC-USDT", PositionSide.LONG, trade_id="bot-70015"),
        close("10:06:00", symbol, side, trade_id="bot-70015"),
        close("10:07:00", "BTC-USDT", PositionSide.LONG, trade_id="t-70016"),
    ]
    assert ids(*told) == ["", "", "t-70016"]


def test_a_counter_that_starts_anew_with_the_bot_is_none():
    told = [
        close("10:05:00", "BTC-USDT", trade_id="1"),
        event(EventKind.RUN_STARTED, "11:00:00"),
        close("11:05:00", "BTC-USDT", trade_id="1"),
        close("11:06:00", "BTC-USDT", trade_id="2"),
    ]
    assert ids(*told) == ["", "", "", "2"]


def test_a_number_that_all_opens_and_closes_bear_is_none():
    told = [
        opened("10:00:00", symbol="BTC-USDT", trade_id="worker-70015"),
        close("10:05:00", "BTC-USDT", trade_id="worker-70015"),
        opened("11:00:00", symbol="BTC-USDT", trade_id="worker-70015"),
        close("11:05:00", "BTC-USDT", trade_id="worker-70015"),
    ]
    assert ids(*told) == ["", "", "", ""]
