"""What a report consists of before it has a format: sections of blocks of spans.

Text in spans may come from logs and be hostile: every renderer makes it printable and escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from logaudit.model.location import Location


class Tone(StrEnum):
    """How a word, a block or a mark is meant; renderers never say it by colour alone."""

    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    GOOD = "good"
    MUTED = "muted"
    TODO = "todo"


#: A sign for each tone, so that a meaning survives without colours.
SIGNS: Final = {
    Tone.BAD: "✗",
    Tone.WARN: "!",
    Tone.INFO: "i",
    Tone.GOOD: "✓",
    Tone.MUTED: "?",
    Tone.TODO: "✎",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words of a sentence."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Text from logs, a path, a name, a command: shown as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Cite:
    """A piece of evidence.

    Attributes:
        place: its first line.
        through: the number of its last line; that of ``place`` for a single one.
    """

    place: Location
    through: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word with its tone: a severity, a state, a verdict."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to a section of the same report."""

    text: str
    target: str


Span: TypeAlias = "Words | Code | Cite | Mark | Jump"
Inline: TypeAlias = "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    inline: Inline


@dataclass(frozen=True, slots=True)
class Sub:
    """A heading within a section; level 3 or 4."""

    inline: Inline
    level: int = 3


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; ``ordered`` for steps."""

    items: tuple[Inline, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``right`` for numbers, ``wide`` where cells hold sentences."""

    title: str
    right: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row names it.

    Attributes:
        caption: what the table shows, for readers who do not see it.
        compact: small type, for long registers.
        facts: labelled values: its column titles say nothing that the caption does not.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: str
    compact: bool = False
    facts: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Lines of a log as they were written, under what they prove."""

    lead: Inline
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A command or code to copy."""

    code: str
    language: str


@dataclass(frozen=True, slots=True)
class Callout:
    """Something that must not be overlooked."""

    tone: Tone
    title: str
    blocks: tuple[Para | Bullets, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One stage of a chain."""

    id: str
    title: str
    tone: Tone
    state: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Stages in order, drawn as boxes joined by arrows; ``here`` is where it broke."""

    caption: str
    links: tuple[Link, ...]


class Fate(StrEnum):
    """What became of a position, as charts draw it."""

    RECORDED = "recorded"
    LOST = "lost"
    RESTORED = "restored"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bar:
    """One position on a time line, naive µs; ``start`` is None where no open was logged.

    Attributes:
        label: what a pointer resting on it shows.
        place: the line of its close or else of its open, for labels by evidence number.
    """

    start: int | None
    end: int
    fate: Fate
    label: str
    place: Location | None


@dataclass(frozen=True, slots=True)
class Lane:
    """The positions of one symbol."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """What the logs of one stream cover, and its silences, naive µs."""

    name: str
    covered: tuple[tuple[int, int], ...]
    silent: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """Positions over time, above what the logs cover.

    Attributes:
        words: fate → its name in the report's language; also ``covered``, ``silent``, ``run``.
        starts: starts of the bot, naive µs.
    """

    title: str
    description: str
    lanes: tuple[Lane, ...]
    strips: tuple[Strip, ...]
    starts: tuple[int, ...]
    words: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Curve:
    """Two running sums, in steps.

    Attributes:
        points: (naive µs, the log's sum, the ledger's sum) after each close.
        log, ledger: names of the two.
        gap: name of the space between them.
    """

    title: str
    description: str
    points: tuple[tuple[int, float, float], ...]
    log: str
    ledger: str
    gap: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the table of what it draws."""

    drawing: Lanes | Curve
    table: Table


@dataclass(frozen=True, slots=True)
class Register:
    """The place of the evidence register; renderers fill it with what the report cites."""


Block: TypeAlias = "Para | Sub | Bullets | Table | Quote | Listing | Callout | Chain | Figure | Register"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes:
        lang: BCP 47 tag of its language.
        lead: blocks between the title and the first section.
        words: the few words that renderers need themselves, by key.
    """

    lang: str
    title: str
    lead: tuple[Block, ...]
    sections: tuple[Section, ...]
    words: dict[str, str] = field(hash=False)
