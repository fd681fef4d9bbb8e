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
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.timestamp import MINUTE, SECOND, iso, span_text
from logaudit.reconcile.normalize import CoverageGap
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report, source_location, talks

RULE = Rule("LA402", "coverage-gap", Severity.WARNING, "a silence far longer than the stream's usual pace")


def check(case: Case) -> Iterator[Finding]:
    """One finding for each silence of a stream that no other explains."""
    for session in case.sessions:
        starts = [e.at.us for e in session.evidence.of(EventKind.RUN_STARTED)]
        for stream in filter(talks, session.evidence.streams):
            for gap in stream.gaps:
                # The banner may precede the start record by a moment.
                if not any(gap.end - SECOND <= at <= gap.end + MINUTE for at in starts):
                    yield _gap(session, stream.name, gap)


def _gap(session: Session, stream: str, gap: CoverageGap) -> Finding:
    between = gap.after != gap.before
    where = f" between {gap.after} and {gap.before}" if between else f" within {gap.before}"
    what = "A part of the log is likely missing" if between else "Nothing was logged"
    others = [
        s.name for s in session.evidence.streams if s.name != stream and s.covers((gap.start + gap.end) // 2)
    ]
    alive = f" {', '.join(others)} went on meanwhile." if others else ""
    return report(
        RULE,
        session,
        f"{stream} is silent for {span_text(gap.end - gap.start)}, from {iso(gap.start, SECOND)} to "
        f"{iso(gap.end, SECOND)}{where}; 99 of 100 of its records follow within {span_text(gap.usual)}. {what}.{alive}",
        [gap.location, *([source_location(gap.after)] if between else [])],
        (iso(gap.start, SECOND), iso(gap.end, SECOND)),
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
