"""Bounds how many markets one log may name: behind that many its lines are no longer compared with patterns.

No bot trades so many; a log that names a market a line would take a millisecond for each of its lines.
"""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from logaudit.core.message import msg
from logaudit.ingest.source_extract import LogExtract, PatternCount, SourceExtract
from logaudit.sources import Problem, ProblemKind


def within_limit(extract: SourceExtract, markets: int) -> SourceExtract:
    """The extract up to the line that names one market too many, however the log was read: whole, or in parts."""
    if not isinstance(extract, LogExtract) or len(extract.matches) <= markets:
        return extract
    seen: set[str] = set()
    for index, mark in enumerate(extract.matches):
        if symbol := mark.captures.fields.symbol:
            seen.add(symbol)
        if len(seen) > markets:
            return _cut(extract, index, markets)
    return extract


def _cut(extract: LogExtract, index: int, markets: int) -> LogExtract:
    first = extract.matches[index]
    kept = extract.matches[:index]
    last = first.stamp or extract.last
    latest = extract.latest if last is None else min(extract.latest, last.us)
    detail = msg(
        "it names more than {limit} markets, and its lines from {line} on are not compared with patterns",
        limit=markets,
        line=first.line,
    )
    return replace(
        extract,
        matches=kept,
        contexts=tuple(c for c in extract.contexts if c.record < first.record),
        tallies={
            name: PatternCount(n, 0, None) for name, n in sorted(Counter(m.pattern for m in kept).items())
        },
        last=last,
        latest=latest,
        gaps=tuple(gap for gap in extract.gaps if gap.end <= latest),
        problem=extract.problem
        or Problem(extract.address, ProblemKind.OVER_LIMIT, detail, first.byte, limit="markets"),
    )
