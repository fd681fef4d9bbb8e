"""Every field of the report's structs is a JSON key, or stands in the list of those that are not, with the reason."""

from decimal import Decimal
from typing import Final

import pytest

from logaudit.core.message import Time, msg
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.renderers.json_fields import _KEYS, data_of

#: Fields that JSON shows under another name, sums up, or leaves out.
NOT_KEYS: Final = {
    "RunReport": {"money", "start_log"},  # its sums; the place is in the diagnosis
    "LedgerReport": {"opened", "opened_log"},  # for the timeline of reports
    "TradeReport": {"also_at", "row_at", "backfill_at", "nearby"},  # for the explorer of reports
    "Impact": {"log", "ledger"},  # the sums that are keys, with what they are sums of
    "SourceReport": {"address", "packed"},  # path and member; whether a copy of the text can be cited
    "Finding": {"title", "at", "until", "told_in"},  # its rule's, for headings; for the timeline of reports
    "Statement": {"at"},  # for the timeline of reports
    "KnownFinding": {"parts"},
    "Hypothesis": {"clause"},  # its title within another sentence
    "ChainStep": {"delay"},  # delay_us
    "ScanSide": {"label"},  # scan
}


@pytest.mark.parametrize("kind", _KEYS, ids=lambda kind: kind.__name__)
def test_every_field_is_a_key_or_left_out_on_purpose(kind):
    keys = {key.name for key in _KEYS[kind]}
    assert set(kind.__struct_fields__) - keys == NOT_KEYS.get(kind.__name__, set())


def test_values_are_plain_and_exact():
    at = Time(Stamp(0, SECOND))
    told = data_of((Decimal("1E-7"), Decimal("2.50"), None, True, {"a": (1, "")}))
    assert told == ["0.0000001", "2.50", None, True, {"a": [1, ""]}]
    assert data_of(msg("at {at}", at=at)) == "at 1970-01-01T00:00:00"
    assert data_of(msg("at {at}", at=at), spaced=True) == "at 1970-01-01 00:00:00"


def test_what_no_report_holds_is_refused():
    with pytest.raises(TypeError):
        data_of(object())
