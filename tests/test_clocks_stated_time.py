"""A stated instant in the logs' own clock: exact up to the change of the clock and from it on."""

from __future__ import annotations

import pytest
from evidence_factory import us
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.errors import UserError
from logaudit.core.timestamp import DAY, HOUR, SECOND, iso
from logaudit.reconcile.clocks import fixed_offset, parse_time

NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "stated", "shown"),
    [
        # Berlin went from 02:00 to 03:00 at 01:00 UTC.
        (BERLIN, "2025-03-30T00:59:59Z", "2025-03-30 01:59:59"),
        (BERLIN, "2025-03-30T01:00:00Z", "2025-03-30 03:00:00"),
        (BERLIN, "2025-03-30T01:59:59Z", "2025-03-30 03:59:59"),
        (BERLIN, "2025-03-30T02:30:00Z", "2025-03-30 04:30:00"),
        # It went back from 03:00 to 02:00 at 01:00 UTC: the hour before three is shown twice.
        (BERLIN, "2025-10-26T00:59:59Z", "2025-10-26 02:59:59"),
        (BERLIN, "2025-10-26T01:00:00Z", "2025-10-26 02:00:00"),
        (BERLIN, "2025-10-26T02:30:00Z", "2025-10-26 03:30:00"),
        # New York went from 02:00 to 03:00 at 07:00 UTC: west of Greenwich local time lies before UTC.
        (NEW_YORK, "2025-03-09T06:59:59Z", "2025-03-09 01:59:59"),
        (NEW_YORK, "2025-03-09T07:00:00Z", "2025-03-09 03:00:00"),
        (NEW_YORK, "2025-03-09T03:30:00Z", "2025-03-08 22:30:00"),
        # It went back from 02:00 to 01:00 at 06:00 UTC.
        (NEW_YORK, "2025-11-02T05:59:59Z", "2025-11-02 01:59:59"),
        (NEW_YORK, "2025-11-02T06:00:00Z", "2025-11-02 01:00:00"),
        (NEW_YORK, "2025-11-02T02:30:00Z", "2025-11-01 22:30:00"),
    ],
)
def test_a_stated_instant_is_what_the_clocks_showed_around_their_change(zone, stated, shown):
    assert parse_time(stated, zone) == us(shown)


@given(st.integers(us("2000-01-01 00:00:00") // SECOND, us("2037-01-01 00:00:00") // SECOND))
def test_an_instant_of_a_fixed_zone_is_its_utc_and_the_offset(at):
    stated = iso(at * SECOND, SECOND) + "Z"
    assert parse_time(stated, "+05:45") == at * SECOND + 5 * HOUR + 45 * 60 * SECOND
    assert parse_time(stated, "-09:30") == at * SECOND - 9 * HOUR - 30 * 60 * SECOND


@given(st.integers(us("2000-01-01 00:00:00") // SECOND, us("2037-01-01 00:00:00") // SECOND))
def test_away_from_a_change_the_offset_there_leads_back_to_the_instant(at):
    """Berlin changes its clock twice a year: a day on which both midnights have one offset is away from it."""
    shown = parse_time(iso(at * SECOND, SECOND) + "Z", BERLIN)
    if fixed_offset(BERLIN, shown - DAY) == fixed_offset(BERLIN, shown + DAY):
        assert shown - fixed_offset(BERLIN, shown) * SECOND == at * SECOND


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-10", "2026-03-10 00:00:00"),
        (" 2026-03-10 05:13 ", "2026-03-10 05:13:00"),
        ("2026-03-10T05:13:38.049", "2026-03-10 05:13:38.049"),
    ],
)
def test_a_time_without_an_offset_is_the_logs_own_whatever_their_zone(text, shown):
    assert parse_time(text, "") == parse_time(text, BERLIN) == us(shown)


def test_the_offset_that_the_text_states_is_taken_off():
    """05:13:38 at three hours east is 02:13:38 UTC, 03:13:38 in Berlin's winter."""
    assert parse_time("2026-03-10T05:13:38+03:00", BERLIN) == us("2026-03-10 03:13:38")


def test_an_offset_without_the_logs_zone_is_refused():
    with pytest.raises(UserError, match="zone"):
        parse_time("2026-03-10T05:13:38Z", "")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "10.03.2026"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UserError, match="not a time"):
        parse_time(text, "")
