"""What a report consists of before it has a format: sections of blocks of spans.

Text in spans may come from logs and be hostile: every renderer makes it printable and escapes it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.renderers.document.charts.drawing import Curve, Lanes


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


class TextSpan(Struct, frozen=True):
    """Plain words of a sentence."""

    text: str
    strong: bool = False


class CodeSpan(Struct, frozen=True):
    """Text from logs, a path, a name, a command: shown as written."""

    text: str


class Cite(Struct, frozen=True):
    """A piece of evidence.

    Attributes:
        place: its first line.
        through: the number of its last line; that of ``place`` for a single one.
    """

    place: Location
    through: int


class Badge(Struct, frozen=True):
    """A word with its tone: a severity, a state, a verdict."""

    tone: Tone
    text: str


class InternalLink(Struct, frozen=True):
    """A link to a section of the same report."""

    text: str
    target: str


class LineBreak(Struct, frozen=True):
    """A new line within a table cell; a space in formats whose cells have no lines."""


Span: TypeAlias = "TextSpan | CodeSpan | Cite | Badge | InternalLink | LineBreak"
Inline: TypeAlias = "tuple[Span, ...]"


class Para(Struct, frozen=True):
    """A paragraph."""

    inline: Inline


class Sub(Struct, frozen=True):
    """A heading within a section; level 3 or 4; ``anchor`` where something links to it."""

    inline: Inline
    level: int = 3
    anchor: str = ""


class Bullets(Struct, frozen=True):
    """A list; ``ordered`` for steps."""

    items: tuple[Inline, ...]
    ordered: bool = False


class ColumnSize(StrEnum):
    """How much room a column of records needs; columns of `REST` share what the others leave."""

    TIME = "time"
    NAME = "name"
    PRICE = "price"
    AMOUNT = "amount"
    COUNT = "count"
    WITNESS = "witness"
    STATE = "state"
    CITE = "cite"
    CITES = "cites"
    HASH = "digest"
    REST = "rest"


class TableColumn(Struct, frozen=True):
    """One column of a table; ``right`` for numbers, ``wide`` where cells hold sentences."""

    title: str
    right: bool = False
    wide: bool = False
    size: ColumnSize = ColumnSize.REST


class Table(Struct, frozen=True):
    """Rows of cells; the first cell of a row names it.

    Attributes:
        caption: what the table shows, for readers who do not see it.
        compact: small type, for long registers.
        facts: labelled values: its column titles say nothing that the caption does not.
        records: one row a trade, a step or a source: its columns have the room of their ``size``, so that
            no row is cut off at the side; where a page is too narrow for them, each row becomes a card.
        whole: the anchor of the whole table, where this is its beginning.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: str
    compact: bool = False
    facts: bool = False
    records: bool = False
    whole: str = ""


class Quote(Struct, frozen=True):
    """Lines of a log as they were written, under what they prove."""

    lead: Inline
    lines: tuple[str, ...]


class Listing(Struct, frozen=True):
    """A command or code to copy."""

    code: str
    language: str


class Callout(Struct, frozen=True):
    """Something that must not be overlooked."""

    tone: Tone
    title: str
    blocks: tuple[Para | Bullets, ...]


class Link(Struct, frozen=True):
    """One stage of a chain."""

    id: str
    title: str
    tone: Tone
    state: str
    here: bool = False


class Chain(Struct, frozen=True):
    """Stages in order, drawn as boxes joined by arrows; ``here`` is where it broke."""

    caption: str
    links: tuple[Link, ...]


class Figure(Struct, frozen=True):
    """A picture with the table of what it draws."""

    drawing: Lanes | Curve
    table: Table


class Annex(Struct, frozen=True):
    """What is looked up rather than read: folded where a format can fold, and not printed."""

    title: str
    blocks: tuple[Block, ...]


class Register(Struct, frozen=True):
    """The place of the evidence register; renderers fill it with what the report cites."""


Block: TypeAlias = (
    "Para | Sub | Bullets | Table | Quote | Listing | Callout | Chain | Figure | Register | Annex"
)


class Section(Struct, frozen=True):
    """A part of the report; ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Document(Struct, frozen=True):
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
    words: dict[str, str]
