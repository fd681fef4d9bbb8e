"""loguru's ``serialize=True``: one JSON object a line, ``{"text": …, "record": {…}}``."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

import msgspec
from msgspec import Struct

from logaudit.dialect.time_formats import loguru_time
from logaudit.dialect.times import StampReader
from logaudit.dialect.types import MESSAGE_LIMIT, Head
from logaudit.model.stamp import SECOND, Stamp

#: How a profile writes this dialect in place of a format string.
JSON_NAME: Final = "loguru JSON"
#: No text dialect can match such a line, so the number only has to be stable.
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


class JsonDialect(Struct, frozen=True, dict=True):  # dict: its reader is made when first asked for
    """The dialect of serialized records; a message may hold newlines."""

    name: str = JSON_NAME
    specificity: int = _SPECIFICITY

    def match(self, line: str) -> Head | None:
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
        return Head(
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


class JsonReading(Struct, frozen=True):
    """Stands where text dialects need a match read: a JSON record's head is built at once."""

    dialect: JsonDialect

    def head(self, found: re.Match[str] | Head, stamp: Stamp) -> Head:
        """``found`` itself."""
        if isinstance(found, Head):
            return found
        raise TypeError(stamp)

    def level(self, found: re.Match[str] | Head) -> str:
        """The level name, upper case."""
        return found.level if isinstance(found, Head) else ""
