"""Parts of a rotated log in which the first words of messages were taken for a logger's name: decided by all parts.

A part of a few lines may hold only such as `POSITION CLOSED: BTC-USDT`, and none that shows that names are not printed.
Called only where the parts of one log were read with different formats.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from logaudit.core.location import Address, SourceKind
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.extract import extract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary
from logaudit.ingest.source_head import head_lines
from logaudit.logformats import LogFormat, LogFormatSet, mistakes_words_for_names
from logaudit.profiles import Profile
from logaudit.sources import Source, stream_stem

#: So many parts without names show what begins their messages.
_SEVERAL: Final = 100


def with_names_decided(
    extracts: Mapping[str, Sequence[HeldExtract]],
    sources: Sequence[Source],
    context: ReadContext,
    profiles: Mapping[str, Profile],
) -> Mapping[str, Sequence[HeldExtract]]:
    """The extracts by the root of their session; parts whose names are words of messages are read anew without."""
    known = {source.address: source for source in sources}
    return {
        root: _decided(some, known, context, profiles[root]) if root in profiles else some
        for root, some in extracts.items()
    }


def _decided(
    extracts: Sequence[HeldExtract],
    sources: Mapping[Address, Source],
    context: ReadContext,
    profile: Profile,
) -> Sequence[HeldExtract]:
    formats = context.log_formats(profile.name)
    streams: dict[str, list[ExtractSummary]] = defaultdict(list)
    for held in extracts:
        read = held.summary
        if read.kind is ExtractKind.LOG and read.formats and read.address in sources:
            streams[_stem(read.address)].append(read)
    found: dict[Address, HeldExtract] = {}
    for parts in streams.values():
        for address, mistaken in _mistaken(parts, sources, formats, context.encoding or None).items():
            left = LogFormatSet(one for one in formats.log_formats if one not in mistaken)
            again = extract(sources[address], SourceKind.LOG, profile, left, context.encoding or None)
            found[address] = HeldExtract.unpacked(again)
    return [found.get(held.summary.address, held) for held in extracts]


def _mistaken(
    parts: Sequence[ExtractSummary],
    sources: Mapping[Address, Source],
    formats: LogFormatSet,
    encoding: str | None,
) -> dict[Address, set[LogFormat]]:
    """For parts of one log the formats with names that other parts, which print none, begin their messages with."""
    found: dict[Address, set[LogFormat]] = defaultdict(set)
    used = {name for read in parts for name in read.formats}
    for named in (one for one in formats.log_formats if one.name in used and formats.may_mistake(one)):
        plain = {one.name for one in formats.log_formats if mistakes_words_for_names(named, one)}
        without = (r for r in parts if named.name not in r.formats and plain & {*r.formats})
        words = {
            word
            for read in islice(without, _SEVERAL)
            for word in _names(sources[read.address], named, formats, encoding)
        }
        for read in parts:
            if words and named.name in read.formats:
                own = _names(sources[read.address], named, formats, encoding)
                if own and own <= words:
                    found[read.address].add(named)
    return found


def _names(source: Source, named: LogFormat, formats: LogFormatSet, encoding: str | None) -> set[str]:
    """What a format takes for loggers' names in the head of a part."""
    openings = map(formats.match, head_lines(source, encoding)[0])
    return {found[1].module for found in openings if found is not None and found[0] is named}


def _stem(address: Address) -> str:
    return stream_stem(address.member or address.path)
