"""A log source → its extract, the fast way where that pays and is possible, else the plain one."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from logaudit.ingest.byte_stream import HashingByteStream, newline_of
from logaudit.ingest.log_reader import LogReader
from logaudit.ingest.log_stats import LogStats
from logaudit.ingest.pattern_matcher import PatternMatcher
from logaudit.ingest.source_extract import LogContext, LogExtract, Undated
from logaudit.logformats import LogFormatSet
from logaudit.profiles import Profile
from logaudit.sources import Container, Decoded, Source, clean, decode, is_torn, lines

if TYPE_CHECKING:
    from logaudit.ingest.vectorized.reader import Insight

#: Below so many bytes the fast way saves less than its imports cost.
FAST_FROM: Final = 256 << 10
#: What a compressed text that does not state its size has at least, for each packed byte.
_UNPACKS_TO: Final = 4
#: Texts that are read as they are.
PLAIN_ENCODINGS: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})

_MOST_INSIGHTS: Final = 4


class _Learned(threading.local):
    """The last few insights, so that what was learned of one source serves the next; each thread has its own."""

    def __init__(self) -> None:
        self.insights: list[Insight] = []


_learned = _Learned()


def extract_log(
    source: Source,
    profile: Profile,
    log_formats: LogFormatSet,
    encoding: str | None,
    *,
    hashed: bool,
) -> LogExtract:
    """Reads a log; both ways give the same extract."""
    if is_sizeable(source):
        fast = extract_vectorized(source, profile, log_formats, encoding, hashed=hashed)
        if fast is not None:
            return fast
    return extract_plain(source, profile, log_formats, encoding, hashed=hashed)


def is_sizeable(source: Source) -> bool:
    """Whether a source is so large that it matters how it is read."""
    return (source.size if source.size >= 0 else source.packed * _UNPACKS_TO) >= FAST_FROM


def extract_plain(
    source: Source,
    profile: Profile,
    log_formats: LogFormatSet,
    encoding: str | None = None,
    *,
    hashed: bool = True,
) -> LogExtract:
    """Record by record."""
    tap = HashingByteStream(source, hashed=hashed, log=True)
    decoded = decode(iter(tap), encoding)
    matcher = PatternMatcher(profile, source.limits, source.most_matches)
    reader = LogReader(matcher)
    cut: list[int] = []
    reader.read(_cleaned(lines(decoded.blocks, cut, source.limits.line_size), tap), log_formats)
    read = _extract(source, tap, decoded, reader, matcher, reader.contexts, (tap.feeds, tap.crlf))
    read = replace(read, problem=tap.trouble(cut)) if cut else read
    return replace(read, undated=Undated(log_formats.undated)) if log_formats.undated else read


def _cleaned(numbered: Iterable[tuple[int, bytes]], tap: HashingByteStream) -> Iterator[tuple[int, bytes]]:
    """The lines as text, and whether there are holes in them."""
    for offset, line in numbered:
        text = clean(line)
        if text is not line and not tap.torn:
            tap.torn = is_torn(line)
        yield offset, text


def extract_vectorized(
    source: Source,
    profile: Profile,
    log_formats: LogFormatSet,
    encoding: str | None = None,
    chunk: int | None = None,
    *,
    hashed: bool = True,
) -> LogExtract | None:
    """Stretch by stretch, of ``chunk`` bytes; None where the text needs the plain way."""
    from logaudit.ingest.vectorized import reader as vectorized_reader  # noqa: PLC0415 - numpy is for large sources only

    insight = insight_of(profile, log_formats)
    tap = HashingByteStream(source, count=False, hashed=hashed, log=True)
    decoded = decode(iter(tap), encoding)
    if not insight.usable or decoded.encoding not in PLAIN_ENCODINGS or decoded.returns:
        return None
    matcher = PatternMatcher(profile, source.limits, source.most_matches)
    reader = vectorized_reader.FastReader(matcher, insight, chunk or vectorized_reader.STRETCH)
    try:
        reader.read(decoded.blocks)
    except vectorized_reader.UnsupportedByFastPathError:
        return None
    tap.holes, tap.torn = reader.holes, reader.torn
    return _extract(source, tap, decoded, reader, matcher, reader.contexts, (reader.feeds, reader.crlf))


def insight_of(profile: Profile, log_formats: LogFormatSet) -> Insight:
    """What is known of lines as this profile and these log formats read them."""
    from logaudit.ingest.vectorized.reader import Insight  # noqa: PLC0415 - as above

    for known in _learned.insights:
        if known.profile is profile and known.log_formats is log_formats:
            return known
    fresh = Insight(profile, log_formats)
    _learned.insights.append(fresh)
    del _learned.insights[:-_MOST_INSIGHTS]
    return fresh


def _extract(
    source: Source,
    tap: HashingByteStream,
    decoded: Decoded,
    reader: LogStats,
    matcher: PatternMatcher,
    contexts: tuple[LogContext, ...],
    ends: tuple[int, int],
) -> LogExtract:
    return LogExtract(
        address=source.address,
        sha256=tap.sha256,
        size=tap.size,
        # Known for certain only now that every block has passed.
        encoding=decoded.encoding,
        packed=source.container is not Container.PLAIN,
        newline=newline_of(*ends),
        lines=ends[0],
        matches=matcher.matches,
        contexts=contexts,
        tallies=matcher.tallies(),
        problem=tap.trouble(()) or matcher.trouble(source.address, tap.size),
        **reader.fields(),
    )
