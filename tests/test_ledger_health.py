"""Live tables: alive or not, from when to when, and how long they were silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_health import parse_health

from logaudit.core.location import Address
from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND
from logaudit.ledger import Health, HealthStatus, RejectReason
from logaudit.ledger.day_clock import DayClock
from logaudit.profiles.profile import HealthFile
from logaudit.sources import lines

SPEC = HealthFile("debug CSV", ("debug_*.csv",), "timestamp")
HEADER = "timestamp,event_type,symbol,data"
NAME = "debug_20251123_021925.csv"


def read(
    text: str | bytes, name: str = NAME, spec: HealthFile | None = SPEC, *, ended: bool | None = None
) -> Health:
    data = text.encode() if isinstance(text, str) else text
    complete = data.endswith(b"\n") if ended is None else ended
    return parse_health(lines([data]), Address("logs/" + name), spec, ended=lambda: complete)


def rows(*times: str) -> str:
    return "\n".join([HEADER, *(f"{at},check,BTC-USDT,a=1 | b=2" for at in times), ""])


def reasons(health: Health) -> list[tuple[int, RejectReason]]:
    return [(rejected.location.line, rejected.reason) for rejected in health.malformed]


def span(health: Health) -> tuple[str, str]:
    assert health.first is not None
    assert health.last is not None
    return health.first.iso(), health.last.iso()


def test_times_of_day_get_the_date_of_the_file_s_name():
    health = read(rows("02:19:56.769", "02:20:00.075", "10:58:34.944"))
    assert (health.status, health.rows, health.malformed, health.midnights) == (HealthStatus.ALIVE, 3, (), 0)
    assert span(health) == ("2025-11-23T02:19:56.769", "2025-11-23T10:58:34.944")
    assert health.title == "debug CSV"


def test_midnight_is_time_running_backwards_by_hours():
    health = read(rows("22:00:00.1", "23:59:59.9", "00:00:00.1", "23:30:00.0", "01:00:00.0"))
    assert health.midnights == 2
    assert span(health)[1] == "2025-11-25T01:00:00.000"


def test_a_little_backwards_is_no_midnight():
    health = read(rows("03:00:00.5", "03:00:00.4", "02:58:00.0", "03:00:01.0", "02:05:00.0"))
    assert health.midnights == 0
    assert span(health)[1] == "2025-11-23T02:05:00.000"


def test_a_thread_that_is_late_at_midnight_does_not_turn_two_days():
    health = read(rows("23:59:59.9", "00:00:00.1", "23:59:59.8", "00:00:00.2", "00:10:00.0"))
    assert health.midnights == 1
    assert span(health)[1] == "2025-11-24T00:10:00.000"


def test_midnight_between_the_name_and_the_first_row_dates_the_rows_but_is_not_theirs():
    health = read(rows("00:00:01.000", "00:00:02.000"), "debug_20251123_235958.csv")
    assert health.midnights == 0
    assert span(health)[0] == "2025-11-24T00:00:01.000"


def test_a_name_in_another_zone_does_not_turn_the_day():
    health = read(rows("00:30:00.000"), "debug_20251123_033000.csv")
    assert span(health)[0] == "2025-11-23T00:30:00.000"


def test_without_a_date_in_the_name_rows_count_and_times_stay_unknown():
    health = read(rows("02:19:56.769", "02:50:00.000", "02:50:01.000", "02:50:02.000"), "debug.csv")
    assert (health.rows, health.first, health.last, health.status) == (4, None, None, HealthStatus.ALIVE)
    assert [(gap.after, gap.us) for gap in health.silences] == [(None, 30 * MINUTE + 3 * SECOND + 231_000)]


def test_dated_times_count_midnights_by_their_dates():
    health = read(
        rows("2025-11-23 23:59:00", "2025-11-24 00:01:00", "2025-11-23 23:59:59", "2025-11-26T00:00:00")
    )
    assert health.midnights == 3
    assert span(health) == ("2025-11-23T23:59:00", "2025-11-26T00:00:00")


@pytest.mark.parametrize(
    "cell", ["1700000000", "1700000000.25", "2025-11-23T12:00:00+05:30", "23.11.2025 12:00"]
)
def test_other_times_are_read_as_in_ledgers(cell):
    health = read(rows(cell))
    assert health.rows == 1
    assert health.first is not None
    assert health.first.offset == (19_800 if "+" in cell else None if "." in cell and ":" in cell else 0)


def test_a_silence_far_beyond_the_pace_is_told_with_its_place():
    busy = [f"03:{m:02d}:{s:02d}.000" for m in range(2) for s in range(60)]
    health = read(rows(*busy, "03:31:59.000", "03:32:00.000"))
    (gap,) = health.silences
    assert gap.us == 30 * MINUTE
    assert gap.location.line == 122
    assert gap.after is not None
    assert gap.until is not None
    assert (gap.after.iso(), gap.until.iso()) == ("2025-11-23T03:01:59.000", "2025-11-23T03:31:59.000")


def test_a_slow_table_is_not_silent():
    assert (
        read(rows(*(f"{hour:02d}:{half}:00" for hour in range(3, 20) for half in ("00", "30")))).silences
        == ()
    )


def test_a_short_pause_is_no_silence():
    assert read(rows("03:00:00", "03:00:01", "03:00:02", "03:14:00")).silences == ()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", HealthStatus.EMPTY),
        ("\n\n", HealthStatus.EMPTY),
        (HEADER, HealthStatus.HEADER_ONLY),
        (HEADER + "\r\n", HealthStatus.HEADER_ONLY),
        (rows("02:20:00.1"), HealthStatus.ALIVE),
        (rows("02:20:00.1", "nonsense"), HealthStatus.ALIVE),
        (rows("nonsense", "nonsense"), HealthStatus.MALFORMED),
    ],
)
def test_the_status_tells_life_from_death(text, status):
    assert read(text).status is status


def test_damaged_lines_are_kept_with_place_and_reason():
    text = rows("02:20:00.1", "soon", "", "02:20:00.2") + "02:20:01.0,che\n" + rows("02:20:02.0")
    health = read(text)
    assert reasons(health) == [(3, RejectReason.BAD_TIME), (4, RejectReason.NO_TIME), (6, RejectReason.SHORT)]
    assert health.malformed[2].location.text == "02:20:01.0,che"
    assert health.rows == 3


def test_a_repeated_header_is_a_restart():
    health = read(rows("02:20:00.1") + rows("02:21:00.1"))
    assert (health.rows, health.malformed) == (2, ())


def test_free_text_with_commas_is_no_damage():
    health = read(HEADER + '\n02:20:00.1,note,BTC,a, b, c\n02:20:00.2,note,BTC,"a, b"\n')
    assert (health.rows, health.malformed) == (2, ())


def test_a_file_that_breaks_off_has_a_torn_last_line():
    health = read(rows("02:20:00.1") + "02:20:0")
    assert reasons(health) == [(3, RejectReason.TORN)]


def test_line_breaks_in_quotes_belong_to_their_row():
    health = read(HEADER + '\n02:20:00.1,note,BTC,"a\nb, c\nd"\n02:20:00.2,note,BTC,e\n')
    assert (health.rows, health.malformed) == (2, ())


def test_a_stray_quote_swallows_no_row():
    health = read(HEADER + '\n02:20:00.1,note,BTC,"a\nlost\n' + "02:20:00.2,note,BTC,e\n" * 100)
    assert health.rows == 100
    assert reasons(health) == [(2, RejectReason.UNCLOSED_QUOTE), (3, RejectReason.BAD_TIME)]


def test_a_quote_open_at_the_end_is_told():
    health = read(HEADER + '\n02:20:00.1,note,BTC,"a\nlost\n')
    assert reasons(health) == [(2, RejectReason.UNCLOSED_QUOTE), (3, RejectReason.BAD_TIME)]


def test_the_time_may_stand_in_another_column_and_delimiter():
    spec = HealthFile("beat", ("*",), "Seen At")
    health = read(
        'host;seen_at;load\n"a;b";2025-11-23T10:00:00;0,5\nc;2025-11-23T10:00:05;0,7\n', "x.csv", spec
    )
    assert (health.rows, health.malformed) == (2, ())
    assert span(health) == ("2025-11-23T10:00:00", "2025-11-23T10:00:05")


def test_without_a_spec_the_column_named_like_a_time_is_taken():
    health = read("host,time\na,2025-11-23T10:00:00\n", "x.csv", None)
    assert (health.rows, health.title) == (1, "x.csv")


def test_a_table_without_a_header_is_read_all_the_same():
    health = read("02:20:00.1,check,BTC,a\n02:20:00.2,check,BTC,b\n")
    assert (health.rows, health.malformed, health.status) == (2, (), HealthStatus.ALIVE)


def test_text_before_the_table_is_damage_and_the_table_is_read():
    health = read("nothing to see\n" + rows("02:20:00.1"))
    assert (health.rows, reasons(health)) == (1, [(1, RejectReason.NO_HEADER)])


def test_a_bom_nuls_and_carriage_returns_do_no_harm():
    text = b"\xef\xbb\xbf" + rows("02:20:00.1", "02:20:00.2").replace("\n", "\r\n").encode() + b"\0\0\r\n"
    health = read(text)
    assert (health.rows, health.malformed) == (2, ())


def test_a_hundred_thousand_rows_are_counted_with_their_midnight():
    text = rows(
        *(f"{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}.{n % 1000:03d}" for n in range(100_000))
    )
    health = read(text)
    assert (health.rows, health.midnights) == (100_000, 1)


@given(st.lists(st.integers(1, 20 * HOUR), max_size=30), st.integers(0, DAY - 1))
def test_a_day_clock_follows_real_time_through_any_midnights(steps, began):
    """Unless nothing is heard for most of a day, times of day tell the date."""
    clock = DayClock(began)
    now = began
    assert clock.at(now % DAY) == now
    for step in steps:
        now += step
        assert clock.at(now % DAY) == now
    assert clock.midnights == now // DAY
