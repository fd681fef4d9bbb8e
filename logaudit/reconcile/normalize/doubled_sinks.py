"""Finds stretches of a source in which a sink or handler was added twice: every record is written as often.

Whether equal lines are one call or two cannot be seen from these lines. It is seen from all others: a sink that was
added twice writes the start of the bot, the recorder's counter and the closes of other symbols twice as well, where
two trades that happen to be equal stand among records that are told once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct, field

from logaudit.core.events import Event, EventKind, Value
from logaudit.core.fields import FieldName
from logaudit.core.location import Address
from logaudit.core.timestamp import MILLISECOND, MINUTE
from logaudit.core.trades import symbol_key
from logaudit.reconcile.normalize.session_evidence import Stream

#: The second handler writes so much later at most.
NEAR: Final = 5 * MILLISECOND
#: Buckets of `LogExtract.gap_histogram` that hold gaps of `NEAR` and less.
_NEAR_BUCKETS: Final = range(4)
#: So many doubled clusters show that a sink was added within a run.
_FEWEST: Final = 3
#: Facts of a process, not of a trade.
_OF_PROCESS: Final = frozenset({EventKind.RUN_STARTED, EventKind.RECORDER_READY, EventKind.LEDGER_OPENED})


class Cluster(Struct):
    """Equal records of one source within a few milliseconds, in file order.

    Attributes:
        factor: how many of them are one call.
        copies: records that were appended to the source again.
    """

    events: list[Event]
    factor: int = 1
    copies: list[Event] = field(default_factory=list)

    @property
    def kind(self) -> EventKind:
        """What each of them tells."""
        return self.events[0].kind

    def calls(self) -> Iterator[list[Event]]:
        """The records of each call."""
        for start in range(0, len(self.events), self.factor):
            yield [*self.events[start : start + self.factor], *(self.copies if not start else ())]


def clusters_of(stream: Stream, events: Iterable[Event]) -> list[Cluster]:
    """Equal events of each source by nearness, in file order, each with the number that makes one call.

    Events that stand before and after a backward jump of the clock, with one stamp, are a copy that was appended:
    they are one call whatever the rest of the log does.
    """
    told: dict[Address, list[Event]] = defaultdict(list)
    for event in events:
        told[event.location.address].append(event)
    found: list[Cluster] = []
    edges: list[Cluster] = []
    last = len(stream.sources) - 1
    for i, source in enumerate(stream.sources):
        clusters = _gathered(told.get(source.address, ()), [jump.line for jump in source.jumps])
        found += clusters
        # Where a rotated log was cut, a call may stand on both sides.
        edges += (clusters[:1] if i else []) + (clusters[-1:] if i < last else [])
    for stretch in _stretches(found):
        _set_factors(stretch, [c for c in stretch if all(c is not edge for edge in edges)], stream)
    return found


def content(event: Event) -> frozenset[tuple[FieldName, Value]]:
    """All that it shows, wherever it stands; equal for equal values."""
    values = event.captures.values
    if event.captures.unread:
        plain = {unread.field: unread.text for unread in event.captures.unread}
        return frozenset({**values, **plain}.items())
    return frozenset(values.items())


def _gathered(events: Sequence[Event], jumps: Sequence[int]) -> list[Cluster]:
    found: list[Cluster] = []
    # Clusters by the time of an event of theirs: a log may tell of thousands of equal events.
    near: dict[object, list[Cluster]] = defaultdict(list)
    begun: dict[object, list[Cluster]] = defaultdict(list)
    heads: dict[object, Cluster] = {}
    for event in sorted(events, key=lambda e: e.location.line):
        alike = event.kind, event.emitter, event.pattern, content(event), event.at.precision
        copied = next((c for c in begun[alike, event.at] if _is_copy(c.events[0], event, jumps)), None)
        if copied is not None:
            copied.copies.append(event)
            continue
        moment = event.at.us // _reach(event)
        known = (*near[alike, moment - 1], *near[alike, moment])
        homes = [c for c in known if _is_near(c.events[-1], event)]
        home = max(homes, key=lambda c: c.events[0].location.line, default=None)
        # Of blocks whose lines interleave, one may have gained the values of both.
        same = (
            event.kind,
            event.emitter,
            event.pattern,
            symbol_key(event.fields.symbol),
            event.fields.side,
            event.at,
        )
        if home is None and (last := heads.get(same)) is not None and _is_bare(last.events[-1], event):
            home = last
        if home is None:
            home = Cluster([])
            begun[alike, event.at].append(home)
            found.append(home)
        home.events.append(event)
        near[alike, moment].append(home)
        heads[same] = home
    return found


def _reach(event: Event) -> int:
    """How much later the second handler's record may be dated: a moment later may be the next whole second."""
    return max(NEAR, event.at.precision)


def _is_near(last: Event, event: Event) -> bool:
    return event.at.precision == last.at.precision and 0 <= event.at.us - last.at.us <= _reach(event)


def _is_bare(one: Event, other: Event) -> bool:
    """Whether one of two shows nothing but some of what the other shows."""
    first, second = content(one), content(other)
    return first < second or second < first


def _is_copy(first: Event, event: Event, jumps: Sequence[int]) -> bool:
    return bisect_right(jumps, event.location.line) > bisect_right(jumps, first.location.line)


def _stretches(clusters: Sequence[Cluster]) -> Iterable[list[Cluster]]:
    """The clusters of each life of the process; a start begins one unless it belongs to the start before."""
    stretch: list[Cluster] = []
    for cluster in clusters:
        starts = cluster.kind is EventKind.RUN_STARTED
        if starts and any(c.kind not in _OF_PROCESS for c in stretch):
            yield stretch
            stretch = []
        stretch.append(cluster)
    yield stretch


def _set_factors(stretch: Sequence[Cluster], telling: Sequence[Cluster], stream: Stream) -> None:
    counts = [len(c.events) for c in telling]
    if not counts:
        return
    everywhere = min(counts)
    if everywhere > 1:
        if _tells_enough(telling) or (_tells_trades(telling) and _gaps_allow(stream, everywhere)):
            _set(stretch, everywhere)
        return
    # A handler that is added again while the bot runs: from one moment on every record is doubled.
    last = max(i for i, n in enumerate(counts) if n == 1)
    tail = telling[last + 1 :]
    if len(tail) >= _FEWEST and _tells_enough(tail) and _told_once_before(telling[: last + 1], tail):
        _set(tail, min(len(c.events) for c in tail))


def _set(stretch: Iterable[Cluster], factor: int) -> None:
    for cluster in stretch:
        cluster.factor = factor


def _tells_enough(stretch: Sequence[Cluster]) -> bool:
    """Whether more than the records of one trade, and of those that are equal to it, speaks for a doubled sink."""
    if any(c.kind in _OF_PROCESS for c in stretch):
        return True
    symbols = {symbol_key(e.fields.symbol) for c in stretch for e in c.events[:1] if e.fields.symbol}
    times = [c.events[0].at.us for c in stretch if c.kind is EventKind.POSITION_CLOSED]
    return len(symbols) > 1 or (bool(times) and max(times) - min(times) > MINUTE)


def _tells_trades(stretch: Iterable[Cluster]) -> bool:
    """Whether a trade is told at all; words of the recorder alone may well be said twice."""
    return any(c.kind in {EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED} for c in stretch)


def _gaps_allow(stream: Stream, factor: int) -> bool:
    """Whether so many records follow another at once that each may be written ``factor`` times."""
    gaps = sum(sum(source.gap_histogram.values()) for source in stream.sources)
    short = sum(source.gap_histogram.get(bucket, 0) for source in stream.sources for bucket in _NEAR_BUCKETS)
    # Gaps of no length are not counted.
    near = stream.records - len(stream.sources) - gaps + short
    return stream.records % factor == 0 and near * factor >= stream.records * (factor - 1)


def _told_once_before(before: Sequence[Cluster], after: Sequence[Cluster]) -> bool:
    """Whether records of trades were written once before: equal trades would have been equal then, too."""
    once = {c.kind for c in before if len(c.events) == 1} - _OF_PROCESS
    return bool(once & {c.kind for c in after})
