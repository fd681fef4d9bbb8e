"""Parts of a rotated log whose layout no part decides alone, such as the order of day and month: decided by all parts.

Called only where no record was read of a log that has lines: then the heads of its stream are looked at together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, SourceKind
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.extract import extract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import ExtractKind
from logaudit.ingest.source_head import head_lines
from logaudit.logformats import LogFormat, LogFormatSet
from logaudit.profiles import Profile
from logaudit.sources import Source, stream_stem

_COUNTER: Final = lazy_pattern(r"\.(\d{1,3})(?:\.|$)")


def with_decided(
    extracts: Mapping[str, Sequence[HeldExtract]],
    sources: Sequence[Source],
    context: ReadContext,
    profiles: Mapping[str, Profile],
) -> Mapping[str, Sequence[HeldExtract]]:
    """The extracts by the root of their session; logs that all their parts together make readable are read anew."""
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
    parts: dict[str, list[Source]] = defaultdict(list)
    summaries = [held.summary for held in extracts]
    for read in summaries:
        if read.kind is ExtractKind.LOG and read.address in sources:
            parts[stream_stem(_name(read.address))].append(sources[read.address])
    found: dict[Address, HeldExtract] = {}
    for stem in sorted({stream_stem(_name(read.address)) for read in summaries if read.undecided}):
        if len(parts[stem]) > 1 and (formats := _inferred(parts[stem], context.encoding or None)):
            both = LogFormatSet([*context.log_formats(profile.name).log_formats, *formats])
            for read in summaries:
                if read.undecided and stream_stem(_name(read.address)) == stem:
                    again = extract(
                        sources[read.address], SourceKind.LOG, profile, both, context.encoding or None
                    )
                    found[read.address] = HeldExtract.unpacked(again)
    return [found.get(held.summary.address, held) for held in extracts]


def _inferred(parts: Sequence[Source], encoding: str | None) -> Sequence[LogFormat]:
    """The formats of the lines of all parts, the oldest first: the order of their times is a witness."""
    from logaudit.logformats.infer import infer_formats  # noqa: PLC0415 - few logs are such

    heads = [head_lines(part, encoding)[0] for part in sorted(parts, key=_age)]
    return infer_formats([line for head in heads for line in head])


def _age(part: Source) -> tuple[int, str]:
    """Sorts ``app.log.2``, ``app.log.1``, ``app.log``, and names with dates by these."""
    name = _name(part.address)
    counter = _COUNTER.search(name)
    return -int(counter[1]) if counter else 0, name


def _name(address: Address) -> str:
    return address.member or address.path
