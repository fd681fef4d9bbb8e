"""Whether a line would have been seen if it had been written: coverage, levels and streams of one session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from logaudit.case import Session
from logaudit.evidence import Stream
from logaudit.model.diagnosis import Phrase
from logaudit.model.events import Event, EventKind
from logaudit.model.finding import Data
from logaudit.model.stamp import SECOND, iso

#: The recorder's own words.
RECORDER: Final = (
    EventKind.RECORDER_READY,
    EventKind.LEDGER_OPENED,
    EventKind.TRADE_ACKNOWLEDGED,
    EventKind.RECORDER_FAILED,
)
#: Levels that show what a recorder says when all goes well, unless it is known to say it at another one.
_SHOWN: Final = frozenset({"TRACE", "DEBUG", "INFO", "SUCCESS"})


class Searched(Struct, frozen=True):
    """Where something was searched, and what hides it there.

    Attributes:
        streams: names of the streams searched.
        hidden: why its absence says nothing; None when the search was complete.
        details: streams, levels and times for phrases.
    """

    streams: tuple[str, ...]
    hidden: Phrase | None
    details: dict[str, Data]


class Watch:
    """The streams of one session as witnesses of the recorder's lines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._streams = session.evidence.streams
        said = session.evidence.of(*RECORDER)
        self._known = {name for e in said for name in (e.stream, *e.also_in)}
        self._levels: dict[EventKind, set[str]] = {}
        for event in said:
            if event.level:
                self._levels.setdefault(event.kind, set()).add(event.level)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Those in which a line of the recorder would stand.

        The ones in which it was seen to speak; else the ones that hold closes, and the fullest.
        """
        if self._known:
            return tuple(s for s in self._streams if s.name in self._known)
        closing = {
            name
            for e in self._session.evidence.of(EventKind.POSITION_CLOSED)
            for name in (e.stream, *e.also_in)
        }
        fullest = max(self._streams, key=lambda s: (s.records, s.name), default=None)
        return tuple(s for s in self._streams if s.name in closing or s is fullest)

    def around(self, kinds: Sequence[EventKind], start: int, end: int) -> Searched:
        """Whether lines of ``kinds`` between two moments, naive µs, would be at hand."""
        watched = self.streams
        names = tuple(s.name for s in self._streams)
        levels = sorted({level for s in watched for level in s.levels if level})
        details: dict[str, Data] = {
            "streams": list(names),
            "levels": list(levels),
            "from": iso(start, SECOND),
            "to": iso(end, SECOND),
        }
        whole = [any(i.start <= start and end <= i.end for i in s.covered) for s in watched]
        # A stream known to carry the recorder's lines settles it alone; else each might be the one.
        covered = any(whole) if self._known else bool(whole) and all(whole)
        hidden: Phrase | None = None
        if not covered:
            hidden = Phrase("stage.no-coverage", details)
        elif not self._level_shown(kinds, watched):
            hidden = Phrase("stage.level-hidden", details)
        return Searched(names, hidden, details)

    def _level_shown(self, kinds: Sequence[EventKind], watched: Sequence[Stream]) -> bool:
        at_hand = {level for s in watched for level in s.levels if level}
        if not at_hand:
            # The layout prints no level: nothing says that any is left out.
            return True
        spoken = {level for kind in kinds for level in self._levels.get(kind, ())}
        return bool(at_hand & (spoken or _SHOWN))

    def heard(self, events: Sequence[Event]) -> tuple[str, ...]:
        """The streams that hold these events."""
        return tuple(sorted({name for e in events for name in (e.stream, *e.also_in)}))
