"""Which sources may hold the same text: those are hashed, whether anybody wants to see the hashes or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ingest.source_extract import ExtractKind, ExtractSummary
from logaudit.sources import Source


def possible_duplicates(sources: Sequence[Source]) -> frozenset[int]:
    """The indices of sources that another one may be a copy of, as far as is known before they are read.

    Copies have one size and one checksum; what states neither may be a copy of anything.
    """
    if any(source.size < 0 for source in sources):
        return frozenset(range(len(sources)))
    sizes: defaultdict[int, list[int]] = defaultdict(list)
    for index, source in enumerate(sources):
        sizes[source.size].append(index)
    found: set[int] = set()
    for alike in sizes.values():
        sums = [sources[index].crc for index in alike]
        found.update(i for i, crc in zip(alike, sums, strict=True) if sums.count(crc) > 1 or -1 in sums)
        if len(alike) == 1:
            found.difference_update(alike)
    return frozenset(found)


def hash_possible_duplicates(
    sources: Sequence[Source], extracts: Sequence[ExtractSummary]
) -> list[ExtractSummary]:
    """What is known of the sources, with hashes for logs that may be copies after all.

    What can be unpacked of a damaged archive may be what somebody has unpacked of it before.
    """
    logs = {index: extract for index, extract in enumerate(extracts) if extract.kind is ExtractKind.LOG}
    odd = {d.size for i, d in logs.items() if d.problem is not None or d.size != sources[i].size}
    found = list(extracts)
    for index, extract in logs.items():
        if not extract.sha256 and extract.size in odd:
            tap = HashingByteStream(sources[index], count=False)
            for _ in tap:
                pass
            # What can no longer be read is no copy of anything.
            found[index] = replace(extract, sha256=tap.sha256 if tap.size == extract.size else "")
    return found
