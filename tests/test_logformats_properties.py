"""What a logger prints by a format, the dialect of that format gives back."""

from __future__ import annotations

import calendar
import logging
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from logaudit.core.timestamp import MILLISECOND, SECOND
from logaudit.logformats import LogFormatSet, compile_format, looks_stamped
from logaudit.logformats.builtin import BUILT_IN
from logaudit.logformats.fields import FIELD_PATTERNS
from logaudit.logformats.format_set import _Group
from logaudit.logformats.pieces import disjoint
from logaudit.logformats.text_format import TextFormat, assemble

# loguru's own time layouts in terms of datetime, as its documentation words them.
TIMES = {
    "": (lambda t: t.strftime("%Y-%m-%dT%H:%M:%S.%f") + "+0000", 1),
    "YYYY-MM-DD HH:mm:ss.SSS": (lambda t: f"{t:%Y-%m-%d %H:%M:%S}.{t.microsecond // 1000:03}", MILLISECOND),
    "YYYY-MM-DD HH:mm:ss.SSS Z": (
        lambda t: f"{t:%Y-%m-%d %H:%M:%S}.{t.microsecond // 1000:03} +00:00",
        MILLISECOND,
    ),
    "YYYY-MM-DD HH:mm:ss": (lambda t: f"{t:%Y-%m-%d %H:%M:%S}", SECOND),
    "DD/MM/YY h:mm:ss A": (
        lambda t: f"{t:%d/%m/%y} {t.hour % 12 or 12}:{t:%M:%S} {'AM' if t.hour < 12 else 'PM'}",
        SECOND,
    ),
    "D MMMM YYYY H:m:s.SSSSSS": (
        lambda t: (
            f"{t.day} {calendar.month_name[t.month]} {t.year} {t.hour}:{t.minute}:{t.second}.{t.microsecond:06}"
        ),
        1,
    ),
    "X.SSSSSS": (lambda t: f"{int(t.timestamp())}.{t.microsecond:06}", 1),
}
LAYOUTS = (
    "{{time{0}}} | {{level: <8}} | {{name}}:{{function}}:{{line}} - {{message}}",
    "{{time{0}}} | {{level: <8}} | {{name}}:{{function}}:{{line}} | {{message}}",
    "[{{level:>10}}] <{{time{0}}}> {{name: <40}} {{function:^30}} {{line:05}} {{message}}",
    "{{level}} {{time{0}}} [{{name}}.{{function}}@{{line:>6}}]: {{message}}",
    "{{time{0}}}\t{{level:-^12}}\t{{function}}({{line}}) in {{name}} » {{message}}",
)


class PrintedTime:
    """Formats itself as loguru's datetime does, for the layouts above."""

    def __init__(self, when: datetime) -> None:
        self.when = when

    def __format__(self, spec: str) -> str:
        return TIMES[spec][0](self.when)


@dataclass(frozen=True)
class Call:
    """One log call."""

    when: datetime
    level: str
    name: str
    function: str
    line: int
    message: str


identifiers = st.from_regex(r"[A-Za-z_]\w{0,12}", fullmatch=True)
calls = st.builds(
    Call,
    when=st.datetimes(datetime(2001, 9, 10), datetime(2069, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)),  # noqa: DTZ001 - given its zone at once
    level=st.sampled_from(["TRACE", "DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR", "CRITICAL", "TRADE"]),
    name=st.lists(identifiers, min_size=1, max_size=4).map(".".join),
    function=identifiers | st.sampled_from(["<module>", "<lambda>", "<listcomp>"]),
    line=st.integers(1, 99_999),
    message=st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=60
    ) | st.sampled_from(["a | b | c", "x - y:z:1 - w", "2025-01-01 00:00:00 | INFO | nested", " ", "{}"]),
)  # fmt: skip


@settings(deadline=None)
@given(call=calls, layout=st.sampled_from(LAYOUTS), spec=st.sampled_from(sorted(TIMES)))
def test_a_loguru_line_gives_its_values_back(call: Call, layout: str, spec: str) -> None:
    written = layout.format(f":{spec}" if spec else "")
    line = written.format(
        time=PrintedTime(call.when),
        level=call.level,
        name=call.name,
        function=call.function,
        line=call.line,
        message=call.message,
    )
    head = compile_format(written).match(line)
    assert head is not None
    precision = TIMES[spec][1]
    us = (call.when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert (head.stamp.us, head.stamp.precision) == (us // precision * precision, precision)
    assert head[1:] == (call.level, call.name, call.function, call.line, call.message)


STDLIB = (
    ("%(asctime)s - %(name)s - %(levelname)-8s - %(funcName)s:%(lineno)d %(message)s", "", "%"),
    (
        "[%(levelname)8s] %(asctime)s %(name)s/%(funcName)s/%(lineno)05d: %(message)s",
        "%d %b %Y, %H:%M:%S",
        "%",
    ),
    ("{asctime}|{levelname:^9}|{name}:{funcName}:{lineno}|{message}", "%Y%m%dT%H%M%S", "{"),
    ("$asctime ${levelname} $name $funcName $lineno $message", "%Y-%m-%d %I:%M:%S %p", "$"),
)


@settings(deadline=None)
@given(call=calls, how=st.sampled_from(STDLIB))
def test_a_stdlib_line_gives_its_values_back(call: Call, how: tuple[str, str, str]) -> None:
    written, datefmt, style = how
    formatter = logging.Formatter(written, datefmt or None, style)  # type: ignore[arg-type]
    formatter.converter = time.gmtime
    record = logging.LogRecord(call.name, 20, "core.py", call.line, call.message, None, None, call.function)
    record.levelname = call.level
    record.created = call.when.timestamp()
    record.msecs = call.when.microsecond // 1000
    head = compile_format(written, datefmt).match(formatter.format(record))
    assert head is not None
    precision = SECOND if datefmt else MILLISECOND
    us = (call.when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert head.stamp.us == us // precision * precision
    assert head[1:] == (call.level, call.name, call.function, call.line, call.message)


@pytest.fixture(scope="module")
def built_in() -> LogFormatSet:
    return LogFormatSet(BUILT_IN)


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("utf-8", "replace")))
def test_garbage_never_raises(built_in: LogFormatSet, text: str) -> None:
    built_in.match(text)
    looks_stamped(text)


VALID = (
    "2025-11-28 05:13:38.049 | INFO     | bot.core:close:42 - closed at 1.5",
    "2025-11-28 05:13:38,049 - bot.worker - INFO - hi",
    "[INFO | 2025-11-28T05:13:38] OPENED long",
    '{"text": "x", "record": {"message": "hi", "time": {"repr": "2025-11-28 05:13:38+03:00"}}}',
)


@settings(deadline=None, max_examples=300)
@given(line=st.sampled_from(VALID), at=st.integers(0, 90), gone=st.integers(0, 30), put=st.text(max_size=5))
def test_damaged_lines_never_raise_and_do_not_depend_on_what_came_before(
    built_in: LogFormatSet, line: str, at: int, gone: int, put: str
) -> None:
    damaged = line[:at] + put + line[at + gone :]
    alone = built_in.match(damaged)
    for before in VALID:
        built_in.match(before)
        assert built_in.match(damaged) == alone


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_no_line_is_turned_away_by_its_first_characters_that_its_dialect_matches(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from([d for d in BUILT_IN if isinstance(d, TextFormat)]))
    line = data.draw(st.from_regex(assemble((dialect,)).regex, fullmatch=True))
    assert _Group((dialect,)).may_hold(line)


@settings(deadline=None)
@given(one=st.characters())
@example(one="\u00b2")
@example(one="\u00bd")
@example(one="\u2167")
@example(one="\u0663")
@example(one="_")
def test_a_class_holds_every_character_that_its_regexes_accept(one: str) -> None:
    """``²`` is a letter for a pattern, and none for `str.isalpha`."""
    for kind, look in FIELD_PATTERNS.items():
        if look.shape and re.match(look.regex, one * 3):
            assert not disjoint(look.shape[0], one), kind
            assert not disjoint(one, look.shape[0]), kind


@pytest.mark.parametrize("level", ["\u00b2", "\u00bdINFO", "\u2167"])
def test_a_level_that_begins_with_a_number_that_is_no_digit_is_read(level: str) -> None:
    line = f"[{level}] 2026-01-10 10:00:00.123 hello"
    dialects = LogFormatSet([compile_format("[{level}] {time:YYYY-MM-DD HH:mm:ss.SSS} {message}")])
    found = dialects.match(line)
    assert found is not None
    assert (found[1].level, found[1].message) == (level.upper(), "hello")


@given(call=calls, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_dialects_decides_nothing(call: Call, shuffled: object) -> None:
    assume(call.message.strip())
    few = [d for d in BUILT_IN if d.name.startswith("{time:YYYY-MM-DD HH:mm:ss.SSS")]
    line = f"{call.when:%Y-%m-%d %H:%M:%S}.049 | {call.level: <8} | {call.name}:{call.function}:7 - {call.message}"
    expected = LogFormatSet(few).match(line)
    shuffled.shuffle(few)  # type: ignore[attr-defined]
    assert LogFormatSet(few).match(line) == expected
    assert expected is not None
    assert expected[1].function == call.function
