"""Stretches of time: intervals, gaps, and the window that is judged; naive µs throughout."""

from msgspec import Struct


class Interval(Struct, frozen=True):
    """Naive µs, both ends included."""

    start: int
    end: int

    def holds(self, at: int, margin: int = 0) -> bool:
        """Whether ``at`` lies inside, at least ``margin`` away from both ends."""
        return self.start + margin <= at <= self.end - margin


class Gap(Interval, frozen=True):
    """A stretch between two consecutive records, naive µs; ``line`` is the record that ends it."""

    line: int


class TimeWindow(Struct, frozen=True):
    """The stretch of time that is judged, naive µs of the logs' clock.

    Attributes:
        since: its first microsecond; None for no limit.
        until: the first one after it; None for no limit.
    """

    since: int | None = None
    until: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.since is None and self.until is None

    def holds(self, at: int) -> bool:
        """Whether a moment lies in it."""
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)

    def meets(self, start: int, end: int) -> bool:
        """Whether any of a stretch lies in it."""
        return (self.since is None or self.since <= end) and (self.until is None or start < self.until)
