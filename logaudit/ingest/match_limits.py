"""Bounds how much patterns may recognise of one log: behind that its lines are no longer compared with them.

A log that names a market a line, which no bot does, would take a millisecond for each of its lines; one whose closes
are a few bytes each, packed, would take gigabytes.
"""

from __future__ import annotations

from collections import Counter

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.message import Message, msg
from logaudit.ingest.packed_matches import PackedMatches
from logaudit.ingest.source_extract import LogExtract, PatternCount
from logaudit.sources import Problem, ProblemKind, Source


class _Symbol(Struct, frozen=True):
    symbol: str = ""


class _Values(Struct, frozen=True):
    fields: _Symbol = _Symbol()


class _Named(Struct, frozen=True):
    """As much of a match as tells which market it names."""

    line: int
    captures: _Values


def within_limits(extract: LogExtract, source: Source) -> LogExtract:
    """The extract up to the line that is one too many, however the log was read: whole, or in parts."""
    most, markets = source.most_matches, source.limits.markets
    seen: set[str] = set()
    packed = extract.matches if isinstance(extract.matches, PackedMatches) else None
    for index, mark in enumerate(extract.matches if packed is None else packed.each(_Named)):
        if symbol := mark.captures.fields.symbol:
            seen.add(symbol)
        if len(seen) > markets:
            detail = msg(
                "it names more than {limit} markets, and its lines from {line} on are not compared with patterns",
                limit=markets,
                line=mark.line,
            )
            return _cut(extract, index, detail, "markets")
        if index == most:
            detail = msg(
                "patterns recognise over {limit} of its lines; those from {line} on are not compared with them",
                limit=most,
                line=mark.line,
            )
            return _cut(extract, index, detail, "packed_matches")
    return extract


def _cut(extract: LogExtract, index: int, detail: Message, limit: str) -> LogExtract:
    first = extract.matches[index]
    kept = extract.matches[:index]
    last = first.stamp or extract.last
    latest = extract.latest if last is None else min(extract.latest, last.us)
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
        or Problem(extract.address, ProblemKind.OVER_LIMIT, detail, first.byte, limit=limit),
    )
