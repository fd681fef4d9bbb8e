"""LA109 recorder-never-ready.

# What it finds

A run with closes in which neither the recorder's initialisation nor any acknowledgement was observed, with
the streams that were searched and whether the run's start lies in the logs at all.

# Why it matters

A recorder that was never set up records nothing and complains about nothing. But a line that is not there is
"not observed", not "did not happen": it may lie in a stream, a level or a time that is not at hand.

# Example

The logs begin at 00:05, the run began the evening before: its start records are not among the logs.

# What to do

Look into the streams that are missing from the search, and into the logs of the run's first minute. If the
start is covered and shows nothing, log the initialisation.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.case import Case, Session
from logaudit.model.events import EventKind
from logaudit.model.finding import Finding, Rule, Severity
from logaudit.model.location import Location
from logaudit.model.stamp import SECOND, iso
from logaudit.positions import Run
from logaudit.rules.base import losses, report, run_meaning, searched, whole

RULE = Rule("LA109", "recorder-never-ready", Severity.WARNING, "a run shows no recorder initialisation")


def check(case: Case) -> Iterator[Finding]:
    """One finding for each run with unrecorded closes and no sign of a recorder."""
    for session in case.sessions:
        if not session.profile.has(EventKind.RECORDER_READY):
            continue
        for run in session.runs:
            seen = session.events_in(
                run, EventKind.RECORDER_READY, EventKind.LEDGER_OPENED, EventKind.TRADE_ACKNOWLEDGED
            )
            if not seen and any(t.missing for t in session.of_run(run)):
                yield _never(session, run)


def _never(session: Session, run: Run) -> Finding:
    levels = sorted({level for s in session.evidence.streams for level in s.levels if level})
    start = (
        f"The run's start at {iso(run.start, SECOND)} is in the logs, and shows none."
        if run.started
        else f"The run began before the first log line at hand ({iso(run.start, SECOND)}), so its start records "
        "lie outside what could be searched."
    )
    return report(
        RULE,
        session,
        f"No recorder initialisation was observed in this run. Searched: {searched(session)} (levels "
        f"{', '.join(levels) or 'not shown'}) from {iso(run.start, SECOND)} to {iso(run.end, SECOND)}. {start}",
        _beginning(session, run),
        (run_meaning(run),),
        run=run.id,
        parts=losses(t for t in session.of_run(run) if t.missing),
        data={
            "searched": list(session.evidence.stream_names),
            "levels": list(levels),
            "start_observed": run.started is not None,
            "from": iso(run.start, SECOND),
            "to": iso(run.end, SECOND),
        },
    )


def _beginning(session: Session, run: Run) -> list[Location]:
    """The run's start record, or the source that the logs at hand begin with."""
    if run.started is not None:
        return [run.started.locations[0]]
    sources = [s for stream in session.evidence.streams for s in stream.sources if s.first is not None]
    return [whole(min(sources, key=lambda s: (s.earliest, s.address)).address)] if sources else []
