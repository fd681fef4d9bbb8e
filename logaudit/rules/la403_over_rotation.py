"""LA403 over-rotation.

# What it finds

A stream cut into many small archives: how many, how far apart, how large, and what to set instead.

# Why it matters

Hundreds of small files a day hide an incident from whoever looks for it by hand, and every rotation is a
moment at which lines can be lost.

# Example

111 archives of futures_main, one every 10 to 15 minutes.

# What to do

Rotate once a day and keep what you need: `logger.add(path, rotation="00:00", retention="30 days",
compression="zip")`. A size limit such as `rotation="500 MB"` is a good second guard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.medians import median
from logaudit.core.message import Code, Duration, Param, Size, label, msg, plural
from logaudit.core.timestamp import DAY, HOUR, SECOND, span_text
from logaudit.ingest.source_extract import LogExtract
from logaudit.reconcile.normalize import Stream
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.sources.magic import archive_suffix

RULE = Rule(
    "LA403",
    "over-rotation",
    Severity.NOTE,
    "many small archives",
    label("rule", "logs rotated too often"),
    needs=Needs.LOGS,
    told_in=ReportSection.COLLECTION,
)

#: Fewer archives than this are no nuisance, however small.
MANY: Final = 10
#: An archive that holds less than this is small.
SMALL: Final = HOUR
#: Seconds that a duration shows in minutes.
_IN_MINUTES: Final = range(120, 3600)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each stream that is cut too small."""
    for session in case.sessions:
        for stream in session.evidence.streams:
            archived = [s for s in stream.sources if s.first is not None and _is_archived(s)]
            steps = _steps(archived)
            if len(archived) >= MANY and steps and median(steps) < SMALL:
                yield _rotated(session, stream, archived, steps)


def _is_archived(source: LogExtract) -> bool:
    """Whether it is a member of an archive, or one compressed file such as ``app.log.gz``."""
    return bool(source.address.member or archive_suffix(source.address.path))


def _steps(archived: Sequence[LogExtract]) -> list[int]:
    """µs from each archive's first record to the next one's, stretches without logs left out."""
    return [b.earliest - a.earliest for a, b in pairwise(archived) if b.earliest > a.earliest]


def _rotated(session: Session, stream: Stream, archived: Sequence[LogExtract], steps: list[int]) -> Finding:
    middle = round(median(steps))
    size = round(median(s.size for s in archived))
    usual = sorted(steps)
    low, high = usual[len(usual) // 20], usual[-1 - len(usual) // 20]
    daily = size * DAY // middle if middle else 0
    return report(
        RULE,
        session,
        msg(
            "{stream} is cut into {archives}, one every {range} (median {median}), {size} each. Rotating once a day "
            "keeps a day in one file of about {daily}.",
            stream=Code(stream.name),
            archives=plural("{n} archive", "{n} archives", len(archived)),
            range=_range(low, high),
            median=Duration(middle),
            size=Size(size),
            daily=Size(daily),
        ),
        [s.address.as_location() for s in archived[:3]],
        (stream.name,),
        data={
            "stream": stream.name,
            "archives": len(archived),
            "interval_median_seconds": middle // SECOND,
            "interval_min_seconds": usual[0] // SECOND,
            "interval_max_seconds": usual[-1] // SECOND,
            "bytes_median": size,
            "recommended": 'rotation="00:00"',
        },
        remedy=msg(
            "Set {rotation} (daily) with {retention}.",
            rotation=Code('rotation="00:00"'),
            retention=Code('retention="30 days"'),
        ),
    )


def _range(low: int, high: int) -> Param:
    """``10 to 15 min`` where both read in minutes."""
    a, b = (round(us / SECOND) for us in (low, high))
    if span_text(low) == span_text(high):
        return Duration(low)
    if a in _IN_MINUTES and b in _IN_MINUTES:
        return msg("{low} to {high} min", low=a // 60, high=b // 60)
    if b < _IN_MINUTES.start:
        return msg("{low} to {high} s", low=a, high=b)
    return msg("{low} to {high}", low=Duration(low), high=Duration(high))
