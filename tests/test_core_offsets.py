"""Times of any count can be shown; one parser reads every UTC offset and zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logaudit.core.timestamp import (
    DAY,
    HOUR,
    SECOND,
    day_of,
    in_calendar,
    is_trading_time,
    iso,
    midnight,
    offset_of_instant,
    offset_of_local,
    parse_offset,
    parse_zone,
    us_of,
)


def zone(name: str) -> tzinfo:
    found = parse_zone(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Z", 0),
        ("z", 0),
        ("UTC", 0),
        ("GMT", 0),
        ("+00:00", 0),
        ("-00:00", 0),
        ("+03:00", 10_800),
        (" +03:00 ", 10_800),
        ("+0330", 12_600),
        ("+03", 10_800),
        ("+3", 10_800),
        ("\u221203:00", -10_800),
        ("-05:30", -19_800),
        ("+05:53:28", 21_208),
        ("+055328", 21_208),
        ("+00:00:00.123456", 0),
        ("UTC+3", 10_800),
        ("utc+03:00", 10_800),
        ("GMT-0330", -12_600),
        ("UTC+5:30", 19_800),
        ("+23:59", 86_340),
        ("-23:59:59", -86_399),
    ],
)
def test_an_offset_is_read_as_it_is_written(text, seconds):
    assert parse_offset(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "+", "3", "03:00", "+3:30", "+330", "+3:00:00", "+99:99", "+24:00", "+03:60", "+03:00:60", "+03:0000",
     "+0300:00", "+123456789", "+12345", "UTC+330", "UTC 3", "MSK", "Z+03:00", "+x", "+\u0663", "+\u00b2", "+03:00 x"],
)  # fmt: skip
def test_what_is_no_offset_is_none(text):
    assert parse_offset(text) is None


@given(st.integers(-86_399, 86_399))
def test_what_the_standard_library_prints_is_read_back(seconds):
    written = datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=seconds)))
    assert parse_offset(written.isoformat()[19:]) == seconds
    assert parse_offset(f"{written:%z}") == seconds


@given(st.text(max_size=20) | st.from_regex(r"(UTC|GMT)?[+-][0-9:.]{0,12}", fullmatch=True))
def test_any_text_is_an_offset_of_less_than_a_day_or_none(text):
    found = parse_offset(text)
    assert found is None or abs(found) < 86_400


@pytest.mark.parametrize("name", ["+14:00", "-12:00", "Z", "UTC+3", "Europe/Moscow", "Etc/GMT-14", "EST"])
def test_a_zone_may_be_stated_by_offset_or_name(name):
    assert parse_zone(name) is not None


@pytest.mark.parametrize(
    "name",
    ["", "+14:01", "-12:01", "+3:30", "+99:99", "Mars/Olympus", "MSK-3", "Europe", "../passwd", "/etc/passwd", "a\0b",
     "\udcff", "x" * 5000],
)  # fmt: skip
def test_no_other_zone_is_taken(name):
    assert parse_zone(name) is None


@given(st.integers() | st.integers(-(10**18), 10**18))
@example(us_of(datetime.max.replace(tzinfo=UTC)))
@example(us_of(datetime.max.replace(tzinfo=UTC)) + 1)
@example(us_of(datetime.min.replace(tzinfo=UTC)) - 1)
@example(2**200)
def test_any_count_of_microseconds_is_shown_and_converted(us):
    shown = iso(us, 1)
    assert datetime.fromisoformat(shown).date() == day_of(us)
    assert (us_of(datetime.fromisoformat(shown)) == us) == in_calendar(us)
    for name in ("Europe/Moscow", "America/New_York", "Pacific/Kiritimati", "-12:00", "+14:00"):
        assert abs(offset_of_local(zone(name), us)) < 86_400
        assert abs(offset_of_instant(zone(name), us)) < 86_400


def test_what_lies_behind_the_calendar_is_shown_as_its_end():
    first, last = us_of(datetime(1, 1, 1, tzinfo=UTC)), us_of(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert iso(first - 5 * HOUR, SECOND) == "0001-01-01T00:00:00"
    assert iso(last + 5 * HOUR, SECOND) == "9999-12-31T23:59:59"


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(0, 1, 1), (10_000, 1, 1), (2025, 13, 1), (2025, 2, 29), (-1, 1, 1), (10**30, 1, 1)],
)
def test_a_day_that_the_calendar_does_not_have_is_none(year, month, day):
    assert midnight(year, month, day) is None


def test_bots_trade_from_1990_to_2199():
    first, end = midnight(1990, 1, 1), midnight(2200, 1, 1)
    assert first is not None
    assert end is not None
    assert [is_trading_time(at) for at in (first - 1, first, end - 1, end)] == [False, True, True, False]
    assert day_of(end - DAY) == date(2199, 12, 31)
