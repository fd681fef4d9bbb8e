"""Captured texts become exact numbers, sides and counts once; what cannot be read stays as it was written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.events import Captures, captures_of
from logaudit.core.fields import NUMBERS, FieldName, PositionSide, TradeFields, Unread
from logaudit.ingest.capture import capture

SIDES = {"long": "long", "short": "short", "buy": "long", "sell": "short"}


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_keeps_the_digits_that_were_printed(name):
    """The digits are the tolerance: 1234.50 is known to a hundredth."""
    found = capture({FieldName(name): "$1,234.50"}, SIDES)
    assert str(getattr(found.fields, name)) == "1234.50"
    assert found.unread == ()


@pytest.mark.parametrize("name", [*NUMBERS, "side", "counter"])
def test_what_cannot_be_read_is_kept_as_it_was_written(name):
    """A price that is no number is not a price that was not logged."""
    found = capture({FieldName(name): "n/a", FieldName.SYMBOL: "X"}, SIDES)
    assert found.unread == (Unread(FieldName(name), "n/a"),)
    assert found.fields == TradeFields(symbol="X")
    assert found.counter is None
    assert found.values.keys() == {FieldName.SYMBOL, FieldName(name)}


@pytest.mark.parametrize(
    ("word", "side"),
    [(" BUY ", PositionSide.LONG), ("Sell", PositionSide.SHORT), ("short", PositionSide.SHORT)],
)
def test_a_side_is_told_in_the_profiles_words(word, side):
    assert capture({FieldName.SIDE: word}, SIDES).fields.side is side


@pytest.mark.parametrize(("text", "total"), [("12", 12), ("1,234", 1234)])
def test_a_total_is_a_count(text, total):
    assert capture({FieldName.COUNTER: text}, SIDES).counter == total


@pytest.mark.parametrize("text", ["-3", "1.5", "9" * 5000])
def test_a_total_that_is_no_count_is_none(text):
    found = capture({FieldName.COUNTER: text}, SIDES)
    assert found.counter is None
    (unread,) = found.unread
    assert text.startswith(unread.text[:20])
    assert len(unread.text) <= 80


def test_words_and_ids_stay_as_they_are():
    """An order id is no number, though it looks like one."""
    texts = {
        FieldName.ORDER_ID: "0012",
        FieldName.REASON: "tp 1",
        FieldName.PATH: "a.csv",
        FieldName.DETAIL: "full",
    }
    found = capture(texts, SIDES)
    assert (found.fields.order_id, found.fields.reason, found.path, found.detail) == (
        "0012",
        "tp 1",
        "a.csv",
        "full",
    )


texts = st.dictionaries(st.sampled_from(list(FieldName)), st.sampled_from(["12", "-0.50", "long", "?"]))


@given(texts)
def test_nothing_that_was_captured_is_dropped(shown):
    found = capture(shown, SIDES)
    assert found.values.keys() == shown.keys()
    assert captures_of(found.values) == found


def test_a_zero_is_shown():
    found = capture({FieldName.NET_PNL: "0.00", FieldName.COUNTER: "0"}, SIDES)
    assert dict(found.values) == {FieldName.NET_PNL: Decimal("0.00"), FieldName.COUNTER: 0}
    assert dict(Captures().values) == {}
