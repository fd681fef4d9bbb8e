"""When a stream's logs are at hand: first to last record of its sources, split at unusual silences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.time_window import Interval
from logaudit.core.timestamp import MILLISECOND, MINUTE, SECOND
from logaudit.ingest.source_extract import LogExtract
from logaudit.reconcile.normalize.session_evidence import CoverageGap, Stream
from logaudit.sources import rotation_age

#: A silence within a file is unusual when it is this many times as long as what 99 of 100 gaps stay below; …
WITHIN: Final = 20
#: … between two parts of a rotated log, where a missing part is the likelier cause, this many times …
BETWEEN: Final = 5
#: … and neither when shorter than this.
AT_LEAST: Final = 5 * MINUTE
#: Fewer gaps than this say nothing about a stream's pace.
ENOUGH: Final = 50


class _Segment(Struct, frozen=True):
    """A stretch without unusual silence, naive µs; ``line`` is the one it begins with."""

    start: int
    end: int
    source: LogExtract
    line: int


def usual_gap(sources: Sequence[LogExtract]) -> int | None:
    """The gap (µs) that 99 of 100 consecutive records stay below; None for too few records to tell."""
    pace: Counter[int] = Counter()
    for source in sources:
        pace.update(source.gap_histogram)
    count = sum(pace.values())
    if count < ENOUGH:
        return None
    left = count // 100
    for bucket in sorted(pace, reverse=True):
        left -= pace[bucket]
        if left < 0:
            return (1 << bucket) * MILLISECOND
    return None


def build_stream(name: str, sources: Sequence[LogExtract]) -> Stream:
    """One stream of sources that share a stem, ordered by content."""
    ordered = sorted(sources, key=_by_content)
    dated = [s for s in ordered if s.first is not None]
    usual = usual_gap(dated)
    covered, gaps = _join(dated, usual)
    levels: Counter[str] = Counter()
    log_formats: Counter[str] = Counter()
    for source in ordered:
        levels.update(source.levels)
        log_formats.update(source.log_formats)
    return Stream(
        name=name,
        sources=tuple(ordered),
        covered=covered,
        gaps=gaps,
        records=sum(s.records for s in ordered),
        levels=dict(sorted(levels.items())),
        log_formats=dict(sorted(log_formats.items())),
    )


def _by_content(source: LogExtract) -> tuple[object, ...]:
    """By their times; parts of the same seconds as their names say: some handlers print no more than seconds."""
    undated = source.first is None
    address = source.address
    begin, end = source.earliest // SECOND, source.latest // SECOND
    age = rotation_age(address.member or address.path)
    return undated, begin, end, age, source.earliest, source.latest, address.path, address.member


def _segments(source: LogExtract, within: int) -> Iterator[_Segment]:
    """What one source covers, split at its own unusual silences."""
    start, line = source.earliest, 1
    for silence in sorted(source.gaps, key=lambda s: s.start):
        if silence.end - silence.start > within and start <= silence.start:
            yield _Segment(start, silence.start, source, line)
            start, line = silence.end, silence.line
    yield _Segment(start, max(start, source.latest), source, line)


def _join(
    sources: Sequence[LogExtract], usual: int | None
) -> tuple[tuple[Interval, ...], tuple[CoverageGap, ...]]:
    """What the sources cover together, and the silences between."""
    if not sources:
        return (), ()
    if usual is None:
        return (Interval(min(s.earliest for s in sources), max(s.latest for s in sources)),), ()
    within, between = max(AT_LEAST, usual * WITHIN), max(AT_LEAST, usual * BETWEEN)
    segments = [segment for source in sources for segment in _segments(source, within)]
    # A stable sort: of copies that cover the same, the same one stays first on both sides of a silence.
    segments.sort(key=lambda s: s.start)
    covered: list[Interval] = []
    gaps: list[CoverageGap] = []
    begun, reached = segments[0].start, segments[0]
    for segment in segments[1:]:
        limit = within if segment.source is reached.source else between
        if segment.start - reached.end > limit:
            ends = reached.source.address, segment.source.address
            gaps.append(CoverageGap(reached.end, segment.start, segment.line, usual, *ends))
        # What a damaged source lost lies behind its last record, however soon the next one begins.
        lost = reached.source.problem is not None and segment.start > reached.end
        if lost or segment.start - reached.end > limit:
            covered.append(Interval(begun, reached.end))
            begun = segment.start
        if segment.end > reached.end:
            reached = segment
    return (*covered, Interval(begun, reached.end)), tuple(gaps)
