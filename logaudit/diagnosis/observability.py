"""Whether a line would have been seen if it had been written: coverage, levels and streams of one session."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.message import Listed, Message, Param, Text, Time, codes, msg
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import Stamp
from logaudit.reconcile.normalize import Stream
from logaudit.reconcile.reconciled import Session

#: The recorder's own words.
RECORDER: Final = (
    EventKind.RECORDER_READY,
    EventKind.LEDGER_OPENED,
    EventKind.TRADE_ACKNOWLEDGED,
    EventKind.RECORDER_FAILED,
)
#: Levels that show what a recorder says when all goes well, unless it is known to say it at another one.
_SHOWN: Final = frozenset({"TRACE", "DEBUG", "INFO", "SUCCESS"})


class SearchScope(Struct, frozen=True):
    """Where something was searched, and what hides it there.

    Attributes:
        streams: names of the streams searched.
        hidden: why its absence says nothing; None when the search was complete.
        where: the streams and levels searched, and the time from ``start`` to ``end``, for messages.
    """

    streams: tuple[str, ...]
    hidden: Message | None
    where: dict[str, Param]


class ObservabilityCheck:
    """The streams of one session as witnesses of the recorder's lines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._streams = session.evidence.streams
        said = session.evidence.of(*RECORDER)
        self._recorder_streams = {name for e in said for name in (e.stream, *e.also_in)}
        self._levels: dict[EventKind, set[str]] = {}
        for event in said:
            if event.level:
                self._levels.setdefault(event.kind, set()).add(event.level)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """Those in which a line of the recorder would stand.

        The ones in which it was seen to speak; else the ones that hold closes, and the fullest.
        """
        if self._recorder_streams:
            return tuple(s for s in self._streams if s.name in self._recorder_streams)
        closing = {
            name
            for e in self._session.evidence.of(EventKind.POSITION_CLOSED)
            for name in (e.stream, *e.also_in)
        }
        fullest = max(self._streams, key=lambda s: (s.records, s.name), default=None)
        return tuple(s for s in self._streams if s.name in closing or s is fullest)

    def between(self, kinds: Sequence[EventKind], start: int, end: int) -> SearchScope:
        """Whether lines of ``kinds`` between two moments, naive µs, would be at hand."""
        watched = self.streams
        names, streams, levels = self._named
        where: dict[str, Param] = {
            "streams": streams,
            "levels": levels,
            "start": Time(Stamp(start)),
            "end": Time(Stamp(end)),
        }
        whole = [reach(start) >= end for reach in self._reaches]
        # A stream known to carry the recorder's lines settles it alone; else each might be the one.
        covered = any(whole) if self._recorder_streams else bool(whole) and all(whole)
        hidden: Message | None = None
        if not covered:
            hidden = msg(
                "The logs at hand do not cover all of {start} to {end} ({streams}), so an absent line says nothing.",
                **where,
            )
        elif not self._level_shown(kinds, watched):
            hidden = msg(
                "No sink at hand takes the level of such a line: searched {streams} ({levels}).", **where
            )
        return SearchScope(names, hidden, where)

    @cached_property
    def _named(self) -> tuple[tuple[str, ...], Param, Message]:
        """The streams' names, and how messages name them and their levels."""
        names = tuple(s.name for s in self._streams)
        levels = sorted({level for s in self.streams for level in s.levels if level})
        return names, codes(names) if names else msg("no stream"), _levels(levels)

    @cached_property
    def _reaches(self) -> list[Callable[[int], float]]:
        """Of each stream searched, how far it covers what follows a moment; asked of each close."""
        return [_reach(s.covered) for s in self.streams]

    def _level_shown(self, kinds: Sequence[EventKind], watched: Sequence[Stream]) -> bool:
        at_hand = {level for s in watched for level in s.levels if level}
        if not at_hand:
            # The layout prints no level: nothing says that any is left out.
            return True
        spoken = {level for kind in kinds for level in self._levels.get(kind, ())}
        return bool(at_hand & (spoken or _SHOWN))

    def streams_of(self, events: Sequence[Event]) -> tuple[str, ...]:
        """The streams that hold these events."""
        return tuple(sorted({name for e in events for name in (e.stream, *e.also_in)}))


def _reach(covered: Sequence[Interval]) -> Callable[[int], float]:
    ordered = sorted(covered, key=lambda i: i.start)
    starts = [i.start for i in ordered]
    ends = [-math.inf, *accumulate((i.end for i in ordered), max)]
    return lambda at: ends[bisect_right(starts, at)]


def _levels(levels: Sequence[str]) -> Message:
    if not levels:
        return msg("no level shown")
    return msg("levels {levels}", levels=Listed(tuple(map(Text, levels))))
