"""Zones that a user states: fixed offsets and names, and what is neither."""

from __future__ import annotations

import pytest
from evidence_factory import us

from logaudit.core.errors import UserError
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.reconcile.clocks import fixed_offset, to_utc
from logaudit.reconcile.clocks.timezone import offset_at


@pytest.mark.parametrize(
    ("zone", "seconds"),
    [
        ("+03:00", 10_800),
        ("-0530", -19_800),
        ("+3", 10_800),
        ("+14", 50_400),
        ("+03", 10_800),
        ("UTC+3", 10_800),
        ("GMT-03:30", -12_600),
        ("-12:00", -43_200),
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


@pytest.mark.parametrize(
    "zone",
    [
        "Mars/Olympus",
        "+3:00:00",
        "+x",
        "+12345",
        "+3:30",
        "+330",
        "+99:99",
        "-24:00",
        "+14:01",
        "-12:01",
        "+03:60",
        "UTC+15",
        "MSK-3",
    ],
)
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(UserError):
        fixed_offset(zone, us("12:00:00"))


def test_local_time_less_its_offset_is_utc():
    assert to_utc(us("05:13:38"), 10_800) == us("05:13:38") - 3 * HOUR


@pytest.mark.parametrize("zone", ["+3:30", "+99:99", "UTC+99", "-3:00 "])
def test_who_writes_an_offset_wrongly_is_told_how_to_write_it(zone):
    with pytest.raises(UserError, match="is not a UTC offset") as refused:
        fixed_offset(zone, 0)
    assert "+03:00" in refused.value.remedy
    assert "+14:00" in refused.value.remedy


@pytest.mark.parametrize("at", [-(10**20), -62_135_596_800 * SECOND, 253_402_300_799 * SECOND, 10**20])
@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "-12:00", "+14:00"])
def test_a_zone_has_an_offset_at_the_ends_of_the_calendar_and_behind_them(zone, at):
    assert abs(fixed_offset(zone, at)) < 86_400
    assert abs(offset_at(zone, at)) < 86_400
