"""Reads logs once more for the places in the code that their records name."""

from __future__ import annotations

from collections.abc import Iterable

from logaudit.core.events import Emitter
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.records import LINE_LIMIT
from logaudit.logformats import LogFormatSet
from logaudit.sources import Source, clean, decode, lines


def emitters_of(sources: Iterable[Source], log_formats: LogFormatSet, encoding: str) -> frozenset[Emitter]:
    """Every module, function and line that a record of these logs names; damage ends the reading of a source."""
    found: set[tuple[str, str, int]] = set()
    for source in sources:
        blocks = decode(iter(HashingByteStream(source, count=False, hashed=False)), encoding or None).blocks
        for _, raw in lines(blocks):
            opening = log_formats.open(clean(raw[:LINE_LIMIT]).decode("utf-8", "replace"))
            if opening is not None:
                stamp, reading, match = opening
                head = reading.head(match, stamp)
                found.add((head.module, head.function, head.lineno))
    return frozenset(Emitter(*place) for place in found if place[0])
