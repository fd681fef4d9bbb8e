"""LA304 clock-jump.

# What it finds

Log time that runs backwards within one file, or from one part of a rotated log to the next, by more than threads and
daylight time (LA305) can explain. Jumps of one length are said once. A damaged file is passed over: what is read of it
may stand in another order than it was written in.

# Why it matters

Between the two stamps, order and durations are unreliable: a close may seem to precede its open.

# Example

14:10:07 is followed by 13:55:12: the clock was set back, or two processes with different clocks write one file.

# What to do

On a host without time service, install one; give each process a log of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.finding import Finding, Needs, ReportSection, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Duration, Time, label, msg, plural, sentences
from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp, iso, stamp_at
from logaudit.ingest.log_stats import JUMP
from logaudit.ingest.source_extract import ClockJump, LogExtract
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.sources import ProblemKind

RULE = Rule(
    "LA304",
    "clock-jump",
    Severity.WARNING,
    "log time runs backwards",
    label("rule", "log time runs backwards"),
    needs=Needs.LOGS,
    told_in=ReportSection.TIMELINE,
)


#: Jumps of one length are one clock's doing: two processes that write one file, one clock that is set again and again.
_ALIKE: Final = 10
#: More lengths than this are no separate causes.
_MOST: Final = 3
_CITED: Final = 5


class _Jump(Struct, frozen=True):
    stream: str
    source: LogExtract
    jump: ClockJump

    @property
    def span(self) -> int:
        """By how much time runs back, µs."""
        return self.jump.before - self.jump.after


def check(case: Case) -> Iterator[Finding]:
    """One finding for all jumps of a session that one clock explains."""
    for session in case.sessions:
        jumps = [
            _Jump(stream.name, source, jump)
            for stream in session.evidence.streams
            for source in stream.sources
            if source.problem is None or source.problem.kind is not ProblemKind.DAMAGED
            for jump in source.jumps
        ]
        groups = _alike(jumps)
        for group in groups if len(groups) <= _MOST else [jumps]:
            yield _jumps(session, group)


def _alike(jumps: Sequence[_Jump]) -> list[list[_Jump]]:
    """Jumps of about one length together, in the order of their first ones."""
    groups: list[list[_Jump]] = []
    for jump in jumps:
        like = (g for g in groups if abs(g[0].span - jump.span) <= max(JUMP, g[0].span // _ALIKE))
        home = next(like, None)
        if home is None:
            groups.append([jump])
        else:
            home.append(jump)
    return groups


def _jumps(session: Session, jumps: Sequence[_Jump]) -> Finding:
    first = jumps[0]
    before, after = first.jump.before, first.jump.after
    return report(
        RULE,
        session,
        sentences(
            msg(
                "The time of {stream} runs back by {span}: {before} is followed by {after}.",
                stream=Code(first.stream),
                span=Duration(first.span),
                before=Time(Stamp(before, MILLISECOND)),
                after=Time(Stamp(after, MILLISECOND)),
            ),
            plural("It does so once more.", "It does so {n} times more.", len(jumps) - 1)
            if len(jumps) > 1
            else None,
        ),
        [_place(jump) for jump in jumps[:_CITED]],
        (iso(before, SECOND), iso(after, SECOND)),
        at=stamp_at(before),
        data={"stream": first.stream, "before": iso(before), "after": iso(after), "jumps": len(jumps)},
    )


def _place(found: _Jump) -> Location:
    where, jump = found.source.address, found.jump
    return Location(where.path, where.member, jump.line, text=jump.text, byte=jump.byte)
