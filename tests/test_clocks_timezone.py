"""Zones that a user states: fixed offsets and names, and what is neither."""

from __future__ import annotations

import pytest
from evidence_factory import us

from logaudit.core.errors import UserError
from logaudit.core.timestamp import HOUR
from logaudit.reconcile.clocks import fixed_offset, to_utc


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        ("+03:00", 10_800),
        ("-0530", -19_800),
        ("+3", 10_800),
        ("+14", 50_400),
        ("UTC", 0),
        ("z", 0),
        (" +05:45 ", 20_700),
        ("Asia/Tokyo", 32_400),
    ],
)
def test_an_offset_is_read_as_it_is_written(zone, seconds):
    assert fixed_offset(zone, us("12:00:00")) == seconds


def test_a_named_zone_has_the_offset_of_the_moment():
    assert fixed_offset("Europe/Berlin", us("2026-01-15 12:00:00")) == 3600
    assert fixed_offset("Europe/Berlin", us("2026-07-15 12:00:00")) == 7200


@pytest.mark.parametrize("zone", ["Mars/Olympus", "+3:00:00", "+x", "+12345", "+99:99", "-24:00"])
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(UserError):
        fixed_offset(zone, us("12:00:00"))


def test_local_time_less_its_offset_is_utc():
    assert to_utc(us("05:13:38"), 10_800) == us("05:13:38") - 3 * HOUR
