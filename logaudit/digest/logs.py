"""A log source → its digest, the fast way where that pays and is possible, else the plain one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from logaudit.dialect import DialectSet
from logaudit.digest.load import load_numpy
from logaudit.digest.log import LogReader
from logaudit.digest.matcher import Matcher
from logaudit.digest.tally import LogTally
from logaudit.digest.tap import Tap, newline_of
from logaudit.digest.types import Context, LogDigest
from logaudit.profile import Profile
from logaudit.sources import Container, Decoded, Source, clean, decode, lines

if TYPE_CHECKING:
    from logaudit.digest.fast import Insight

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


def digest_log(
    source: Source,
    profile: Profile,
    dialects: DialectSet,
    encoding: str | None = None,
    *,
    hashed: bool = True,
) -> LogDigest:
    """Reads a log; both ways give the same digest."""
    size = source.size if source.size >= 0 else source.packed * _UNPACKS_TO
    if size >= FAST_FROM:
        fast = read_fast(source, profile, dialects, encoding, hashed=hashed)
        if fast is not None:
            return fast
    return read_plainly(source, profile, dialects, encoding, hashed=hashed)


def read_plainly(
    source: Source,
    profile: Profile,
    dialects: DialectSet,
    encoding: str | None = None,
    *,
    hashed: bool = True,
) -> LogDigest:
    """Record by record."""
    tap = Tap(source, hashed=hashed)
    decoded = decode(iter(tap), encoding)
    matcher = Matcher(profile)
    reader = LogReader(matcher)
    reader.read(((offset, clean(line)) for offset, line in lines(decoded.blocks)), dialects)
    return _digest(source, tap, decoded, reader, matcher, reader.contexts, (tap.feeds, tap.crlf))


def read_fast(
    source: Source,
    profile: Profile,
    dialects: DialectSet,
    encoding: str | None = None,
    stretch: int | None = None,
    *,
    hashed: bool = True,
) -> LogDigest | None:
    """Stretch by stretch, of ``stretch`` bytes; None where the text needs the plain way."""
    load_numpy()
    from logaudit.digest import fast  # noqa: PLC0415 - numpy is for large sources only

    insight = insight_of(profile, dialects)
    tap = Tap(source, count=False, hashed=hashed)
    decoded = decode(iter(tap), encoding)
    if not insight.usable or decoded.encoding not in PLAIN_ENCODINGS:
        return None
    matcher = Matcher(profile)
    reader = fast.FastReader(matcher, insight, stretch or fast.STRETCH)
    try:
        reader.read(decoded.blocks)
    except fast.OddError:
        return None
    return _digest(source, tap, decoded, reader, matcher, reader.contexts, (reader.feeds, reader.crlf))


def insight_of(profile: Profile, dialects: DialectSet) -> Insight:
    """What is known of lines as this profile and these dialects read them."""
    from logaudit.digest.fast import Insight  # noqa: PLC0415 - as above

    for known in _learned.insights:
        if known.profile is profile and known.dialects is dialects:
            return known
    fresh = Insight(profile, dialects)
    _learned.insights.append(fresh)
    del _learned.insights[:-_MOST_INSIGHTS]
    return fresh


def _digest(
    source: Source,
    tap: Tap,
    decoded: Decoded,
    reader: LogTally,
    matcher: Matcher,
    contexts: tuple[Context, ...],
    ends: tuple[int, int],
) -> LogDigest:
    return LogDigest(
        address=source.address,
        sha256=tap.sha256,
        size=tap.size,
        # Known for certain only now that every block has passed.
        encoding=decoded.encoding,
        packed=source.container is not Container.PLAIN,
        newline=newline_of(*ends),
        lines=ends[0],
        marks=tuple(matcher.marks),
        contexts=contexts,
        tallies=matcher.tallies(),
        problem=tap.problem,
        **reader.fields(),
    )
