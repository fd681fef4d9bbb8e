"""Finds stretches of a source in which a sink or handler was added twice: every record is written as often.

Whether equal lines are one call or two cannot be seen from these lines. It is seen from all others: a sink that was
added twice writes the start of the bot, the recorder's counter and the closes of other symbols twice as well, where
two trades that happen to be equal stand among records that are told once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Address
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LogExtract
from logaudit.reconcile.normalize.equal_records import NEAR, Cluster, content, gathered
from logaudit.reconcile.normalize.session_evidence import Stream

#: Buckets of `LogExtract.gap_histogram` that hold gaps of `NEAR` and less.
_NEAR_BUCKETS: Final = range(4)
#: So many doubled clusters show that a sink was added within a run.
_FEWEST: Final = 3
#: For each record that lost its copies so many others must have them.
_PER_LOST: Final = 10
#: So many records without a meaning may have lost theirs beside: those at both edges of a damage.
_UNSEEN: Final = 2
#: Facts of a process, not of a trade.
_OF_PROCESS: Final = frozenset({EventKind.RUN_STARTED, EventKind.RECORDER_READY, EventKind.LEDGER_OPENED})


def clusters_of(stream: Stream, events: Iterable[Event]) -> list[Cluster]:
    """Equal events of each log by nearness, in file order, each with the number that makes one call.

    Events that stand before and after a backward jump of the clock, with one stamp, are a copy that was appended:
    they are one call whatever the rest of the log does.
    """
    told: dict[Address, list[Event]] = defaultdict(list)
    for event in events:
        told[event.location.address].append(event)
    found: list[Cluster] = []
    for log in logs_of(stream):
        found += gathered([(source, told.get(source.address, ())) for source in log])
    elsewhere = _in_two_layouts(found)
    for stretch in _stretches(found):
        _set_factors(stretch, [c for c in stretch if id(c) not in elsewhere], stream)
    return found


def _in_two_layouts(clusters: Sequence[Cluster]) -> set[int]:
    """Clusters, by identity, whose words stand in another layout, too: their log is written by several handlers.

    They do not tell how often each of these writes. Where most are such, the few others tell it still less.
    """
    if len({cluster.events[0].log_format for cluster in clusters}) <= 1:
        return set()
    # By hash: what very many events show takes much memory.
    told: dict[int, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        first = cluster.events[0]
        told[hash((first.kind, first.pattern, first.at, content(first)))].append(cluster)
    several = (same for same in told.values() if len({c.events[0].log_format for c in same}) > 1)
    found = {id(cluster) for same in several for cluster in same}
    return found if 2 * len(found) <= len(clusters) else set()


def logs_of(stream: Stream) -> list[list[LogExtract]]:
    """The parts of each log in their order; a copy of a part begins before the end of what is there of its time."""
    logs: list[list[LogExtract]] = []
    for source in stream.sources:
        if source.first is None:
            continue
        log = next((log for log in logs if _goes_on(log[-1], source)), None)
        if log is None:
            logs.append([source])
        else:
            log.append(source)
    return logs


def _goes_on(one: LogExtract, other: LogExtract) -> bool:
    """Whether a part begins where the one before it ends, in the same second where a handler prints only seconds."""
    return other.earliest >= one.latest // SECOND * SECOND


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
    if _shown(tail) >= _FEWEST and _tells_enough(tail) and _told_once_before(telling[: last + 1], tail):
        _set(tail, min(len(c.events) for c in tail))


def _shown(clusters: Iterable[Cluster]) -> int:
    """How many different ones there are, whatever their layout: several handlers tell of each."""
    firsts = (cluster.events[0] for cluster in clusters)
    return len({hash((first.kind, first.pattern, first.at, content(first))) for first in firsts})


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
    # The step from one part to the next is not counted, either.
    steps = (
        after.earliest - before.latest
        for before, after in pairwise(stream.sources)
        if _goes_on(before, after)
    )
    near = stream.records - len(stream.sources) - gaps + short + sum(step <= NEAR for step in steps)
    whole = lost > 0 or stream.records % factor == 0
    return whole and (near + lost) * factor >= stream.records * (factor - 1)


def _told_once_before(before: Sequence[Cluster], after: Sequence[Cluster]) -> bool:
    """Whether records of trades were written once before: equal trades would have been equal then, too."""
    once = {c.kind for c in before if len(c.events) == 1} - _OF_PROCESS
    return bool(once & {c.kind for c in after})
