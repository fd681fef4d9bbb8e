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

from logaudit.core.events import EventKind
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Listed, Message, Text, Time, label, msg, sentences
from logaudit.core.timestamp import SECOND, Stamp, iso
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import losses, report, run_meaning
from logaudit.rules.wording import streams

RULE = Rule(
    "LA109",
    "recorder-never-ready",
    Severity.WARNING,
    "a run shows no recorder initialisation",
    label("rule", "no recorder initialisation was observed"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each run with unrecorded closes and no sign of a recorder."""
    for session in case.sessions:
        if not session.profile.has(EventKind.RECORDER_READY):
            continue
        for run in session.runs:
            seen = session.events_in(
                run, EventKind.RECORDER_READY, EventKind.LEDGER_OPENED, EventKind.TRADE_ACKNOWLEDGED
            )
            if not seen and any(t.missing or not session.ledgers for t in session.of_run(run)):
                yield _never(session, run)


def _never(session: Session, run: Run) -> Finding:
    levels = sorted({level for s in session.evidence.streams for level in s.levels if level})
    return report(
        RULE,
        session,
        sentences(
            msg(
                "No recorder initialisation was observed in this run. Searched: {streams} (levels {levels}) from "
                "{start} to {end}.",
                streams=streams(session),
                levels=Listed(tuple(map(Text, levels))) if levels else label("levels", "not shown"),
                start=Time(Stamp(run.start)),
                end=Time(Stamp(run.end)),
            ),
            _start(run),
        ),
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


def _start(run: Run) -> Message:
    """Whether the place where the initialisation belongs is among the logs."""
    at = Time(Stamp(run.start))
    if run.started is not None:
        return msg("The run's start at {at} is in the logs, and shows none.", at=at)
    return msg(
        "The run began before the first log line at hand ({at}), so its startup lines are missing.",
        at=at,
    )


def _beginning(session: Session, run: Run) -> list[Location]:
    """The run's start record, or the source that the logs at hand begin with."""
    if run.started is not None:
        return [run.started.locations[0]]
    sources = [s for stream in session.evidence.streams for s in stream.sources if s.first is not None]
    return [min(sources, key=lambda s: (s.earliest, s.address)).address.as_location()] if sources else []
