"""UTC is given only as far as the evidence carries."""

from __future__ import annotations

import pytest
import report_factory
import report_model as made
from msgspec.structs import replace

from logaudit.core.report import OffsetReport, Report
from logaudit.renderers.document.utc_times import Utc, micros

NOON = micros("2026-03-29 12:00:00") or 0


def told(outcome: Report, written: str) -> str:
    return Utc(outcome).format(written, ".")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-03-04T06:15:00+03:00", "2026-03-04 03:15:00Z"),
        ("2026-03-04 01:15:00.125-0500", "2026-03-04 06:15:00.125Z"),
        ("2026-03-04T06:15:00.123456Z", "2026-03-04 06:15:00.123456Z"),
        ("2026-03-04 00:30+03:00", "2026-03-03 21:30Z"),
    ],
)
def test_a_time_that_states_its_offset_is_converted(written: str, utc: str) -> None:
    assert told(made.clean(), written) == utc


def test_a_naive_time_without_a_zone_is_not_known() -> None:
    assert told(made.clean(), "2026-03-04 06:15:00") == ""


def test_a_stated_zone_counts_from_when_its_offset_holds() -> None:
    """Summer time begins at noon here: before it one hour, after it two."""
    outcome = replace(
        made.clean(), zone="somewhere", offsets=(OffsetReport(".", 0, 3600), OffsetReport(".", NOON, 7200))
    )
    assert told(outcome, "2026-03-29 11:59:59") == "2026-03-29 10:59:59Z"
    assert told(outcome, "2026-03-29 12:00:00") == "2026-03-29 10:00:00Z"


def test_a_zone_stated_for_another_session_says_nothing() -> None:
    outcome = replace(made.clean(), offsets=(OffsetReport("other", 0, 3600),))
    assert told(outcome, "2026-03-29 11:59:59") == ""


def test_a_ledger_named_by_another_zone_leaves_an_interval() -> None:
    outcome = report_factory.with_data(made.small(), "LA301", {"low_seconds": 3600, "high_seconds": 7200})
    assert told(outcome, "2026-03-04 12:00:00.5") == "2026-03-04 10:00:00.5Z … 2026-03-04 11:00:00.5Z"


@pytest.mark.parametrize("text", ["", "06:15:00", "2026-13-40 00:00:00", "yesterday", made.EVIL])
def test_what_is_no_time_is_not_known(text: str) -> None:
    assert micros(text) is None
    assert told(made.clean(), text) == ""
