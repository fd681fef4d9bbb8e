"""What the extracts of one session say together: events, streams with their coverage, tables."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Address, Location
from logaudit.core.time_window import Gap, Interval
from logaudit.ingest.source_extract import Excerpt, HealthExtract, LedgerExtract, LogExtract, OtherExtract
from logaudit.profiles import Profile
from logaudit.reconcile.normalize.clock_turns import ClockTurn


class CoverageGap(Gap, frozen=True):
    """A silence far longer than the stream's usual pace.

    Attributes:
        usual: the gap length that 99 of 100 gaps of the stream do not exceed, µs.
        after: the last source before it; before: the first one after it (the same inside one source).
    """

    usual: int
    after: Address
    before: Address

    @property
    def location(self) -> Location:
        """The record that ends the silence."""
        return Location(self.before.path, self.before.member, self.line)


class Stream(Struct, frozen=True):
    """A logical log: its sources in order of their records, and when they cover.

    Attributes:
        name: the rotated names' common stem.
        sources: primary extracts, ordered by first and last record.
        covered: intervals between silences, in order.
        gaps: the silences that split them.
    """

    name: str
    sources: tuple[LogExtract, ...]
    covered: tuple[Interval, ...]
    gaps: tuple[CoverageGap, ...]
    records: int
    levels: dict[str, int]
    log_formats: dict[str, int]

    def covers(self, at: int, margin: int = 0) -> bool:
        """Whether this stream's logs are at hand at ``at``, ``margin`` µs around included."""
        return any(i.holds(at, margin) for i in self.covered)

    @property
    def archived(self) -> tuple[LogExtract, ...]:
        """The sources that are members of archives, or whole-file archives."""
        return tuple(s for s in self.sources if s.packed)


class Cut(Struct, frozen=True):
    """An event whose block lacks values the profile requires: its lines lie where we cannot read."""

    event: Event
    lacking: tuple[str, ...]


# Its dict holds the events of each choice of kinds: these are asked for once a close.
class SessionEvidence(Struct, frozen=True, dict=True):
    """One session: everything read from the folder of one bot.

    Attributes:
        root: its folder relative to the scanned root, ``.`` for the root itself.
        copies: primary address → other addresses of the same content.
        turns: changes of daylight time in its logs.
        restated: whether printed offsets change by more than daylight time: all times are in the first one.
        zone: what the user states the logs' zone to be, empty for nothing.
    """

    root: str
    profile: Profile
    events: tuple[Event, ...]
    streams: tuple[Stream, ...]
    ledgers: tuple[LedgerExtract, ...]
    health: tuple[HealthExtract, ...]
    others: tuple[OtherExtract, ...]
    cuts: tuple[Cut, ...]
    copies: dict[Address, tuple[Address, ...]]
    turns: tuple[ClockTurn, ...] = ()
    restated: bool = False
    zone: str = ""

    def of(self, *kinds: EventKind) -> tuple[Event, ...]:
        """The events of these kinds, in time order."""
        found = self._of.get(kinds)
        if found is None:
            found = self._of[kinds] = tuple(e for e in self.events if e.kind in kinds)
        return found

    @cached_property
    def _of(self) -> dict[tuple[EventKind, ...], tuple[Event, ...]]:
        return {}

    @property
    def tells_only_fills(self) -> bool:
        """Whether the bot's log tells of fills and of no closes: then its ledger is compared fill by fill."""
        has = self.profile.has
        return has(EventKind.ORDER_FILLED) and not has(EventKind.POSITION_CLOSED)

    @property
    def stream_names(self) -> tuple[str, ...]:
        """All streams, for saying where something was searched."""
        return tuple(s.name for s in self.streams)

    def stream(self, name: str) -> Stream:
        """The stream of this name; raises KeyError."""
        for stream in self.streams:
            if stream.name == name:
                return stream
        raise KeyError(name)

    @property
    def span(self) -> Interval | None:
        """From the first to the last record of any stream."""
        covered = [i for s in self.streams for i in s.covered]
        if not covered:
            return None
        return Interval(min(i.start for i in covered), max(i.end for i in covered))

    def samples(self) -> tuple[tuple[LogExtract, Excerpt], ...]:
        """Lines that no log format explains, with their source."""
        return tuple((d, e) for s in self.streams for d in s.sources for e in d.unparsed_samples)
