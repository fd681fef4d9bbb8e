"""Document → GitHub-flavoured Markdown, without a single tag of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from logaudit.renderers.document.charts.drawing import Lanes
from logaudit.renderers.document.document import (
    SIGNS,
    Annex,
    Badge,
    Block,
    Bullets,
    Callout,
    Chain,
    Cite,
    CodeSpan,
    Document,
    Figure,
    Inline,
    InternalLink,
    LineBreak,
    Listing,
    Para,
    Quote,
    Register,
    Span,
    Sub,
    Table,
    TextSpan,
)
from logaudit.renderers.document.exhibits import Exhibit, ExhibitIndex
from logaudit.renderers.document.markdown_text import escape_text, fence, opening, span
from logaudit.renderers.document.mermaid import gantt

#: Columns of the register beside the number.
_REGISTER: Final = ("role", "line", "byte", "written", "utc")
_ALIGNED = {True: "---:", False: "---"}


def render(document: Document, evidence: ExhibitIndex) -> str:
    """The whole report as text, ended by a newline."""
    writer = _Writer(document, evidence)
    return "\n\n".join([*writer.blocks(), *writer.targets()]) + "\n"


class _Writer:
    def __init__(self, document: Document, evidence: ExhibitIndex) -> None:
        self._document = document
        self._evidence = evidence

    def blocks(self) -> Iterator[str]:
        yield f"# {escape_text(self._document.title)}"
        for block in self._document.lead:
            yield from self._block(block)
        yield f"**{escape_text(self._document.words['contents'])}**"
        yield "\n".join(f"{n}. {escape_text(s.title)}" for n, s in enumerate(self._document.sections, 1))
        for number, section in enumerate(self._document.sections, 1):
            yield f"## {number}. {escape_text(section.title)}"
            for block in section.blocks:
                yield from self._block(block)

    def _block(self, block: Block) -> Iterator[str]:  # noqa: C901 - one arm a kind of block
        match block:
            case Para():
                yield opening(self._line(block.inline))
            case Sub():
                yield f"{'#' * block.level} {self._line(block.inline)}"
            case Bullets():
                yield self._list(block)
            case Table():
                yield from self._table(block)
            case Quote():
                yield self._line(block.lead)
                yield fence(list(block.lines), "text")
            case Listing():
                yield fence(block.code.strip("\n").split("\n"), block.language)
            case Callout():
                yield self._callout(block)
            case Chain():
                yield self._chain(block)
            case Figure():
                yield from self._figure(block)
            case Register():
                yield from self._register()
            case Annex():
                for inner in block.blocks:
                    yield from self._block(inner)

    def _line(self, inline: Inline, *, in_table: bool = False) -> str:
        text = "".join(self._span(one, in_table=in_table) for one in inline)
        return " ".join(text.split(" ")).strip()

    def _span(self, one: Span, *, in_table: bool) -> str:
        match one:
            case TextSpan():
                return _strong(one.text) if one.strong else escape_text(one.text)
            case CodeSpan():
                return span(one.text, in_table=in_table)
            case Cite():
                return f"[{self._evidence.label(one.place)}]"
            case Badge():
                return f"{SIGNS[one.tone]} {_strong(one.text)}"
            case InternalLink():
                return escape_text(one.text)
            case LineBreak():
                return " "

    def _list(self, block: Bullets) -> str:
        items = [opening(self._line(item)) for item in block.items]
        return "\n".join(f"{n}. {item}" if block.ordered else f"- {item}" for n, item in enumerate(items, 1))

    def _table(self, table: Table) -> Iterator[str]:
        yield f"*{escape_text(table.caption)}*"
        head = [escape_text(column.title) or " " for column in table.columns]
        rule = [_ALIGNED[column.right] for column in table.columns]
        rows = [[self._line(cell, in_table=True) or "–" for cell in row] for row in table.rows]
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))

    def _callout(self, block: Callout) -> str:
        lines = [f"{SIGNS[block.tone]} **{escape_text(block.title)}**"]
        for inner in block.blocks:
            lines += ["", *(line for text in self._block(inner) for line in text.split("\n"))]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _chain(self, chain: Chain) -> str:
        """One line of stages, which reads without any drawing."""
        stages = []
        for link in chain.links:
            text = f"**{escape_text(link.id)}** {SIGNS[link.tone]} {escape_text(link.state)}"
            stages.append(f"{text} ({escape_text(self._document.words['here'])})" if link.here else text)
        return f"*{escape_text(chain.caption)}:* " + " → ".join(stages)

    def _figure(self, figure: Figure) -> Iterator[str]:
        if isinstance(figure.drawing, Lanes):
            drawn = gantt(figure.drawing, self._evidence)
            if drawn:
                yield fence(drawn.split("\n"), "mermaid")
        yield from self._table(figure.table)

    def _register(self) -> Iterator[str]:
        """A heading and a table a source; a citation links to the heading, as cells have no anchors."""
        words = self._document.words
        head = ["E", *(escape_text(words[name]) for name in _REGISTER)]
        rule = [_ALIGNED[name in ("line", "byte")] for name in ("", *_REGISTER)]
        for number, exhibits in enumerate(self._sources(), 1):
            first = exhibits[0]
            member = f" ! {span(first.place.member, in_table=False)}" if first.place.member else ""
            sha256 = span(first.sha256, in_table=False) or escape_text(words["unread"])
            yield f"### S{number}"
            yield f"{span(first.place.path, in_table=False)}{member}, {escape_text(words['sha256'])} {sha256}"
            rows = [self._exhibit(exhibit) for exhibit in exhibits]
            yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))

    def _sources(self) -> list[list[Exhibit]]:
        """What is cited, by source."""
        return [
            list(group) for _, group in groupby(self._evidence.exhibits, key=lambda one: one.place.address)
        ]

    def targets(self) -> Iterator[str]:
        """Where each citation leads, as reference definitions."""
        for number, exhibits in enumerate(self._sources(), 1):
            yield "\n".join(f"[{exhibit.label}]: #s{number}" for exhibit in exhibits)

    def _exhibit(self, exhibit: Exhibit) -> list[str]:
        words, place = self._document.words, exhibit.place
        return [
            f"[{exhibit.label}]",
            escape_text(", ".join(words[f"role.{role.value}"] for role in exhibit.roles)),
            exhibit.lines or escape_text(words["whole"]),
            str(place.byte) if place.byte >= 0 else "–",
            span(exhibit.written, in_table=True) or escape_text(words["not-shown"]),
            escape_text(exhibit.utc or words["utc-unknown"]),
        ]


def _strong(text: str) -> str:
    """Strong words; blanks at the edges stay outside, where the signs would not work."""
    core = text.strip(" ")
    if not core:
        return text
    left, right = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{left}**{escape_text(core)}**{right}"
