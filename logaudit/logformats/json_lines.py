"""Records of keys and values, one a line: loguru's ``serialize=True``, JSON objects of any keys, and logfmt.

The message of an object of any keys is followed by its other fields as ``key=value``, however deep they lie: patterns
and learning read them as if the bot had printed them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import msgspec
from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.logformats.logfmt import pairs
from logaudit.logformats.pieces import MESSAGE_LIMIT, RecordHeader
from logaudit.logformats.time_formats import loguru_time
from logaudit.logformats.timestamp_parser import StampReader

#: How a profile writes loguru's serialized records in place of a format string.
JSON_NAME: Final = "loguru JSON"
#: The same for objects of any keys, and for those behind what a container's log prints first.
ANY_JSON: Final = "JSON lines"
PREFIXED_JSON: Final = "JSON lines behind a prefix"
#: The same for records of ``key=value`` pairs.
LOGFMT: Final = "logfmt"
JSON_NAMES: Final = (JSON_NAME, ANY_JSON, PREFIXED_JSON, LOGFMT)
#: No text log format can match such a line, so the number only has to be stable.
_SPECIFICITY: Final = 1_000
#: Beyond the year 9999 there is no date.
_MOST_SECONDS: Final = 250_000_000_000
#: ``str(datetime)`` up to its seconds; the fraction is left out where it is zero.
_SECONDS_WIDTH: Final = 19
#: Numbers from which on an epoch counts in milliseconds, microseconds and nanoseconds.
_UNITS: Final = ((10**17, 1000, 1), (10**14, 1, 1), (10**11, 1000, 1000))
_PREFIX: Final = lazy_pattern(
    r"[\w.\-]+ *\| |[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:?[0-9]{2}) "
    r"|[A-Z][a-z]{2} [ 0-9][0-9] [0-9:.]+ [\w.\-]+ [\w.@/\-]+(?:\[[0-9]+\])?: "
)
#: Keys in order of preference, without what parts their words, lower case.
_TIMES: Final = ("timestamp", "time", "ts", "datetime", "asctime", "date", "created", "t", "eventtime")
_LEVELS: Final = ("level", "severity", "levelname", "loglevel", "lvl", "type")
_MESSAGES: Final = ("message", "msg", "event", "text", "log")
_NAMES: Final = ("logger", "loggername", "name", "module", "component")
_FUNCTIONS: Final = ("function", "funcname", "func")
_LINES: Final = ("lineno", "line", "linenumber")
#: What says nothing of a trade.
_SILENT: Final = frozenset(
    {"pid", "process", "processname", "thread", "threadname", "hostname", "host", "v", "levelno"}
)
#: Levels as pino and bunyan number them.
_NUMBERS: Final = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARNING", 50: "ERROR", 60: "CRITICAL"}
_LONGEST_VALUE: Final = 200
_DEEPEST: Final = 6
_ENOUGH: Final = 0.5
_WORD: Final = lazy_pattern(r"\w+")
#: Every digit as 1, with which no epoch, year or hour is out of range.
_ONES: Final = str.maketrans("023456789", "1" * 9)


class _Level(msgspec.Struct):
    name: str = ""


class _Time(msgspec.Struct):
    repr: str = ""
    timestamp: float | None = None


class _Record(msgspec.Struct):
    message: str
    time: _Time
    level: _Level = msgspec.field(default_factory=_Level)
    name: str | None = None
    module: str | None = None
    function: str | None = None
    line: int | None = None


class _Line(msgspec.Struct):
    record: _Record


_DECODER: Final = msgspec.json.Decoder(_Line)
_ANY: Final = msgspec.json.Decoder(dict[str, object])


class JsonFormat(Struct, frozen=True):
    """The log format of records that are keys and values, in JSON or logfmt; a message may hold newlines."""

    name: str = JSON_NAME
    specificity: int = _SPECIFICITY

    @property
    def prefixed(self) -> bool:
        """Whether something stands before the object."""
        return self.name == PREFIXED_JSON

    def match(self, line: str) -> RecordHeader | None:
        """The head of a whole line; None for anything but a record of this format."""
        if self.prefixed and (found := _PREFIX.match(line)):
            line = line[found.end() :]
        if self.name == LOGFMT:
            values = pairs(line)
            return None if values is None else _any(values)
        if not line.startswith("{"):
            return None
        try:
            return (
                _serialized(_DECODER.decode(line).record)
                if self.name == JSON_NAME
                else _any(_ANY.decode(line))
            )
        except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
            return None


def infer_json(lines: Sequence[str]) -> JsonFormat | None:
    """The format of lines most of which are JSON objects, or pairs, with a time and a message."""
    for name in (ANY_JSON, PREFIXED_JSON, LOGFMT):
        log_format = JsonFormat(name)
        if sum(log_format.match(line) is not None for line in lines) > _ENOUGH * len(lines):
            return log_format
    return None


def _serialized(record: _Record) -> RecordHeader | None:
    text = record.time.repr
    if text[_SECONDS_WIDTH : _SECONDS_WIDTH + 1] != ".":
        text = f"{text[:_SECONDS_WIDTH]}.000000{text[_SECONDS_WIDTH:]}"
    stamp = _reader("YYYY-MM-DD HH:mm:ss.SSSSSSZ").read(text)
    if stamp is None and record.time.timestamp is not None and 0 <= record.time.timestamp < _MOST_SECONDS:
        stamp = Stamp(round(record.time.timestamp * SECOND), 1, 0)
    if stamp is None:
        return None
    name, function = record.name or record.module or "", record.function or ""
    level, message = record.level.name.upper(), record.message[:MESSAGE_LIMIT]
    return RecordHeader(stamp, level, name, function, record.line or 0, message)


def _any(values: dict[str, object]) -> RecordHeader | None:
    keys = {_plain(key): key for key in reversed(values)}
    at = next((keys[k] for k in _TIMES if k in keys and _stamp(values[keys[k]]) is not None), None)
    said = next((keys[k] for k in _MESSAGES if k in keys and isinstance(values[keys[k]], str)), None)
    if at is None or said is None or (stamp := _stamp(values[at])) is None:
        return None
    shown = {at, said}

    def take(names: Sequence[str]) -> object:
        key = next((keys[k] for k in names if k in keys), "")
        shown.add(key)
        return values.get(key, "")

    level = _level(take(_LEVELS))
    name, function, line = take(_NAMES), take(_FUNCTIONS), take(_LINES)
    rest = {k: v for k, v in values.items() if k not in shown and k.lower() not in _SILENT}
    message, newline, more = str(values[said]).partition("\n")
    if "_" in message and " " not in message:
        message = message.replace("_", " ")
    fields = " ".join(f"{key}={value}" for key, value in _flat(rest, 0))
    text = f"{message} {fields}".rstrip() + newline + more
    number = line if isinstance(line, int) else 0
    return RecordHeader(stamp, level, _text(name), _text(function), number, text[:MESSAGE_LIMIT])


@lru_cache(maxsize=1024)
def _plain(key: str) -> str:
    return re.sub(r"[\W_]", "", key).lower()


def _flat(values: object, depth: int, key: str = "") -> Iterator[tuple[str, str]]:
    """Every value with its own key; long texts, such as tracebacks, are left out."""
    if isinstance(values, dict) and depth < _DEEPEST:
        for name, value in values.items():
            yield from _flat(value, depth + 1, str(name))
    elif isinstance(values, list) and depth < _DEEPEST:
        for value in values:
            yield from _flat(value, depth + 1, key)
    elif values is not None and not isinstance(values, dict | list):
        text = str(values).lower() if isinstance(values, bool) else str(values)
        if key and len(text) <= _LONGEST_VALUE and "\n" not in text:
            yield key, text


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _level(value: object) -> str:
    if isinstance(value, int):
        return _NUMBERS.get(value, "")
    word = value.upper() if isinstance(value, str) and _WORD.fullmatch(value) else ""
    return {"WARN": "WARNING", "FATAL": "CRITICAL", "ERR": "ERROR"}.get(word, word)


def _stamp(value: object) -> Stamp | None:
    if isinstance(value, str):
        return _written(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 10**9 <= value < 10**19:
        return None
    for least, per_us, precision in _UNITS:
        if value >= least:
            us = int(value) // per_us if least == 10**17 else int(value) * per_us
            return Stamp(us, precision, 0)
    return Stamp(round(value * SECOND), SECOND if isinstance(value, int) else 1, 0)


def _written(text: str) -> Stamp | None:
    """A time that a whole text shows."""
    reader = _reader_of(text.translate(_ONES))
    return None if reader is None else reader.read(text)


@lru_cache(maxsize=64)
def _reader_of(shape: str) -> StampReader | None:
    """The reader of times that are this one but for their digits."""
    from logaudit.logformats.time_spelling import find_time, time_specs  # noqa: PLC0415 - few times are spelled unusually

    found = find_time(shape)
    if found is None or found.start or found.end != len(shape) or not found.layout.has_year:
        return None
    readings = time_specs([found])
    return _reader(readings[0][0]) if len(readings) == 1 else None


@lru_cache(maxsize=64)
def _reader(spec: str) -> StampReader:
    written = loguru_time(spec)
    return StampReader(written.tokens, utc=written.utc)


class JsonMatch(Struct, frozen=True):
    """Stands where text log formats need a match read: a JSON record's head is built at once."""

    log_format: JsonFormat

    def head(self, found: re.Match[str] | RecordHeader, stamp: Stamp) -> RecordHeader:
        """``found`` itself."""
        if isinstance(found, RecordHeader):
            return found
        raise TypeError(stamp)

    def level(self, found: re.Match[str] | RecordHeader) -> str:
        """The level name, upper case."""
        return found.level if isinstance(found, RecordHeader) else ""
