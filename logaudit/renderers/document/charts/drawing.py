"""What charts show: positions over time, and running sums."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from logaudit.core.location import Location


class TradeOutcome(StrEnum):
    """What became of a position, as charts draw it."""

    RECORDED = "recorded"
    LOST = "lost"
    RESTORED = "restored"
    OPEN = "open"
    UNKNOWN = "unknown"


class Bar(Struct, frozen=True):
    """One position on a time line, naive µs; ``start`` is None where no open was logged.

    Attributes:
        label: what a pointer resting on it shows.
        place: the line of its close or else of its open, for labels by evidence number.
    """

    start: int | None
    end: int
    fate: TradeOutcome
    label: str
    place: Location | None


class Lane(Struct, frozen=True):
    """The positions of one symbol."""

    name: str
    bars: tuple[Bar, ...]


class CoverageStrip(Struct, frozen=True):
    """What the logs of one stream cover, and its silences, naive µs."""

    name: str
    covered: tuple[tuple[int, int], ...]
    silent: tuple[tuple[int, int], ...]


class Lanes(Struct, frozen=True):
    """Positions over time, above what the logs cover.

    Attributes:
        words: fate → its name in the report's language; also ``covered``, ``silent``, ``run``.
        starts: starts of the bot, naive µs.
    """

    title: str
    description: str
    lanes: tuple[Lane, ...]
    strips: tuple[CoverageStrip, ...]
    starts: tuple[int, ...]
    words: dict[str, str]


class Curve(Struct, frozen=True):
    """Two running sums, in steps.

    Attributes:
        points: (naive µs, the log's sum, the ledger's sum) after each close.
        log, ledger: names of the two.
        gap: name of the space between them; empty where it means nothing and is not marked.
    """

    title: str
    description: str
    points: tuple[tuple[int, float, float], ...]
    log: str
    ledger: str
    gap: str
