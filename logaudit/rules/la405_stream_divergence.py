"""LA405 stream-divergence.

# What it finds

A close or acknowledgement that one sink holds and another, which covers the time and holds the others of its
kind, does not.

# Why it matters

Lines were lost in one sink (a failed rotation, a full queue at a kill): counts from it alone are too low.

# Example

info holds 12 closes, futures_main 11 of them, and the twelfth's time is covered by both.

# What to do

Read both sinks. Look at rotation and `enqueue=True` of the one that lost the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Time, label, msg
from logaudit.core.timestamp import SECOND, iso
from logaudit.reconcile.normalize import Stream
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.rules.wording import EVENTS

RULE = Rule(
    "LA405",
    "stream-divergence",
    Severity.WARNING,
    "a record that one sink has and the other should have",
    label("rule", "two streams disagree"),
    needs=Needs.LOGS,
)

#: A sink that shares fewer records of a kind may not be meant to hold that kind at all.
SHARED: Final = 3
_KINDS: Final = (EventKind.POSITION_CLOSED, EventKind.TRADE_ACKNOWLEDGED)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each record that a sink lacks."""
    for session in case.sessions:
        for kind in _KINDS:
            events = session.evidence.of(kind)
            for stream in session.evidence.streams:
                yield from _lacking(session, stream, kind, events)


def _lacking(
    session: Session, stream: Stream, kind: EventKind, events: tuple[Event, ...]
) -> Iterator[Finding]:
    for pattern in sorted({e.pattern for e in events}):
        alike = [e for e in events if e.pattern == pattern]
        shared = [e for e in alike if e.also_in and stream.name in (e.stream, *e.also_in)]
        lacking = [
            e
            for e in alike
            if stream.name not in (e.stream, *e.also_in) and stream.covers(e.at.us, 5 * SECOND)
        ]
        if len(shared) < SHARED or len(lacking) >= len(shared):
            continue
        for event in lacking:
            yield report(
                RULE,
                session,
                msg(
                    "The {kind} record at {at} is in {has} and not in {stream}, which covers that time and holds "
                    "{others} others like it.",
                    kind=EVENTS[kind],
                    at=Time(event.at),
                    has=Code(event.stream),
                    stream=Code(stream.name),
                    others=len(shared),
                ),
                [event.locations[0]],
                (kind.value, iso(event.at.us, SECOND)),
                at=event.at,
                data={
                    "stream": stream.name,
                    "has": event.stream,
                    "at": event.at.iso(),
                    "kind": kind.value,
                    "shared": len(shared),
                },
            )
