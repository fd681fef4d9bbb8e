"""Splits a session's time into runs: one life of the bot process each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Emitter, Event, EventKind
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import MINUTE, SECOND, Stamp, iso
from logaudit.reconcile.normalize import SessionEvidence, Stream

#: Start lines of one start may be written by several functions and sinks; nothing trades in between.
SAME_START: Final = MINUTE
#: What a process prints before the record that tells of its start.
_BANNER: Final = 2 * SECOND


class Run(Struct, frozen=True):
    """One life of the process.

    Attributes:
        start: naive µs of the start record, or of the first record when the start was not observed.
        end: of the last record before the next start.
        started: the start record; None when the run began before the logs at hand.
    """

    id: str
    start: int
    end: int
    started: Event | None

    def holds(self, at: int) -> bool:
        """Whether a moment lies in the run; its last second counts whole."""
        return self.start <= at < self.end + SECOND


def build_runs(evidence: SessionEvidence) -> tuple[Run, ...]:
    """The runs in order; none without logs."""
    span = evidence.span
    if span is None:
        return ()
    starts = _starts(evidence)
    edges: list[tuple[int, Event | None]] = [(e.at.us, e) for e in starts]
    begun = _begun(evidence, span)
    if not edges or edges[0][0] > begun + SAME_START or _traded(evidence, begun - 1, edges[0][0]):
        edges.insert(0, (begun, None))
    else:
        # Lines of the very start (a banner, the other sink) may precede the start record itself.
        edges[0] = (min(begun, edges[0][0]), edges[0][1])
    runs: list[Run] = []
    for i, (at, event) in enumerate(edges):
        limit = edges[i + 1][0] if i + 1 < len(edges) else span.end
        end = limit if i + 1 == len(edges) else _last_before(evidence, at, limit)
        stamp = iso(event.at.us if event else at, SECOND)
        runs.append(Run(_run_id(evidence.root, stamp), at, end, event))
    return tuple(runs)


def _begun(evidence: SessionEvidence, span: Interval) -> int:
    """When the logs begin; where an hour is told twice, that is not its earliest time."""
    if not evidence.turns:
        return span.start
    firsts = [s.first for stream in evidence.streams for s in stream.sources if s.first is not None]
    return min(firsts, key=lambda first: first.order).us


def run_at(runs: Sequence[Run], at: int) -> Run | None:
    """The last run that began at or before a moment.

    Args:
        runs: in order.
        at: naive µs; of a printed time the last that its digits stand for, since a start may be printed finer.
    """
    found = bisect_right(runs, at, key=lambda r: r.start)
    return runs[found - 1] if found else None


def run_of(runs: Sequence[Run], stamp: Stamp) -> Run | None:
    """The run in which something of this printed time happened: the last one that began before its digits end."""
    found = bisect_right(runs, replace(stamp, us=stamp.end - 1).order, key=start_order)
    return runs[found - 1] if found else None


def start_order(run: Run) -> int:
    """What its start is sorted by; a first line of the start that precedes the start record counts."""
    begun = run.started
    return begun.at.order if begun is not None and begun.at.us == run.start else run.start


def _starts(evidence: SessionEvidence) -> list[Event]:
    """The first line of each start.

    Lines within a minute are one start's, unless trading lies between them or one statement of the code
    speaks again: the process came up anew.
    """
    kept: list[Event] = []
    said: set[tuple[str, Emitter]] = set()
    for event in sorted(evidence.of(EventKind.RUN_STARTED), key=lambda e: e.at.order):
        statement = event.pattern, event.emitter
        if kept and event.at.order - kept[-1].at.order <= SAME_START:
            again = event.emitter.line > 0 and statement in said
            if not again and not _traded(evidence, kept[-1].at.us, event.at.us):
                said.add(statement)
                continue
        kept.append(event)
        said = {statement}
    return kept


def _traded(evidence: SessionEvidence, start: int, end: int) -> bool:
    """Whether a trading event lies between two moments, naive µs."""
    trading = EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED, EventKind.TRADE_ACKNOWLEDGED
    first = bisect_right(evidence.events, start, key=lambda e: e.at.us)
    last = bisect_left(evidence.events, end, key=lambda e: e.at.us)
    return any(evidence.events[i].kind in trading for i in range(first, last))


def _last_before(evidence: SessionEvidence, start: int, limit: int) -> int:
    """The last record before ``limit``: the process may have been down for a minute or for hours."""
    ends = [_clip(i, limit) for s in evidence.streams for i in s.covered if i.start < limit]
    told = [last for s in evidence.streams if (last := _last_of(s, limit)) is not None and last >= start]
    last = max([e for e in ends if e >= start], default=start)
    return min(last, max(told)) if told else last


def _last_of(stream: Stream, limit: int) -> int | None:
    """When a stream last spoke before a start; None where that is not kept."""
    found: list[int] = []
    for source in stream.sources:
        if source.earliest >= limit or not source.records:
            continue
        silences = [g.start for g in source.gaps if g.start < limit <= g.end + _BANNER]
        found.append(source.latest if source.latest < limit else max(silences, default=limit))
    return max(found, default=None)


def _clip(interval: Interval, limit: int) -> int:
    return min(interval.end, limit)


def _run_id(root: str, stamp: str) -> str:
    return f"run-{stamp}" if root == "." else f"{root}/run-{stamp}"


def hides_opens(evidence: SessionEvidence, runs: Sequence[Run]) -> Callable[[int, int], bool]:
    """Whether an open may lie unseen between two moments: in a silence of the logs, or where the bot came up anew."""
    silences = sorted((gap.start, gap.end) for stream in evidence.streams for gap in stream.gaps)
    starts = [run.start for run in runs[1:]]

    def hidden(start: int, end: int) -> bool:
        return any(start < at <= end for at in starts) or any(a < end and start < b for a, b in silences)

    return hidden
