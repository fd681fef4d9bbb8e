"""LA304 clock-jump.

# What it finds

Log time that runs backwards within one file by more than threads can explain.

# Why it matters

Between the two stamps, order and durations are unreliable: a close may seem to precede its open.

# Example

02:59:58 is followed by 02:00:01: the clock was set back at the end of daylight saving time.

# What to do

Log in UTC, or with the offset in the stamp; on a host without time service, install one.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Duration, Time, label, msg
from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp, iso
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import report

RULE = Rule(
    "LA304",
    "clock-jump",
    Severity.WARNING,
    "log time runs backwards",
    label("rule", "log time runs backwards"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each jump."""
    for session in case.sessions:
        for stream in session.evidence.streams:
            for source in stream.sources:
                for jump in source.jumps:
                    yield report(
                        RULE,
                        session,
                        msg(
                            "The time of {stream} runs back by {span}: {before} is followed by {after}.",
                            stream=Code(stream.name),
                            span=Duration(jump.before - jump.after),
                            before=Time(Stamp(jump.before, MILLISECOND)),
                            after=Time(Stamp(jump.after, MILLISECOND)),
                        ),
                        [
                            Location(
                                source.address.path,
                                source.address.member,
                                jump.line,
                                text=jump.text,
                                byte=jump.byte,
                            )
                        ],
                        (iso(jump.before, SECOND), iso(jump.after, SECOND)),
                        data={"stream": stream.name, "before": iso(jump.before), "after": iso(jump.after)},
                    )
