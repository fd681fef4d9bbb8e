"""Hands out how much may be read of each member of an archive, so that many small bombs are no more than one.

Whoever reads a member, in whatever process, has its share from the listing: no reader asks what others have read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.sources.read import SHORT_LINE, TARS, blocks
from logaudit.sources.source import PACKED_LINE, PACKED_MATCH, MemberShare, Source, SourceError, free_lines

#: How many times its packed size a member may state to have, so that its lines need not be counted beforehand. Logs
#: pack 10:1 to 40:1, those of a bot that fails again and again in one way a few hundred to one.
_DENSE: Final = 32
#: Lines that any member may have, whatever they are.
_FEW: Final = 1_000


def shared(sources: Sequence[Source], archive: int) -> list[Source]:
    """The members of an archive of ``archive`` bytes, with the share of each where together they could be too many.

    The lines of those that unpack to unusually much are counted. They may have one for every four packed bytes; what
    is beyond that they take, in their order, from what a single packed file might have.
    """
    total = sum(max(source.size, 0) for source in sources)
    unknown = any(source.size < 0 for source in sources)
    if not sources or (total <= free_lines(sources[0].limits, archive) and not unknown):
        return list(sources)
    pool = free = max(free_lines(sources[0].limits, archive), 1)
    given = []
    for source in sources:
        packed = archive * max(source.size, 0) // max(total, 1) if source.container in TARS else source.packed
        lines, matches = packed // PACKED_LINE, packed // PACKED_MATCH
        if 0 <= source.size <= _DENSE * packed:
            # No line of a log is shorter, and so these need not be counted.
            share = MemberShare(
                max(lines, source.size // SHORT_LINE, _FEW), max(matches, source.limits.packed_matches)
            )
        else:
            more = max(min(_lines(source, lines + pool) - lines, pool), 0)
            pool -= more
            # As large a part of one pool as of the other.
            matches += source.limits.packed_matches * more // free
            share = MemberShare(lines + more, matches)
        given.append(replace(source, share=share))
    return given


def _lines(source: Source, most: int) -> int:
    """The lines of a member, or any number beyond ``most``."""
    count = 1  # the last needs no end
    try:
        for block in blocks(replace(source, share=MemberShare(most, 0))):
            count += block.count(b"\n")
            if count > most:
                break
    except SourceError:
        pass  # its reader says what is wrong
    return count
