"""Equal records of one log within a few milliseconds, of which one call may have written several."""

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
from logaudit.core.timestamp import MILLISECOND
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LogExtract

#: The second handler writes so much later at most.
NEAR: Final = 5 * MILLISECOND
#: Of more events of a source those are left out first that are like no other: to compare them takes much memory.
_MANY: Final = 4_096
#: All that an event shows.
Content: TypeAlias = frozenset[tuple[FieldName, Value]]


class Cluster(Struct):
    """Equal records of one log within a few milliseconds, in file order.

    Attributes:
        number: that of the first of them among the records of its log.
        turns: how often the clock had jumped back before it.
        factor: how many of them are one call.
        copies: records that were appended to the log again.
    """

    events: list[Event]
    number: int = 0
    turns: int = 0
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
        self._puts = count()

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
            heappush(heap, (-cluster.number, next(self._puts), cluster))


def content(event: Event) -> Content:
    """All that it shows, wherever it stands; equal for equal values."""
    return _content(event, event.captures.values)


def _content(event: Event, values: Mapping[FieldName, Value]) -> Content:
    if event.captures.unread:
        plain = {unread.field: unread.text for unread in event.captures.unread}
        return frozenset({**values, **plain}.items())
    return frozenset(values.items())


def gathered(log: Sequence[tuple[LogExtract, Sequence[Event]]]) -> list[Cluster]:
    """The clusters of the parts of one log: copies of a record may stand on both sides of a rotation."""
    found: list[Cluster] = []
    recent: dict[object, _Recent] = defaultdict(_Recent)
    begun: dict[object, Cluster] = {}
    heads: dict[object, Cluster] = {}
    alone = _alone(events) if len(events := [e for _, told in log for e in told]) > _MANY else frozenset()
    for number, (event, turns) in enumerate(_in_file_order(log)):
        if id(event) in alone:
            found.append(Cluster([event]))
            continue
        alike = event.kind, event.emitter, event.pattern, content(event), event.at.precision, event.log_format
        # If the first to begin at this moment stands behind the last jump, so do all others.
        first = begun.get((alike, event.at))
        if first is not None and turns > first.turns:
            first.copies.append(event)
            continue
        home = recent[alike].latest(event.at.us, _reach(event))
        # Of blocks whose lines interleave, one may have gained values of both.
        same = _headline(event)
        if home is None and (last := heads.get(same)) is not None and _is_same_block(last.events[-1], event):
            home = last
        if home is None:
            home = Cluster([], number, turns)
            begun.setdefault((alike, event.at), home)
            found.append(home)
        home.events.append(event)
        recent[alike].put(event.at.us, _reach(event), home)
        heads[same] = home
    return found


def _in_file_order(log: Iterable[tuple[LogExtract, Sequence[Event]]]) -> Iterator[tuple[Event, int]]:
    """The events of a log, each with how often the clock had jumped back before it."""
    turns = 0
    for source, events in log:
        jumps = [jump.line for jump in source.jumps]
        for event in sorted(events, key=lambda e: e.location.line):
            yield event, turns + bisect_right(jumps, event.location.line)
        turns += len(jumps)


def _headline(event: Event) -> object:
    """What the first lines of two blocks have in common that may be one call."""
    symbol, side = symbol_key(event.fields.symbol), event.fields.side
    return event.kind, event.emitter, event.pattern, symbol, side, event.at, event.log_format


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
    alike = event.kind, event.emitter, event.pattern, shown, event.at.precision, event.log_format
    return hash(alike), hash(_headline(event))


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
