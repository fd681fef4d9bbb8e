"""loguru's ``serialize=True``: one JSON object a line, ``{"text": …, "record": {…}}``."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

import msgspec
from msgspec import Struct

from logaudit.core.timestamp import SECOND, Stamp
from logaudit.logformats.pieces import MESSAGE_LIMIT, RecordHeader
from logaudit.logformats.time_formats import loguru_time
from logaudit.logformats.timestamp_parser import StampReader

#: How a profile writes this log format in place of a format string.
JSON_NAME: Final = "loguru JSON"
#: No text log format can match such a line, so the number only has to be stable.
_SPECIFICITY: Final = 1_000
#: Beyond the year 9999 there is no date.
_MOST_SECONDS: Final = 250_000_000_000
#: ``str(datetime)`` up to its seconds; the fraction is left out where it is zero.
_SECONDS_WIDTH: Final = 19


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


class JsonFormat(Struct, frozen=True, dict=True):  # dict: its reader is made when first asked for
    """The log format of serialized records; a message may hold newlines."""

    name: str = JSON_NAME
    specificity: int = _SPECIFICITY

    def match(self, line: str) -> RecordHeader | None:
        """The head of a whole line; None for anything but a serialized loguru record."""
        if not line.startswith("{"):
            return None
        try:
            record = _DECODER.decode(line).record
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        stamp = self._stamp(record.time)
        if stamp is None:
            return None
        return RecordHeader(
            stamp,
            record.level.name.upper(),
            record.name or record.module or "",
            record.function or "",
            record.line or 0,
            record.message[:MESSAGE_LIMIT],
        )

    @cached_property
    def _reader(self) -> StampReader:
        return StampReader(loguru_time("YYYY-MM-DD HH:mm:ss.SSSSSSZ").tokens, utc=False)

    def _stamp(self, time: _Time) -> Stamp | None:
        text = time.repr
        if text[_SECONDS_WIDTH : _SECONDS_WIDTH + 1] != ".":
            text = f"{text[:_SECONDS_WIDTH]}.000000{text[_SECONDS_WIDTH:]}"
        stamp = self._reader.read(text)
        if stamp is None and time.timestamp is not None and 0 <= time.timestamp < _MOST_SECONDS:
            return Stamp(round(time.timestamp * SECOND), 1, 0)
        return stamp


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
