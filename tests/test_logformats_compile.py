"""Format strings as bots give them, against the lines they print."""

from __future__ import annotations

import re

import pytest

from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp
from logaudit.logformats import JSON_NAME, RecordHeader, compile_format
from logaudit.logformats.builtin import BUILT_IN
from logaudit.logformats.json_lines import JsonFormat
from logaudit.logformats.text_format import TextFormat, assemble

# 2025-11-28 05:13:38 as if it were UTC: date -u -d '2025-11-28 05:13:38' +%s
AT = 1_764_306_818 * SECOND
MS = Stamp(AT + 49 * MILLISECOND, MILLISECOND)
S = Stamp(AT, SECOND)


def matched(written: str, line: str, datefmt: str = "") -> RecordHeader:
    head = compile_format(written, datefmt).match(line)
    assert head is not None
    return head


@pytest.mark.parametrize(
    ("written", "line", "expected"),
    [
        pytest.param(
            "<green>{time:YYYY-MM-DD HH:mm:ss.SSS}</green> | <level>{level: <8}</level> | "
            "<cyan>{name}</cyan>:<cyan>{function}</cyan>:<cyan>{line}</cyan> - <level>{message}</level>",
            "2025-11-28 05:13:38.049 | INFO     | bot.core:close:42 - closed at 1.5",
            RecordHeader(MS, "INFO", "bot.core", "close", 42, "closed at 1.5"),
            id="loguru-default",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}",
            "2025-11-28 05:13:38 | WARNING | a | b - c",
            RecordHeader(S, "WARNING", "", "", 0, "a | b - c"),
            id="message-keeps-separators",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}",
            "2025-11-28 05:13:38 | INFO     | padded although the format does not say so",
            RecordHeader(S, "INFO", "", "", 0, "padded although the format does not say so"),
            id="level-padding-is-free",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} {level.name:>10} {{x}} {file.name}:{line:>5} {message}",
            "2025-11-28 05:13:38    SUCCESS {x} core.py:   42 hi",
            RecordHeader(S, "SUCCESS", "core", "", 42, "hi"),
            id="right-aligned-braces-file",
        ),
        pytest.param(
            r"{time:YYYY-MM-DD HH:mm:ss} \<b>{level}\</b> <fg 255,0,10>{function}</> {message}",
            "2025-11-28 05:13:38 <b>INFO</b> <lambda> hi",
            RecordHeader(S, "INFO", "", "<lambda>", 0, "hi"),
            id="escaped-tag-is-text",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} [{process.id}/{process.name}] [{thread}/{thread.name}] {elapsed} "
            "{level.icon} {level.no} {module} {message}",
            "2025-11-28 05:13:38 [12/MainProcess] [140/Pool 1 (w)] 1 day, 0:00:01.5 X 40 core hi",
            RecordHeader(S, "ERROR", "core", "", 0, "hi"),
            id="process-thread-elapsed-number",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} {level:.1} {extra[sym]} {extra} {file.path}:{line} {message}",
            r"2025-11-28 05:13:38 W BTC-USDT {'a': {'b': 1}} C:\bots\my bot\core.py:7 hi",
            RecordHeader(S, "WARNING", "core", "", 7, "hi"),
            id="cut-level-extra-windows-path",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} {level} {message} ({name}:{line})\n{exception}",
            "2025-11-28 05:13:38 INFO a (b) c (bot.core:7)",
            RecordHeader(S, "INFO", "bot.core", "", 7, "a (b) c"),
            id="emitter-after-the-message",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} {level} {message} ({name}:{line})",
            "2025-11-28 05:13:38 INFO first of many lines",
            RecordHeader(S, "INFO", "", "", 0, "first of many lines"),
            id="multi-line-message-leaves-its-tail-to-a-later-line",
        ),
        pytest.param(
            "{level: <8} | {time:YYYY-MM-DD} {name} {time:HH:mm:ss} | {message: <20}",
            "INFO     | 2025-11-28 bot 05:13:38 | hi                  ",
            RecordHeader(S, "INFO", "bot", "", 0, "hi"),
            id="time-in-two-parts-padded-message",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss}\\t{level}\\t{message}\\n{exception}",
            "2025-11-28 05:13:38\tINFO\thi",
            RecordHeader(S, "INFO", "", "", 0, "hi"),
            id="escapes-pasted-from-source",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} | {level} | {name} - {message}",
            "2025-11-28 05:13:38 | INFO | bot -",
            RecordHeader(S, "INFO", "bot", "", 0, ""),
            id="empty-message-trimmed-by-an-editor",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}",
            "2025-11-28 05:13:38 | INFO | windows line end\r",
            RecordHeader(S, "INFO", "", "", 0, "windows line end"),
            id="carriage-return",
        ),
        pytest.param(
            "{time:YYYY-MM-DD HH:mm:ss} | {level} | {message}",
            "2025-11-28 05:13:38 | Trade | custom level",
            RecordHeader(S, "TRADE", "", "", 0, "custom level"),
            id="custom-level-in-upper-case",
        ),
    ],
)
def test_a_loguru_format_reads_its_own_lines(written: str, line: str, expected: RecordHeader) -> None:
    assert matched(written, line) == expected


@pytest.mark.parametrize(
    ("written", "datefmt", "line", "expected"),
    [
        pytest.param(
            "%(asctime)s - %(name)s - %(levelname)-8s - %(funcName)s:%(lineno)d %(message)s", "",
            "2025-11-28 05:13:38,049 - bot.worker - INFO     - close:42 hi",
            RecordHeader(MS, "INFO", "bot.worker", "close", 42, "hi"),
            id="percent",
        ),
        pytest.param(
            "{asctime} [{levelname:>8}] {name}: {message}", "",
            "2025-11-28 05:13:38,049 [    INFO] My Bot: hi",
            RecordHeader(MS, "INFO", "My Bot", "", 0, "hi"),
            id="braces-and-a-name-of-two-words",
        ),
        pytest.param(
            "$asctime|${levelname}|$$|$message", "%d/%m/%Y %H:%M:%S",
            "28/11/2025 05:13:38|ERROR|$|hi",
            RecordHeader(S, "ERROR", "", "", 0, "hi"),
            id="dollar",
        ),
        pytest.param(
            "%(asctime)s.%(msecs)03d %(levelname)s 100%% %(message)s", "%Y-%m-%d %H:%M:%S",
            "2025-11-28 05:13:38.049 INFO 100% hi",
            RecordHeader(MS, "INFO", "", "", 0, "hi"),
            id="milliseconds-beside-a-datefmt",
        ),
        pytest.param(
            "%(asctime)s.%(msecs)d %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S",
            "2025-11-28 05:13:38.49 INFO hi",
            RecordHeader(MS, "INFO", "", "", 0, "hi"),
            id="milliseconds-without-zeros-are-a-number",
        ),
        pytest.param(
            "%(asctime)s %(levelname)-8s %(message)s", "%Y-%m-%dT%H:%M:%SZ",
            "2025-11-28T05:13:38Z INFO     [fill] x",
            RecordHeader(Stamp(AT, SECOND, 0), "INFO", "", "", 0, "[fill] x"),
            id="a-literal-z-states-utc",
        ),
        pytest.param(
            "%(created)f %(levelno)s %(request_id)s %(module)s %(name)s %(message)s", "",
            "1764306818.049000 30 r-1 core root hi",
            RecordHeader(Stamp(AT + 49 * MILLISECOND, 1, 0), "WARNING", "core", "", 0, "hi"),
            id="epoch-own-attribute-and-module-before-logger-name",
        ),
        pytest.param(
            "%(asctime)-30s %(levelname)s (%(pathname)s:%(lineno)04d) %(message)s", "",
            "2025-11-28 05:13:38,049        INFO (/opt/bot/core.py:0042) hi",
            RecordHeader(MS, "INFO", "core", "", 42, "hi"),
            id="padded-time-path-zero-filled-line",
        ),
        pytest.param(
            "%(asctime)s %(levelname)s %(message)s", "",
            "2025-11-28 05:13:38,049 Level 15 hi",
            RecordHeader(MS, "LEVEL 15", "", "", 0, "hi"),
            id="unnamed-level",
        ),
        pytest.param(
            "%(asctime)s %(levelname)s %(message)s", "",
            "2025-11-28 05:13:38,049 INFO 15 trades",
            RecordHeader(MS, "INFO", "", "", 0, "15 trades"),
            id="number-after-a-named-level-is-message",
        ),
    ],
)  # fmt: skip
def test_a_stdlib_format_reads_its_own_lines(
    written: str, datefmt: str, line: str, expected: RecordHeader
) -> None:
    assert matched(written, line, datefmt) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   Entry price: $1.0",
        "Traceback (most recent call last):",
        "2025-11-28 05:13:38 | INFO | too coarse",
        "2025-11-28 05:13:38,049 | INFO | comma",
        "2025-13-28 05:13:38.049 | INFO | no such month",
        "2025-02-30 05:13:38.049 | INFO | no such day",
        "2025-11-28 24:13:38.049 | INFO | no such hour",
        "2025-11-28 05:60:38.049 | INFO | no such minute",
        "٢٠٢٥-11-28 05:13:38.049 | INFO | digits of another script",
        " 2025-11-28 05:13:38.049 | INFO | indented",
    ],
)
def test_other_lines_stay_silent(line: str) -> None:
    assert compile_format("{time:YYYY-MM-DD HH:mm:ss.SSS} | {level} | {message}").match(line) is None


def test_a_logger_name_is_never_a_level() -> None:
    dialect = compile_format("%(asctime)s - %(name)s - %(levelname)s - %(message)s")
    assert dialect.match("2025-11-28 05:13:38,049 - INFO - ERROR - name not printed") is None


def test_more_fields_and_literals_are_more_specific() -> None:
    written = (
        "{time} {message}",
        "{time} {level} {message}",
        "{time} | {level} | {message}",
        "{time} | {level} | {name} - {message}",
        "{time} | {level} | {name}:{function}:{line} - {message}",
    )
    ranks = [compile_format(w).specificity for w in written]
    assert ranks == sorted(set(ranks))


def test_the_json_dialect_is_written_by_its_name() -> None:
    assert isinstance(compile_format(JSON_NAME), JsonFormat)


def test_names_of_built_in_dialects_compile_to_themselves() -> None:
    for dialect in BUILT_IN:
        written, _, datefmt = dialect.name.partition(" [%Y")
        again = compile_format(written, f"%Y{datefmt[:-1]}" if datefmt else "")
        assert (again.name, again.specificity) == (dialect.name, dialect.specificity)


def test_no_head_costs_more_on_a_longer_line() -> None:
    """Every repeat in every head regex has a bound, so one hostile line cannot stall a scan."""
    text = [d for d in BUILT_IN if isinstance(d, TextFormat)]
    text.append(
        compile_format(
            "{thread.name} {extra[a]} {extra} {elapsed} {file.path} {time} {level: >12} {name: ^9} {message}"
        )
    )  # type: ignore[arg-type]
    unbounded = re.compile(r"(?<!\\)[*+](?!\))|\{\d+,\}")
    for dialect in text:
        outside_sets = re.sub(r"\[(?:\\.|[^\]\\])+\]", "", assemble((dialect,)).regex.pattern)
        assert unbounded.search(outside_sets) is None, dialect.name


def test_groups_are_numbered_as_the_regex_numbers_them() -> None:
    whole = assemble([d for d in BUILT_IN if isinstance(d, TextFormat)])
    assert max(number for number in whole.readings if number) == whole.regex.groups
