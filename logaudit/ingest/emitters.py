"""Reads logs once more for the places in the code that their records name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from logaudit.core.events import Emitter
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.records import LINE_LIMIT
from logaudit.logformats import LogFormatSet
from logaudit.sources import Source, clean, decode, lines

#: What a place looks like where a format joins its parts; a line with one that was seen tells nothing new.
_PLACE: Final = lazy_pattern(rb"(?<![\w.:])[A-Za-z_][\w.]*:[\w<>]+(?::\d+)?(?= )")
#: Bytes of a line in which its place stands.
_HEAD: Final = 200


def emitters_of(sources: Iterable[Source], log_formats: LogFormatSet, encoding: str) -> frozenset[Emitter]:
    """Every module, function and line that a record of these logs names; damage ends the reading of a source."""
    found: set[tuple[str, str, int]] = set()
    seen: set[bytes] = set()
    for source in sources:
        blocks = decode(iter(HashingByteStream(source, count=False, hashed=False)), encoding or None).blocks
        for _, raw in lines(blocks, longest=source.limits.line_size):
            place = _PLACE.search(raw, 0, _HEAD)
            if place is not None and place[0] in seen:
                continue
            opening = log_formats.open(clean(raw[:LINE_LIMIT]).decode("utf-8", "replace"))
            if opening is not None:
                stamp, reading, match = opening
                head = reading.head(match, stamp)
                found.add((head.module, head.function, head.lineno))
                written = f"{head.module}:{head.function}" + (f":{head.lineno}" if head.lineno else "")
                if place is not None and place[0] == written.encode():
                    seen.add(place[0])
    return frozenset(Emitter(*one) for one in found if one[0])
