"""Lines of one source joined into records: every line belongs to a record or is reported loose."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from logaudit.core.limits import DEFAULT_LIMITS
from logaudit.core.timestamp import Stamp
from logaudit.ingest.dating import Turns
from logaudit.ingest.source_extract import Undated
from logaudit.logformats import FormatMatch, LogFormat, LogFormatSet, RecordHeader, looks_stamped
from logaudit.sources import TORN

#: Bytes of a line that are decoded; a longer line is cut, except JSON, which makes sense only whole.
LINE_LIMIT: Final = 65_536
#: Characters in continuation lines that one record keeps; further ones are reported loose.
MORE_CHARS: Final = 4_194_304

_BOM: Final = "\ufeff"
#: Lines that open no record and are remembered as such, and the bytes of the longest of them: those of tracebacks,
#: and of whatever else is written again and again.
_REMEMBERED: Final = 1_024
_LONGEST: Final = 256
#: First characters of lines that no record of an unknown log format begins with.
_BLANK: Final = ("", " ", "\t")
# The generated constructor of a named tuple takes as long as the rest of the work on a line.
_new: Final = tuple.__new__
# Incremental: it leaves out the bytes of a character that the cut has torn.
_decoder: Final = codecs.getincrementaldecoder("utf-8")


class TextLine(NamedTuple):
    """A line that does not begin a record: 1-based number, byte offset, text cut at `LINE_LIMIT`."""

    line: int
    offset: int
    text: str


class Why(StrEnum):
    """Why a line belongs to no record.

    ``head``: it comes before the first record, so rotation may have cut it from the previous part;
    ``unparsed``: it begins like a record of no known log format, or follows such a line;
    ``overflow``: its record has more lines than are kept.
    """

    HEAD = "head"
    UNPARSED = "unparsed"
    OVERFLOW = "overflow"


class UnparsedLine(NamedTuple):
    """A line that belongs to no record: 1-based number, byte offset, text cut at `LINE_LIMIT`."""

    line: int
    offset: int
    text: str
    why: Why


class Record(NamedTuple):
    """One log call.

    Attributes:
        seq: ordinal among the records of its source, from 0.
        line: 1-based number of its first line.
        offset: byte offset of its first line.
        stamp: the written time.
        more: the lines that follow its first, in order.
        reading, match: what the head is built from.
    """

    seq: int
    line: int
    offset: int
    stamp: Stamp
    reading: FormatMatch
    match: re.Match[str] | RecordHeader
    more: list[TextLine]

    @property
    def log_format(self) -> LogFormat:
        """How the record is written."""
        return self.reading.log_format

    @property
    def head(self) -> RecordHeader:
        """What the first line says; built anew at each access."""
        return self.reading.head(self.match, self.stamp)

    @property
    def level(self) -> str:
        """The head's level, without building the rest."""
        return self.reading.level(self.match)

    @property
    def text(self) -> str:
        """The first line as decoded (a JSON record's message): enough to search for a literal."""
        return self.match.message if isinstance(self.match, RecordHeader) else self.match.string


def read_records(
    lines: Iterable[tuple[int, bytes]], log_formats: LogFormatSet, most: int = DEFAULT_LIMITS.record_lines
) -> Iterator[Record | UnparsedLine]:
    """Records and loose lines of one source, in the order of their first lines.

    A blank line does not end a record, and neither does an unindented one: both may stand in a message
    or a traceback.

    Args:
        lines: byte offset and bytes of each line, without its newline; UTF-8, damage shown as U+FFFD.
        log_formats: decides line by line, so a source may change its log format halfway.
        most: continuation lines that one record keeps; further ones are reported loose.
    """
    record: Record | None = None
    why = Why.HEAD
    begins = log_formats.open
    loose: dict[bytes, bool] = {}
    turns = Turns(Undated(log_formats.undated)) if log_formats.undated else None
    seq = room = 0
    for number, (offset, raw) in enumerate(lines, 1):
        text = raw.decode("utf-8", "replace") if len(raw) <= LINE_LIMIT else decode_line(raw)
        opening = None if raw in loose else begins(text)
        if opening is None and number == 1 and text[:1] == _BOM:
            text = text[1:]
            opening = begins(text)
        if opening is not None:
            if record is not None:
                yield record
            stamp, reading, found = opening
            stamp = stamp if turns is None else turns.place(stamp)
            record = _new(Record, (seq, number, offset, stamp, reading, found, []))
            seq += 1
            room = MORE_CHARS
            continue
        text = text[:LINE_LIMIT].removesuffix("\r")
        if _is_strange(text, raw, loose):
            if record is not None:
                yield record
            record, why = None, Why.UNPARSED
        elif record is not None:
            room -= len(text)
            if room >= 0 and len(record.more) < most:
                record.more.append(_new(TextLine, (number, offset, text)))
                continue
            yield record
            record, why = None, Why.OVERFLOW
        yield UnparsedLine(number, offset, text, why)
    if record is not None:
        yield record


def _is_strange(text: str, raw: bytes, loose: dict[bytes, bool]) -> bool:
    """As `looks_like_unknown_record`; a line that may come again is remembered."""
    known = loose.get(raw)
    if known is None:
        known = looks_like_unknown_record(text)
        # The first line's byte order mark is no part of its text, that of another is.
        if len(raw) <= _LONGEST and not raw.startswith(codecs.BOM_UTF8):
            if len(loose) == _REMEMBERED:
                loose.clear()
            loose[raw] = known
    return known


def decode_line(raw: bytes) -> str:
    """The text of a line; of one over the limit its start, cut between characters, and all that may be JSON."""
    if len(raw) <= LINE_LIMIT or raw.startswith(b"{"):
        return raw.decode("utf-8", "replace")
    return _decoder("replace").decode(raw[:LINE_LIMIT])


def looks_like_unknown_record(text: str) -> bool:
    """Whether a line that opens no record begins like one of a log format that is not known, or is what a hole left."""
    return (first := text[:1]) not in _BLANK and (first == TORN or looks_stamped(text))
