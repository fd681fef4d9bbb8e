"""Names of rotated files give streams and dates; look-alikes stay what they are."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.sources import name_date, name_stamp, rotation_age, stream_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("engine.log", "engine"),
        ("engine_2025-03-04.log", "engine"),
        ("engine_2025-03-04.2025-03-04_00-05-07_046547.log.zip", "engine"),
        ("engine_2025-03-04.2025-03-04_00-05-07_046547.2.log.zip", "engine"),
        ("engine.2025-03-04_00-05-07_046547.log.tar.gz", "engine"),
        ("engine.log.3", "engine"),
        ("engine.3.log", "engine"),
        ("engine.log.12.gz", "engine"),
        ("engine-20250304.log", "engine"),
        ("engine.log-20250304.xz", "engine"),
        ("engine.log-2025030413", "engine"),
        ("engine.log-1741046400.gz", "engine"),
        ("engine.log.2025-03-04", "engine"),
        ("engine.log.2025-03-04_05", "engine"),
        ("engine.log.2025-03-04_05-06", "engine"),
        ("2025-03-04_engine.txt", "engine"),
        ("engine_2025-03-04_errors.log", "engine_errors"),
        ("engine[2025-03-04].log", "engine"),
        ("engine (2).log", "engine"),
        ("engine.log.bak", "engine"),
        ("логи_28.02.2025.txt", "логи"),
        ("logs/live/engine.jsonl", "engine"),
        ("logs\\live\\engine.LOG.ZIP", "engine"),
        ("debug_20250304_225221.csv", "debug"),
    ],
)
def test_rotated_names_share_the_stem_of_the_live_file(name, stem):
    assert stream_stem(name) == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("engine2.log", "engine2"),
        ("candles_5m.log", "candles_5m"),
        ("engine_2025-02-30.log", "engine_2025-02-30"),
        ("order_202503041234567.log", "order_202503041234567"),
    ],
)
def test_digits_that_are_no_date_stay_in_the_stem(name, stem):
    assert stream_stem(name) == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [("2025-03-04.log", "log"), ("20250304_225221.csv", "csv"), ("2025-03-04", "log"), (".log", "log")],
)
def test_a_name_that_is_only_a_date_still_names_a_stream(name, stem):
    assert stream_stem(name) == stem


@given(st.text(max_size=40))
def test_a_stem_is_never_empty_and_has_no_folder(name):
    stem = stream_stem(name)
    assert stem
    assert "/" not in stem
    assert "\\" not in stem


@given(
    st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8})?", fullmatch=True),
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001 - naive as in names
    st.sampled_from(["", ".2", ".11"]),
    st.sampled_from(["", ".zip", ".gz", ".tar.xz"]),
)
def test_loguru_rotation_keeps_stem_date_and_stamp(root, moment, counter, packed):
    name = f"{root}.{moment:%Y-%m-%d_%H-%M-%S_%f}{counter}.log{packed}"
    assert stream_stem(name) == root
    assert name_date(name) == moment.date()
    since_epoch = moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    stamp = name_stamp(name)
    assert stamp is not None
    assert stamp == round(since_epoch.total_seconds() * 10**6)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("trades_2025-11-27.csv", date(2025, 11, 27)),
        ("debug_20251127_225221.csv", date(2025, 11, 27)),
        ("trades_27.11.2025.csv", date(2025, 11, 27)),
        ("a_2025-11-27.2025-11-28_00-05-07_046547.log.zip", date(2025, 11, 27)),
        ("2025-01-01/trades.csv", None),
        ("trades_2025-13-27.csv", None),
        ("trades_2025-02-29.csv", None),
        ("trades_120251127.csv", None),
        ("trades.csv", None),
    ],
)
def test_the_first_calendar_date_of_the_name_counts(name, day):
    assert name_date(name) == day


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("debug_20251127_225221.csv", datetime(2025, 11, 27, 22, 52, 21, tzinfo=UTC)),
        ("logs_2025-11-23_12-54-01", datetime(2025, 11, 23, 12, 54, 1, tzinfo=UTC)),
        ("a_2025-11-27.2025-11-28_00-05-07_046547.log", datetime(2025, 11, 28, 0, 5, 7, 46547, tzinfo=UTC)),
        ("a.2025-11-28_00-05.log", datetime(2025, 11, 28, 0, 5, tzinfo=UTC)),
    ],
)
def test_a_date_with_a_time_gives_naive_microseconds(name, moment):
    assert name_stamp(name) == int(moment.timestamp()) * 10**6 + moment.microsecond


@pytest.mark.parametrize(
    "name", ["trades_2025-11-27.csv", "a_2025-11-28.10.log", "a_2025-11-28_10.log", "a_20251127_996199.csv"]
)
def test_a_date_without_a_full_time_gives_no_stamp(name):
    assert name_stamp(name) is None


@pytest.mark.parametrize(
    "names",
    [
        ("bot.log.12.gz", "bot.log.2.gz", "bot.log.1", "bot.log"),
        (
            "bot.2026-04-02_09-00-45_310400.log.zip",
            "bot.2026-04-02_09-00-45_310400.2.log.zip",
            "bot.2026-04-02_09-00-45_310400.10.log.zip",
            "bot.2026-04-02_09-00-45_311000.log.zip",
            "bot.log",
        ),
    ],
)
def test_names_tell_which_part_was_written_first(names: tuple[str, ...]) -> None:
    mixed = (*names[2:], *names[:2])
    assert sorted(mixed, key=rotation_age) == list(names)


def test_names_without_a_time_or_a_counter_tell_no_order() -> None:
    assert rotation_age("bot.log") == rotation_age("bot.log.bak") == rotation_age("other.log")
