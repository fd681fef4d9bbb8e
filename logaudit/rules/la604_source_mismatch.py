"""LA604 source-mismatch.

# What it finds

The source that `--source` names is not the one that wrote the logs: a place that the logs name (module, function,
line) is no logging call there. Files that cannot be parsed, a recorder that is not found, and closes that
contradict the source are said here, too.

# Why it matters

Claims about code are worth nothing when other code ran. From modules that differ none is made.

# Example

41 of 44 places of `position_manager` are logging calls in the source; line 512 is none. The nearest commit is
`3f2a9c1`.

# What to do

Name the revision that ran: `--source REPO@REVISION`. Without a revision, a repository is searched for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location, Role
from logaudit.core.message import Code, Message, codes, label, msg, plural, sentences
from logaudit.core.source_code import ModuleMatch, PathEnd, SourceAnalysis, SourceMatch
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.rules.code_sites import closes_ending_in, site_report

RULE = Rule(
    "LA604",
    "source-mismatch",
    Severity.WARNING,
    "the source does not match the logs",
    label("rule", "the source does not match the logs"),
    needs=Needs.NOTHING,
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for a source that did not write the logs, and one for each file and contradiction."""
    for root, analysis in case.code.items():
        session = next((s for s in case.sessions if s.root == root), None)
        if analysis.match is not None and not analysis.match.complete:
            yield _mismatch(session, analysis, analysis.match)
        if not analysis.basis:
            yield _no_recorder(session, analysis)
        yield from _unread(session, analysis)
    for session, group in closes_ending_in(case, PathEnd.DROPPED, PathEnd.BROKEN):
        if group.recorded:
            said = plural(
                "The source records no close that comes by {place}, and {n} of them has a row.",
                "The source records no close that comes by {place}, and {n} of them have rows.",
                len(group.recorded),
                place=Code(group.sites[0].place.cite()),
            )
            yield site_report(RULE, session, group, sentences(said, msg("Other code ran, or recorded them.")))


def _mismatch(session: Session | None, analysis: SourceAnalysis, match: SourceMatch) -> Finding:
    differing = [m for m in match.modules if not m.complete]
    return report(
        RULE,
        session,
        _said(analysis, match, differing),
        [Location(m.path, line=_line(m), role=Role.CODE) for m in differing if m.path],
        ("source", *(m.module for m in differing)),
        severity=Severity.NOTE if match.assumed else None,
        data={
            "revision": match.revision or None,
            "matched": match.matched,
            "emitters": match.emitters,
            "modules": [
                {"module": m.module, "path": m.path or None, "matched": m.matched, "emitters": m.emitters}
                for m in match.modules
            ],
        },
        remedy=None if match.assumed else msg("Name the revision that ran: --source REPO@REVISION."),
    )


def _said(analysis: SourceAnalysis, match: SourceMatch, differing: list[ModuleMatch]) -> Message:
    name = Code(match.revision[:12] or analysis.name)
    if match.assumed:
        return msg(
            "The logs name no places in the code: what is said of {name} holds only if the bot ran it.",
            name=name,
        )
    if not match.modules and not match.lines:
        return msg("The logs name no places in the code: nothing tells whether {name} ran.", name=name)
    if not match.modules:
        return msg(
            "None of the modules that the logs name is in {name}: nothing is said of its paths.", name=name
        )
    return msg(
        "{differ} of {all} places that the logs name are no logging calls in {name}, the first {first}: nothing is "
        "said of {modules}.",
        differ=match.emitters - match.matched,
        all=match.emitters,
        name=name,
        first=Code(differing[0].first),
        modules=codes([m.module for m in differing]),
    )


def _line(match: ModuleMatch) -> int:
    line = match.first.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def _no_recorder(session: Session | None, analysis: SourceAnalysis) -> Finding:
    return report(
        RULE,
        session,
        msg(
            "No function of {name} was found that records trades: nothing is said of its paths.",
            name=Code(analysis.name),
        ),
        (),
        ("recorder",),
        remedy=msg("Name it: --recorder Class.method."),
    )


def _unread(session: Session | None, analysis: SourceAnalysis) -> Iterator[Finding]:
    for problem in analysis.problems:
        place = Location(problem.path, line=problem.line, role=Role.CODE)
        yield report(
            RULE,
            session,
            sentences(msg("{file} was passed over.", file=Code(place.cite())), problem.reason),
            (place,),
            ("file", problem.path),
            severity=Severity.NOTE,
            data={"path": problem.path},
        )
