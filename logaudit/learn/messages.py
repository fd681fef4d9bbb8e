"""Reads the messages of logs that no pattern recognised."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from logaudit.core.location import Location
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.records import Record, read_records
from logaudit.logformats import LogFormatSet
from logaudit.sources import Source, clean, decode, lines

#: Bytes of one source that are read.
MOST_BYTES: Final = 1 << 28


class LogMessage(NamedTuple):
    """The first line of a record: naive µs, text, place."""

    us: int
    text: str
    place: Location


def read_messages(
    source: Source,
    log_formats: LogFormatSet,
    encoding: str,
    known: Collection[int],
    first: int | None = None,
) -> Iterator[LogMessage]:
    """The messages of a source that hold a digit.

    Args:
        known: the lines that a pattern recognised.
        first: naive µs of the first record, of a log whose times show no year or date.
    """
    moved: int | None = None
    blocks = decode(iter(HashingByteStream(source, count=False, hashed=False)), encoding or None).blocks
    address = source.address
    limits = source.limits
    numbered = ((offset, clean(raw)) for offset, raw in lines(blocks, longest=limits.line_size))
    for item in read_records(numbered, log_formats, limits.record_lines):
        if item.offset > MOST_BYTES:
            return
        if isinstance(item, Record) and moved is None:
            moved = 0 if first is None else first - item.stamp.us
        if isinstance(item, Record) and item.line not in known:
            text = item.head.message.partition("\n")[0]
            if any(c.isdigit() for c in text):
                yield LogMessage(
                    item.stamp.us + (moved or 0), text, Location(address.path, address.member, item.line)
                )
