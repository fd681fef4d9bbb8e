"""Times in table cells: what is read, with which precision and offset, and what must not be guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.timestamp import MINUTE, SECOND, Stamp
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day


def us(text: str) -> int:
    """Naive µs of an ISO text, by the standard library."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


NOON = us("2025-11-23T12:00:05")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-11-23T12:00:05", Stamp(NOON)),
        ("2025-11-23 12:00:05", Stamp(NOON)),
        ("  2025-11-23  12:00:05 ", Stamp(NOON)),
        ("2025-11-23_12:00:05", Stamp(NOON)),
        ("2025-11-23, 12:00:05", Stamp(NOON)),
        ("2025/11/23 12:00:05", Stamp(NOON)),
        ("2025-11-23T12:00", Stamp(NOON - 5 * SECOND, MINUTE)),
        ("12:00 2025-11-23", Stamp(NOON - 5 * SECOND, MINUTE)),
        ("12:00:05 23.11.2025", Stamp(NOON)),
        ("2025-11-23T12:00:05.1", Stamp(NOON + 100_000, 100_000)),
        ("2025-11-23T12:00:05.120", Stamp(NOON + 120_000, 1_000)),
        ("2025-11-23 12:00:05,120", Stamp(NOON + 120_000, 1_000)),
        ("2025-11-23T12:00:05.123456", Stamp(NOON + 123_456, 1)),
        ("2025-11-23T12:00:05.123456789", Stamp(NOON + 123_456, 1)),
        ("2025-11-23T12:00:05Z", Stamp(NOON, SECOND, 0)),
        ("2025-11-23 12:00:05 UTC", Stamp(NOON, SECOND, 0)),
        ("2025-11-23T12:00:05+03:00", Stamp(NOON, SECOND, 10_800)),
        ("2025-11-23T12:00:05.120-0530", Stamp(NOON + 120_000, 1_000, -19_800)),
        ("2025-11-23 12:00:05 UTC+8", Stamp(NOON, SECOND, 28_800)),
        ("23.11.2025 12:00:05", Stamp(NOON)),
        ("5.11.2025 12:00:05", Stamp(us("2025-11-05T12:00:05"))),
        ("23/11/2025 12:00:05", Stamp(NOON)),
        ("11/23/2025 12:00:05 PM", Stamp(NOON)),
        ("11/23/2025, 12:00:05 AM", Stamp(us("2025-11-23T00:00:05"))),
        ("11/11/2025 12:00:05", Stamp(us("2025-11-11T12:00:05"))),
        ("11/23/25 12:00:05", Stamp(NOON)),
        ("23.11.25 12:00:05", Stamp(NOON)),
        ("20251123120005", Stamp(NOON)),
        ("20251123T120005Z", Stamp(NOON, SECOND, 0)),
        ("23 Nov 2025 12:00:05", Stamp(NOON)),
        ("Nov 23, 2025, 12:00:05.250 PM", Stamp(NOON + 250_000, 1_000)),
        ("Sun, 23 Nov 2025 12:00:05 GMT", Stamp(NOON, SECOND, 0)),
        ("Sun, 23 Nov 2025 12:00:05 +0300", Stamp(NOON, SECOND, 10_800)),
    ],
)
def test_a_written_time_is_read_as_printed(text, expected):
    assert parse_stamp(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1700000000", Stamp(1_700_000_000_000_000, SECOND, 0)),
        ("1700000000.0", Stamp(1_700_000_000_000_000, SECOND, 0)),
        ("1700000000.25", Stamp(1_700_000_000_250_000, 10_000, 0)),
        ("1700000000.1234567", Stamp(1_700_000_000_123_456, 1, 0)),
        ("1700000000250", Stamp(1_700_000_000_250_000, 1_000, 0)),
        ("1700000000250.5", Stamp(1_700_000_000_250_500, 100, 0)),
        ("1700000000250999", Stamp(1_700_000_000_250_999, 1, 0)),
        ("1700000000250999123", Stamp(1_700_000_000_250_999, 1, 0)),
    ],
)
def test_an_epoch_number_is_utc(text, expected):
    assert parse_stamp(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "2025-11-23",
        "20251123",
        "23 Nov 2025",
        "12:00:05",
        "BTC-USDT",
        "94974.3000",
        "42",
        "123456789012345678901",
        "2025-13-01T00:00:00",
        "2025-02-30T00:00:00",
        "2025-11-23T25:00:00",
        "2025-11-23T12:60:00",
        "2025-11-23T12:00:61",
        "2025-11-23T13:00:00 PM",
        "2025-11-23T12:00:05+25:00",
        "05/11/2025 12:00:05",
        "0001-01-01T00:00:00",
        "2025-11-2302:40:12",
        "2025-11-23T12:00:05 MSK",
        "23 Nov 2025 12:00:05 MSK",
        "Nov 2025 12:00",
        "some text of Nov 2025 at 12:00",
        "2025-11-23T12:00:05 tail",
        "２０２５-11-23T12:00:05",
        "x" * 10_000,
    ],
)
def test_what_is_no_time_or_would_be_a_guess_stays_unread(text):
    assert parse_stamp(text) is None


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001 - naive times are the subject
    st.sampled_from(["T", " "]),
    st.integers(0, 6),
    st.none() | st.integers(-14 * 4, 14 * 4),
)
def test_isoformat_is_read_back(moment, separator, digits, quarters):
    zone = None if quarters is None else timezone(timedelta(minutes=15 * quarters))
    whole = moment.replace(microsecond=0)
    fraction = f"{moment.microsecond:06d}"[:digits]
    offset = "" if zone is None else datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]
    stamp = parse_stamp(whole.isoformat(separator) + (f".{fraction}" if digits else "") + offset)
    assert stamp is not None
    assert stamp.us == us(whole.isoformat()) + int(fraction.ljust(6, "0"))
    assert stamp.precision == 10 ** (6 - digits)
    assert stamp.offset == (None if quarters is None else quarters * 900)


@given(st.text(max_size=40))
def test_no_text_raises(text):
    parse_stamp(text)
    parse_time_of_day(text)


@given(st.from_regex(r"[0-9:./ TZ+-]{1,30}", fullmatch=True))
def test_no_time_like_text_raises(text):
    parse_stamp(text)
    parse_time_of_day(text)


def test_a_time_of_day_is_microseconds_since_midnight():
    assert parse_time_of_day("02:19:56.769") == ((2 * 3600 + 19 * 60 + 56) * SECOND + 769_000, 1_000)
    assert parse_time_of_day("2:19 pm") == ((14 * 3600 + 19 * 60) * SECOND, MINUTE)


def test_a_dated_time_is_no_time_of_day():
    assert parse_time_of_day("2025-11-23 02:19:56") is None
