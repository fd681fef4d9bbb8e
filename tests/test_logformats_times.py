"""Every time token of loguru's and strftime's, and what a written time means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from logaudit.core.timestamp import DAY, HOUR, MILLISECOND, MINUTE, SECOND, Stamp
from logaudit.logformats import compile_format

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall(*parts: int) -> int:
    """Naive microseconds of a wall-clock time."""
    return (datetime(*parts, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)  # type: ignore[misc]


def stamp(written: str, text: str) -> Stamp | None:
    head = compile_format(f"{{time:{written}}} | {{message}}" if written else "{time} | {message}").match(
        f"{text} | hi"
    )
    return None if head is None else head.stamp


@pytest.mark.parametrize(
    ("written", "text", "us", "precision", "offset"),
    [
        ("", "2025-11-08T05:03:08.049123+0300", wall(2025, 11, 8, 5, 3, 8, 49_123), 1, 10_800),
        ("YYYY-MM-DD HH:mm:ss.S", "2025-11-08 05:03:08.4", wall(2025, 11, 8, 5, 3, 8, 400_000), 100_000, None),
        ("YY-M-D H:m:s.SS", "25-1-8 5:3:8.04", wall(2025, 1, 8, 5, 3, 8, 40_000), 10_000, None),
        ("YYYY-MM-DD HH:mm:ss.SSSS", "2025-11-08 05:03:08.0491", wall(2025, 11, 8, 5, 3, 8, 49_100), 100, None),
        ("YYYY-MM-DD HH:mm:ss.SSSSS", "2025-11-08 05:03:08.04912", wall(2025, 11, 8, 5, 3, 8, 49_120), 10, None),
        ("YYYY-MM-DD HH:mm:ss.SSSSSSSSS", "2025-11-08 05:03:08.049123999",
         wall(2025, 11, 8, 5, 3, 8, 49_123), 1, None),
        ("dddd D MMMM YYYY HH:mm", "Saturday 8 November 2025 05:03", wall(2025, 11, 8, 5, 3), MINUTE, None),
        ("ddd MMM DD YYYY h A", "Sat Nov 08 2025 5 PM", wall(2025, 11, 8, 17), HOUR, None),
        ("YYYY-MM-DD hh:mm:ss A", "2025-11-08 12:03:08 AM", wall(2025, 11, 8, 0, 3, 8), SECOND, None),
        ("YYYY-MM-DD hh:mm:ss A", "2025-11-08 12:03:08 PM", wall(2025, 11, 8, 12, 3, 8), SECOND, None),
        ("YYYY DDDD", "2024 366", wall(2024, 12, 31), DAY, None),
        ("YYYY DDD HH", "2025 32 07", wall(2025, 2, 1, 7), HOUR, None),
        ("YYYY-MM-DD Q d E HH:mm:ss", "2025-11-08 4 5 6 05:03:08", wall(2025, 11, 8, 5, 3, 8), SECOND, None),
        ("YYYY-MM-DD HH:mm:ss Z", "2025-11-08 05:03:08 -03:30", wall(2025, 11, 8, 5, 3, 8), SECOND, -12_600),
        ("YYYY-MM-DD HH:mm:ssZZ", "2025-11-08 05:03:08+0530", wall(2025, 11, 8, 5, 3, 8), SECOND, 19_800),
        ("YYYY-MM-DD HH:mm:ss zz", "2025-11-08 05:03:08 UTC", wall(2025, 11, 8, 5, 3, 8), SECOND, 0),
        ("YYYY-MM-DD HH:mm:ss zz", "2025-11-08 05:03:08 UTC+03:00", wall(2025, 11, 8, 5, 3, 8), SECOND, 10_800),
        ("YYYY-MM-DD HH:mm:ss zz", "2025-11-08 05:03:08 -03", wall(2025, 11, 8, 5, 3, 8), SECOND, -10_800),
        ("YYYY-MM-DD HH:mm:ss zz", "2025-11-08 05:03:08 MSK", wall(2025, 11, 8, 5, 3, 8), SECOND, None),
        ("YYYY-MM-DD HH:mm:ss zz", "2025-11-08 05:03:08 Central Standard Time",
         wall(2025, 11, 8, 5, 3, 8), SECOND, None),
        ("YYYY-MM-DD HH:mm:ss!UTC", "2025-11-08 05:03:08", wall(2025, 11, 8, 5, 3, 8), SECOND, 0),
        ("YYYY-MM-DDTHH:mm:ss.SSS[Z]", "2025-11-08T05:03:08.049Z", wall(2025, 11, 8, 5, 3, 8, 49_000), 1000, 0),
        ("YYYY-MM-DD [HH]HH:mm:ss", "2025-11-08 HH05:03:08", wall(2025, 11, 8, 5, 3, 8), SECOND, None),
        ("X.SSS", "1762570988.049", wall(2025, 11, 8, 3, 3, 8, 49_000), MILLISECOND, 0),
        ("%d.%m.%y %I:%M:%S %p", "08.11.25 05:03:08 PM", wall(2025, 11, 8, 17, 3, 8), SECOND, None),
        ("%c", "Sat Nov  8 05:03:08 2025", wall(2025, 11, 8, 5, 3, 8), SECOND, None),
        ("%F %T.%f%z", "2025-11-08 05:03:08.049123+0300", wall(2025, 11, 8, 5, 3, 8, 49_123), 1, 10_800),
        ("%D %R", "11/08/25 05:03", wall(2025, 11, 8, 5, 3), MINUTE, None),
        ("%A %-d %B %Y, %j, %H h %%", "Saturday 8 November 2025, 312, 05 h %", wall(2025, 11, 8, 5), HOUR, None),
        ("%s", "1762570988", wall(2025, 11, 8, 3, 3, 8), SECOND, 0),
    ],
)  # fmt: skip
def test_a_token_reads_as_its_logger_prints_it(
    written: str, text: str, us: int, precision: int, offset: int | None
) -> None:
    assert stamp(written, text) == Stamp(us, precision, offset)


def test_the_doubled_microseconds_of_x_leave_one_second_open() -> None:
    """Loguru's `x` prints epoch microseconds plus the microseconds again."""
    for micros in (0, 1, 499_999, 999_999):
        true = wall(2025, 11, 8, 3, 3, 8) + micros
        found = stamp("x", str(true + micros))
        assert found is not None
        assert found.us <= true < found.end


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("YYYY-MM-DD hh:mm A", "2025-11-08 13:00 AM"),
        ("YYYY-MM-DD hh:mm A", "2025-11-08 00:00 AM"),
        ("YYYY DDDD", "2025 366"),
        ("YYYY DDDD", "2025 000"),
        ("YYYY-MM-DD", "0000-01-01"),
        ("YYYY-MM-DD HH:mm:ss", "2025-11-08 05:03:60"),
        ("YYYY-MM-DD HH:mm:ss Z", "2025-11-08 05:03:08 +24:00"),
    ],
)
def test_digits_that_are_no_time_begin_no_record(written: str, text: str) -> None:
    assert stamp(written, text) is None


def test_the_cache_of_neighbours_never_leaks_into_other_times() -> None:
    dialect = compile_format("{time:YYYY-MM-DD HH:mm:ss.SSSZ} | {message}")
    lines = [
        ("2025-11-08 05:03:08.049+03:00", 8, 49, 10_800),
        ("2025-11-08 05:03:08.050+03:00", 8, 50, 10_800),
        ("2025-11-08 05:03:08.050+02:00", 8, 50, 7_200),
        ("2025-11-08 05:03:09.050+02:00", 9, 50, 7_200),
        ("2025-11-08 05:03:08.049+03:00", 8, 49, 10_800),
    ]
    for text, second, millis, offset in lines:
        head = dialect.match(f"{text} | hi")
        assert head is not None
        assert head.stamp == Stamp(wall(2025, 11, 8, 5, 3, second, millis * 1000), MILLISECOND, offset)


def test_a_stdlib_datefmt_with_f_prints_letters_and_no_fraction() -> None:
    """`time.strftime` knows no %f: some systems print it as it stands, some drop the percent sign."""
    dialect = compile_format("%(asctime)s | %(message)s", "%Y-%m-%d %H:%M:%S.%f")
    expected = {"%f": (0, SECOND), "f": (0, SECOND), "049123": (49_123, 1), "049": (49_000, MILLISECOND)}
    for text, (us, precision) in expected.items():
        head = dialect.match(f"2025-11-08 05:03:08.{text} | hi")
        assert head is not None
        assert head.stamp == Stamp(wall(2025, 11, 8, 5, 3, 8) + us, precision)


def test_stated_offsets_agree_with_datetime() -> None:
    for hours in range(-12, 15):
        when = datetime(2025, 6, 1, 12, tzinfo=timezone(timedelta(hours=hours)))
        found = stamp("YYYY-MM-DD HH:mm:ssZ", when.isoformat(" "))
        assert found is not None
        assert found.offset == hours * 3600
