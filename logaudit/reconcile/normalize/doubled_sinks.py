"""Finds stretches of a source in which a sink or handler was added twice: every record is written as often.

Whether equal lines are one call or two cannot be seen from these lines. It is seen from all others: a sink that was
added twice writes the start of the bot, the recorder's counter and the closes of other symbols twice as well, where
two trades that happen to be equal stand among records that are told once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Final, TypeAlias

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
#: For each record that lost its copies so many others must have them.
_PER_LOST: Final = 10
#: So many records without a meaning may have lost theirs beside: those at both edges of a damage.
_UNSEEN: Final = 2
#: Of more events of a source those are left out first that are like no other: to compare them takes much memory.
_MANY: Final = 4_096
#: Facts of a process, not of a trade.
_OF_PROCESS: Final = frozenset({EventKind.RUN_STARTED, EventKind.RECORDER_READY, EventKind.LEDGER_OPENED})
#: All that an event shows.
Content: TypeAlias = frozenset[tuple[FieldName, Value]]


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


class _Recent:
    """Clusters of records that are alike in all but their time: a moment may hold thousands of them.

    They lie in buckets as long as the reach of a record, which ends in the bucket before its own.
    """

    def __init__(self) -> None:
        #: For each bucket and time of a last event: the clusters, of which the last to begin is the first in the heap.
        self._buckets: dict[int, dict[int, list[tuple[int, int, Cluster]]]] = {}
        self._numbers = count()

    def put(self, us: int, reach: int, cluster: Cluster) -> None:
        """Says that a record of this time is now the cluster's last."""
        self._insert(self._buckets.setdefault(us // reach, defaultdict(list)), cluster)

    def latest(self, us: int, reach: int) -> Cluster | None:
        """The cluster that began last, in the file, of those whose last record is at most ``reach`` before ``us``."""
        tops: list[tuple[int, int, Cluster]] = []
        for bucket in range(us // reach - 1, us // reach + 1):
            by_time = self._buckets.get(bucket, {})
            for last in [*by_time]:
                self._refresh(by_time, last)
            tops += [heap[0] for last, heap in by_time.items() if 0 <= us - last <= reach]
        return min(tops, key=lambda top: top[:2])[2] if tops else None

    def _refresh(self, by_time: dict[int, list[tuple[int, int, Cluster]]], last: int) -> None:
        """Moves clusters that have gained a later record to where they are sought."""
        heap = by_time[last]
        while heap and heap[0][2].events[-1].at.us != last:
            self._insert(by_time, heappop(heap)[2])
        if not heap:
            del by_time[last]

    def _insert(self, by_time: dict[int, list[tuple[int, int, Cluster]]], cluster: Cluster) -> None:
        heap = by_time[cluster.events[-1].at.us]
        if not heap or heap[0][2] is not cluster:
            heappush(heap, (-cluster.events[0].location.line, next(self._numbers), cluster))


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
    cut = {id(edge) for edge in edges}
    for stretch in _stretches(found):
        _set_factors(stretch, [c for c in stretch if id(c) not in cut], stream)
    return found


def content(event: Event) -> Content:
    """All that it shows, wherever it stands; equal for equal values."""
    return _content(event, event.captures.values)


def _content(event: Event, values: Mapping[FieldName, Value]) -> Content:
    if event.captures.unread:
        plain = {unread.field: unread.text for unread in event.captures.unread}
        return frozenset({**values, **plain}.items())
    return frozenset(values.items())


def _gathered(events: Sequence[Event], jumps: Sequence[int]) -> list[Cluster]:
    found: list[Cluster] = []
    recent: dict[object, _Recent] = defaultdict(_Recent)
    begun: dict[object, Cluster] = {}
    heads: dict[object, Cluster] = {}
    alone = _alone(events) if len(events) > _MANY else frozenset()
    for event in sorted(events, key=lambda e: e.location.line):
        if id(event) in alone:
            found.append(Cluster([event]))
            continue
        alike = event.kind, event.emitter, event.pattern, content(event), event.at.precision
        # If the first to begin at this moment stands behind the last jump, so do all others.
        first = begun.get((alike, event.at))
        if first is not None and _is_copy(first.events[0], event, jumps):
            first.copies.append(event)
            continue
        home = recent[alike].latest(event.at.us, _reach(event))
        # Of blocks whose lines interleave, one may have gained values of both.
        same = _headline(event)
        if home is None and (last := heads.get(same)) is not None and _is_same_block(last.events[-1], event):
            home = last
        if home is None:
            home = Cluster([])
            begun.setdefault((alike, event.at), home)
            found.append(home)
        home.events.append(event)
        recent[alike].put(event.at.us, _reach(event), home)
        heads[same] = home
    return found


def _headline(event: Event) -> object:
    """What the first lines of two blocks have in common that may be one call."""
    symbol, side = symbol_key(event.fields.symbol), event.fields.side
    return event.kind, event.emitter, event.pattern, symbol, side, event.at


def _alone(events: Iterable[Event]) -> frozenset[int]:
    """Of very many events, by identity, those that need not be compared: none is alike at any time."""
    told = [_hashes(event) for event in events]
    alike, same = Counter(one for one, _ in told), Counter(other for _, other in told)
    return frozenset(
        id(event)
        for event, (one, other) in zip(events, told, strict=True)
        if alike[one] == 1 and same[other] == 1
    )


def _hashes(event: Event) -> tuple[int, int]:
    """Those of what makes it alike to others, and of its headline."""
    shown = _content(event, event.captures.by_name())
    return hash((event.kind, event.emitter, event.pattern, shown, event.at.precision)), hash(_headline(event))


def _reach(event: Event) -> int:
    """How much later the second handler's record may be dated: a moment later may be the next whole second."""
    return max(NEAR, event.at.precision)


def _is_same_block(one: Event, other: Event) -> bool:
    """Whether two show nothing that differs, and not just the same: what one lacks the other has.

    Where a file ends between their lines, each may have gained values that the other lacks.
    """
    first, second = dict(content(one)), dict(content(other))
    both = first.keys() & second.keys()
    return first != second and all(first[name] == second[name] for name in both)


def _is_copy(first: Event, event: Event, jumps: Sequence[int]) -> bool:
    return bisect_right(jumps, event.location.line) > bisect_right(jumps, first.location.line)


def _stretches(clusters: Sequence[Cluster]) -> Iterable[list[Cluster]]:
    """The clusters of each life of the process; a start begins one unless it belongs to the start before."""
    stretch: list[Cluster] = []
    has_begun = False
    for cluster in clusters:
        if cluster.kind is EventKind.RUN_STARTED and has_begun:
            yield stretch
            stretch, has_begun = [], False
        stretch.append(cluster)
        has_begun = has_begun or cluster.kind not in _OF_PROCESS
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
    factor = _factor_but_for_few(telling, stream)
    if factor is not None:
        _set(stretch, factor)
        return
    # A handler that is added again while the bot runs: from one moment on every record is doubled.
    last = max(i for i, n in enumerate(counts) if n == 1)
    tail = telling[last + 1 :]
    if len(tail) >= _FEWEST and _tells_enough(tail) and _told_once_before(telling[: last + 1], tail):
        _set(tail, min(len(c.events) for c in tail))


def _factor_but_for_few(telling: Sequence[Cluster], stream: Stream) -> int | None:
    """How often a call is written where a few records have lost their copies: by damage, a cut, a line that broke off.

    Without this one lost line would make two trades of each. Of two strategies, or of two accounts each of which has a
    recorder, the start of the process is told once, and so are other words.
    """
    many = [c for c in telling if len(c.events) > 1]
    few = [c for c in telling if len(c.events) == 1]
    if any(c.kind is EventKind.RUN_STARTED for c in few):
        return None
    if len(few) * _PER_LOST > len(many) or not _tells_trades(many):
        return None
    factor = min(len(c.events) for c in many)
    if not _gaps_allow(stream, factor, len(few) + _UNSEEN):
        return None
    is_start_known = any(c.kind in _OF_PROCESS for c in many)
    is_start_once = any(c.kind in _OF_PROCESS for c in few)
    return factor if is_start_known or (not is_start_once and _tells_enough(many)) else None


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


def _gaps_allow(stream: Stream, factor: int, lost: int = 0) -> bool:
    """Whether so many records follow another at once that each may be written ``factor`` times.

    Args:
        lost: so many of them may have lost their copies.
    """
    gaps = sum(sum(source.gap_histogram.values()) for source in stream.sources)
    short = sum(source.gap_histogram.get(bucket, 0) for source in stream.sources for bucket in _NEAR_BUCKETS)
    # Gaps of no length are not counted.
    near = stream.records - len(stream.sources) - gaps + short
    whole = lost > 0 or stream.records % factor == 0
    return whole and (near + lost) * factor >= stream.records * (factor - 1)


def _told_once_before(before: Sequence[Cluster], after: Sequence[Cluster]) -> bool:
    """Whether records of trades were written once before: equal trades would have been equal then, too."""
    once = {c.kind for c in before if len(c.events) == 1} - _OF_PROCESS
    return bool(once & {c.kind for c in after})
