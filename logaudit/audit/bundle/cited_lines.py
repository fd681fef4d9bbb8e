"""The lines that findings cite, in their surroundings, as they stand in the sources."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.finding import Finding
from logaudit.core.location import Address
from logaudit.core.secrets.below import REACH as BLOCK
from logaudit.core.secrets.below import hide_below
from logaudit.core.text import quote
from logaudit.ingest.byte_stream import HashingByteStream
from logaudit.ledger.secret_columns import SecretColumns
from logaudit.sources import Source, clean, decode, lines

#: Lines before and behind a cited one.
REACH: Final = 3


class CitedLine(Struct, frozen=True):
    """One line of a source; ``cited`` where a finding names it, else it stands near one that is."""

    path: str
    member: str
    line: int
    cited: bool
    text: str


def cited_lines(
    findings: Iterable[Finding], sources: Sequence[Source], encoding: str
) -> tuple[CitedLine, ...]:
    """In order of sources and lines; a line that can no longer be read is left out."""
    cited: defaultdict[Address, set[int]] = defaultdict(set)
    for finding in findings:
        for place in finding.locations:
            if place.line:
                cited[place.address].add(place.line)
    return tuple(
        line
        for source in sorted(sources, key=lambda source: source.address)
        if source.address in cited
        for line in _lines(source, cited[source.address], encoding)
    )


def _lines(source: Source, cited: set[int], encoding: str) -> Iterator[CitedLine]:
    wanted = {near for line in cited for near in range(line - REACH, line + REACH + 1)}
    last = max(wanted)
    blocks = decode(iter(HashingByteStream(source, count=False, hashed=False)), encoding or None).blocks
    hidden: SecretColumns | None = None
    above: deque[str] = deque(maxlen=BLOCK)
    for number, (_, raw) in enumerate(lines(blocks, longest=source.limits.line_size), 1):
        if number > last:
            return
        whole = clean(raw.replace(b"\0", b"")).decode("utf-8", "replace")  # both sides of a hole
        if hidden is None:
            hidden = SecretColumns.of_header(whole)
        if number in wanted:
            text = quote(hide_below(hidden.line(whole), list(above)))
            yield CitedLine(source.address.path, source.address.member, number, number in cited, text)
        above.append(whole)
