"""Which dialect a line is read in, decided record by record."""

from __future__ import annotations

import json
import pickle
from itertools import permutations

import pytest

from logaudit.core.timestamp import SECOND, Stamp
from logaudit.logformats import LogFormatSet, compile_format, looks_stamped
from logaudit.logformats.builtin import BUILT_IN
from logaudit.logformats.json_lines import JsonFormat

AT = 1_764_306_818 * SECOND  # 2025-11-28 05:13:38
FULL = "{time:YYYY-MM-DD HH:mm:ss} | {level: <8} | {name}:{function}:{line} - {message}"
SHORT = "{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}"


@pytest.fixture(scope="module")
def built_in() -> LogFormatSet:
    return LogFormatSet(BUILT_IN)


@pytest.mark.parametrize(
    ("line", "module", "function", "level", "message"),
    [
        ("2025-11-28 05:13:38.049 | INFO | CLOSED: X", "", "", "INFO", "CLOSED: X"),
        ("2025-11-28 05:13:38 | INFO     | a.b:c:12 - hi", "a.b", "c", "INFO", "hi"),
        ("2025-11-28 05:13:38.049 | DEBUG    | a.b:<module>:1 | hi", "a.b", "<module>", "DEBUG", "hi"),
        ("2025-11-28 05:13:38.049 +03:00 | INFO     | a:b:1 - hi", "a", "b", "INFO", "hi"),
        ("2025-11-28T05:13:38.049123+0300 INFO hi there", "", "", "INFO", "hi there"),
        ("2025-11-28 05:13:38.049 | TRADE    | a:b:1 - custom", "a", "b", "TRADE", "custom"),
        ("2025-11-28 05:13:38,049 - bot.worker - WARNING - hi", "bot.worker", "", "WARNING", "hi"),
        ("2025-11-28 05:13:38,049 - 77 - bot.core - INFO - hi", "bot.core", "", "INFO", "hi"),
        ("2025-11-28 05:13:38,049 - INFO - BTC - closed", "", "", "INFO", "BTC - closed"),
        ("2025-11-28 05:13:38,049 - INFO - ERROR - closed", "", "", "INFO", "ERROR - closed"),
        ("2025-11-28 05:13:38,049 INFO hi: there", "", "", "INFO", "hi: there"),
        ("2025-11-28 05:13:38,049 bot.core INFO hi", "bot.core", "", "INFO", "hi"),
        ("2025-11-28 05:13:38,049 [INFO] Order: filled", "", "", "INFO", "Order: filled"),
        ("2025-11-28 05:13:38,049 Level 15 hi", "", "", "LEVEL 15", "hi"),
        ("2025-11-28 05:13:38,049 - bot - Level 15 - hi", "bot", "", "LEVEL 15", "hi"),
        ("[INFO | 2025-11-28T05:13:38] OPENED long", "", "", "INFO", "OPENED long"),
        ("2025-11-28T05:13:38.123456789Z [WARN] T-1.Comp: hi", "T-1.Comp", "", "WARN", "hi"),
        ("2025-11-28T05:13:38Z INFO     [fill] hi", "", "", "INFO", "[fill] hi"),
    ],
)
def test_built_in_dialects_know_the_common_layouts(
    built_in: LogFormatSet, line: str, module: str, function: str, level: str, message: str
) -> None:
    found = built_in.match(line)
    assert found is not None
    head = found[1]
    assert (head.module, head.function, head.level, head.message) == (module, function, level, message)
    assert head.stamp.us // SECOND * SECOND == AT


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "\t",
        "   2025-11-28 05:13:38 | INFO | x",
        "Traceback (most recent call last):",
        "{",
        "{}",
        "2025",
        "2025-13-28 05:13:38 | INFO | no such month",
        "2025-11-28 05:13:38 CLOSED BTC at 1",
        "2025-11-28 05:13:38 - BTC - closed",
        "2025-11-28 05:13:38 [BTC] closed",
        "[2025-11-28 05:13:38] Order: 1",
        "Ошибка 2025-11-28 05:13:38 | INFO | x",
    ],
)
def test_other_lines_begin_no_record(built_in: LogFormatSet, line: str) -> None:
    assert built_in.match(line) is None


def test_the_dialect_with_more_fields_wins_in_any_order_and_after_any_line() -> None:
    full_line = "2025-11-28 05:13:38 | INFO     | a.b:c:12 - hi"
    short_line = "2025-11-28 05:13:38 | INFO     | hi"
    dialects = [compile_format(FULL), compile_format(SHORT), compile_format("{time} {level} {message}")]
    for order in permutations(dialects):
        chosen = LogFormatSet(order)
        for line, name in [(full_line, FULL), (short_line, SHORT), (full_line, FULL), (short_line, SHORT)]:
            found = chosen.match(line)
            assert found is not None
            assert found[0].name == name


def test_a_usual_level_beats_a_more_specific_guess() -> None:
    """Without this, the word after a logger-like word would be taken for its level."""
    chosen = LogFormatSet(
        [
            compile_format("%(asctime)s %(name)s %(levelname)s %(message)s"),
            compile_format("%(asctime)s %(levelname)s %(message)s"),
        ]
    )
    found = chosen.match("2025-11-28 05:13:38,049 Info closed by stop")
    assert found is not None
    assert (found[1].level, found[1].module, found[1].message) == ("INFO", "", "closed by stop")


def test_day_and_month_change_places_only_where_the_digits_force_it() -> None:
    chosen = LogFormatSet(
        [
            compile_format("{time:DD/MM/YYYY HH:mm:ss} {level} {message}"),
            compile_format("{time:MM/DD/YYYY HH:mm:ss} {level} {message}"),
        ]
    )
    found = chosen.match("11/28/2025 05:13:38 INFO hi")
    assert found is not None
    assert found[1].stamp == Stamp(AT)


def test_a_profile_may_spell_a_built_in_format_and_so_allow_any_level() -> None:
    written = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    line = "2025-11-28 05:13:38,049 - bot - TRADE - closed"
    assert LogFormatSet(BUILT_IN).match(line) is None
    found = LogFormatSet([*BUILT_IN, compile_format(written)]).match(line)
    assert found is not None
    assert (found[0].name, found[1].level) == (written, "TRADE")


def test_a_set_survives_pickling_for_worker_processes(built_in: LogFormatSet) -> None:
    line = "2025-11-28 05:13:38 | INFO     | a.b:c:12 - hi"
    again: LogFormatSet = pickle.loads(pickle.dumps(built_in))  # noqa: S301 - bytes made one line above
    assert again.match(line) == built_in.match(line)


def test_an_empty_set_matches_nothing() -> None:
    assert LogFormatSet(()).match("2025-11-28 05:13:38 | INFO | hi") is None


def serialized(**record: object) -> str:
    default = {
        "message": "hi",
        "time": {"repr": "2025-11-28 05:13:38.049000+03:00", "timestamp": 1764296018.049},
        "level": {"icon": "i", "name": "INFO", "no": 20},
        "name": "bot.core",
        "module": "core",
        "function": "close",
        "line": 42,
        "extra": {"nested": [{"a": None}]},
    }
    return json.dumps({"text": "…", "record": default | record}, ensure_ascii=False)


def test_serialized_records_keep_wall_clock_offset_and_newlines(built_in: LogFormatSet) -> None:
    found = built_in.match(serialized(message="закрыта\n  цена: 1"))
    assert found is not None
    dialect, head = found
    assert isinstance(dialect, JsonFormat)
    assert head.stamp == Stamp(AT + 49_000, 1, 10_800)
    assert head[1:] == ("INFO", "bot.core", "close", 42, "закрыта\n  цена: 1")


def test_a_whole_second_is_serialized_without_its_fraction(built_in: LogFormatSet) -> None:
    found = built_in.match(serialized(time={"repr": "2025-11-28 05:13:38+03:00", "timestamp": 1764296018.0}))
    assert found is not None
    assert found[1].stamp == Stamp(AT, 1, 10_800)


def test_a_missing_repr_falls_back_to_the_timestamp_in_utc(built_in: LogFormatSet) -> None:
    found = built_in.match(serialized(time={"timestamp": 1764296018.5}))
    assert found is not None
    assert found[1].stamp == Stamp(1_764_296_018_500_000, 1, 0)


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "torn", "record": {"mess',
        '{"event": "other logger", "timestamp": "2025-11-28T05:13:38Z"}',
        serialized(time={"repr": "soon", "timestamp": 1e300}),
        serialized(message=None),
        '{"text": ' + "[" * 100_000,
        "{'price': 1}",
    ],
)
def test_other_json_is_no_record(built_in: LogFormatSet, line: str) -> None:
    assert built_in.match(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "2025-11-28 05:13:38 whatever",
        "2025/11/28 05:13:38.123 x",
        "28.11.2025 05:13:38 x",
        "28-Nov-2025 05:13:38 x",
        "[2025-11-28T05:13:38+03:00] x",
        "[05:13:38] x",
        "05:13:38.049 | INFO | x",
        "05:13:38 - INFO - x",
        "INFO:2025-11-28 05:13:38,049:x",
        "WARNING | 2025-11-28 05:13:38 | x",
        "Nov 28 05:13:38 host bot[1]: x",
        "Fri, 28 Nov 2025 05:13:38 GMT x",
        "2025-13-45 99:99:99 | INFO | broken clock",
        '{"text": "torn seria',
    ],
)
def test_lines_that_begin_like_a_record_look_stamped(line: str) -> None:
    assert looks_stamped(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   Entry price: $91480.0",
        "Entry price: $91480.0",
        "Причина закрытия: tp",
        "ValueError: 2025-11-28 05:13:38 is too late",
        "2025 trades so far",
        "2025-11-28",
        "2025-11-28: 5 trades",
        "1.5 12:30",
        "12:30 open, 14:00 close",
        '{"price": 1}',
        "{'ts': '2025-11-28 05:13:38'}",
        "[1, 2, 3]",
        "------",
        "10 / 20 trades",
    ],
)
def test_other_lines_do_not_look_stamped(line: str) -> None:
    assert not looks_stamped(line)
