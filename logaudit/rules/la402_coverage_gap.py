"""LA402 coverage-gap.

# What it finds

A silence far longer than a stream's usual pace: lines, or a whole rotated part, are missing. A silence that ends
with a start of the bot is none: the bot was not running. Nor is a silence of a log that holds warnings and errors
only.

# Why it matters

What happened meanwhile cannot be judged; closes in it are neither found nor missed.

# Example

futures_main writes several lines a second, and nothing between 03:12 and 04:09: one archive is not at hand.

# What to do

Look for the missing part (retention may have deleted it, a failed rename may have lost the lines), and scan
again with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import EventKind
from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.message import Code, Duration, Message, Param, Place, Time, codes, label, msg, sentences
from logaudit.core.timestamp import MINUTE, SECOND, Stamp, iso, stamp_at
from logaudit.reconcile.normalize import CoverageGap
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import logs_routinely, report

RULE = Rule(
    "LA402",
    "coverage-gap",
    Severity.WARNING,
    "a silence far longer than the stream's usual pace",
    label("rule", "a silence in the logs"),
    needs=Needs.LOGS,
    told_in=ReportSection.TIMELINE,
    overlaps=True,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each silence of a stream that no other explains."""
    for session in case.sessions:
        starts = [e.at.us for e in session.evidence.of(EventKind.RUN_STARTED)]
        for stream in filter(logs_routinely, session.evidence.streams):
            for gap in stream.gaps:
                # The banner may precede the start record by a moment.
                if not any(gap.end - SECOND <= at <= gap.end + MINUTE for at in starts):
                    yield _gap(session, stream.name, gap)


def _gap(session: Session, stream: str, gap: CoverageGap) -> Finding:
    between = gap.after != gap.before
    others = [
        s.name for s in session.evidence.streams if s.name != stream and s.covers((gap.start + gap.end) // 2)
    ]
    return report(
        RULE,
        session,
        sentences(
            _silence(stream, gap),
            msg("{streams} went on meanwhile.", streams=codes(others)) if others else None,
        ),
        [gap.location, *([gap.after.as_location()] if between else [])],
        (iso(gap.start, SECOND), iso(gap.end, SECOND)),
        at=stamp_at(gap.start, SECOND),
        until=stamp_at(gap.end, SECOND),
        data={
            "stream": stream,
            "from": iso(gap.start, SECOND),
            "to": iso(gap.end, SECOND),
            "between_sources": between,
            "silent_us": gap.end - gap.start,
            "usual_us": gap.usual,
            "others": list(others),
        },
    )


def _silence(stream: str, gap: CoverageGap) -> Message:
    given: dict[str, Param] = {
        "stream": Code(stream),
        "span": Duration(gap.end - gap.start),
        "start": Time(Stamp(gap.start, SECOND)),
        "end": Time(Stamp(gap.end, SECOND)),
        "before": Place(gap.before),
        "usual": Duration(gap.usual),
    }
    if gap.after == gap.before:
        return msg(
            "{stream} is silent for {span}, from {start} to {end} within {before}; 99 of 100 of its records follow "
            "within {usual}. Nothing was logged.",
            **given,
        )
    return msg(
        "{stream} is silent for {span}, from {start} to {end} between {after} and {before}; 99 of 100 of its records "
        "follow within {usual}. A part of the log is likely missing.",
        after=Place(gap.after),
        **given,
    )
