"""The offsets that explain a ledger's name: exactly those under which its date is the UTC date at its opening."""

from __future__ import annotations

from datetime import date

from evidence_factory import us
from hypothesis import given
from hypothesis import strategies as st

from logaudit.core.timestamp import EAST, SECOND, WEST, us_of_day
from logaudit.reconcile.clocks import naming_interval, written_date

DATES = st.dates(date(2020, 1, 1), date(2030, 12, 31))
#: From a day before the date's midnight to two days after it, µs.
AROUND = st.integers(-86_400 * SECOND, 2 * 86_400 * SECOND)
OFFSETS = st.integers(WEST, EAST)


@given(DATES, st.lists(AROUND, min_size=1, max_size=4), OFFSETS)
def test_an_offset_lies_in_the_interval_exactly_when_it_explains_every_opening(day, around, offset):
    opened = [us_of_day(day) + at for at in around]
    interval = naming_interval(day, opened)
    assert interval is not None
    explains = all(written_date(at, offset) == day for at in opened)
    assert (interval.low <= offset <= interval.high) == explains
    assert interval.possible == (interval.low <= interval.high)


@given(DATES, AROUND)
def test_the_ends_of_the_interval_are_its_last_explanations(day, around):
    opened = us_of_day(day) + around
    interval = naming_interval(day, [opened])
    assert interval is not None
    if interval.possible:
        for edge, beyond in ((interval.low, interval.low - 1), (interval.high, interval.high + 1)):
            assert written_date(opened, edge) == day
            assert written_date(opened, beyond) != day or beyond in (WEST - 1, EAST + 1)


def test_a_run_that_began_at_night_in_a_file_of_the_day_before_lies_east():
    """02:19:07 local, named the day before: UTC was at most 23:59:59, so the offset is over 2:19:07."""
    interval = naming_interval(date(2026, 3, 9), [us("02:19:07")])
    assert interval is not None
    assert interval.low == 2 * 3600 + 19 * 60 + 8
    assert interval.high == EAST
    assert interval.low <= 3 * 3600 <= interval.high
    assert interval.other_day


def test_a_file_of_tomorrow_lies_west():
    interval = naming_interval(date(2026, 3, 11), [us("20:00:00")])
    assert interval is not None
    assert (interval.low, interval.high) == (WEST, -4 * 3600)


def test_runs_of_one_file_narrow_the_interval_together():
    """Opened at 02:00 on the next local day and at 04:30 on its own: between 2 and 4.5 hours east."""
    interval = naming_interval(date(2026, 3, 10), [us("2026-03-11 02:00:00"), us("04:30:00")])
    assert interval is not None
    assert (interval.low, interval.high) == (2 * 3600 + 1, 4 * 3600 + 1800)


def test_openings_that_no_offset_explains_say_so():
    interval = naming_interval(date(2026, 3, 10), [us("2026-03-12 20:00:00")])
    assert interval is not None
    assert not interval.possible


def test_the_own_day_says_little_and_no_opening_says_nothing():
    """Named and opened on one local day at noon: twelve hours either way, less the second that is midnight."""
    interval = naming_interval(date(2026, 3, 10), [us("12:00:00")])
    assert interval is not None
    assert (interval.low, interval.high, interval.other_day) == (-12 * 3600 + 1, 12 * 3600, False)
    assert naming_interval(date(2026, 3, 10), []) is None
