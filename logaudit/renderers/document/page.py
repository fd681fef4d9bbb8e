"""Document → one self-contained HTML page: no script, no request, a policy that forbids both."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, Final, TypeAlias, assert_never

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from logaudit.core.text import printable
from logaudit.renderers.document.charts import draw
from logaudit.renderers.document.document import (
    SIGNS,
    Badge,
    Block,
    Bullets,
    Callout,
    Chain,
    Cite,
    CodeSpan,
    ColumnSize,
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

#: Longer code may break after the signs that join its parts.
_LONG: Final = 28
_PIECES: Final = re.compile(r"[^./:!_]*[./:!_]+|[^./:!_]+")
#: Columns whose values do not say what they are: a card that shows one says it.
_LABELLED: Final = (ColumnSize.AMOUNT, ColumnSize.COUNT, ColumnSize.WITNESS)
#: What the template sees: printable text in plain dicts, escaped by the template engine.
Shown: TypeAlias = "dict[str, Any]"


def render(document: Document, evidence: ExhibitIndex) -> str:
    """The page as text."""
    style = _resource("style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    shown = _Page(document, evidence)
    page: str = _template().render(
        lang=document.lang,
        title=printable(document.title),
        words=document.words,
        policy=policy,
        style=Markup(style),  # noqa: S704 - a file of this package
        lead=shown.blocks(document.lead),
        sections=[
            {"id": section.id, "title": printable(section.title), "blocks": shown.blocks(section.blocks)}
            for section in document.sections
        ],
    )
    return page


def _resource(name: str) -> str:
    return files("logaudit.renderers.document").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:  # noqa: ANN401 - jinja2's Template
    environment = Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    return environment.from_string(_resource("report.html"))


class _Page:
    def __init__(self, document: Document, evidence: ExhibitIndex) -> None:
        self._words = document.words
        self._evidence = evidence
        self._figures = 0

    def blocks(self, blocks: Iterable[Block]) -> list[Shown]:
        return [self._block(block) for block in blocks]

    def _block(self, block: Block) -> Shown:  # noqa: C901, PLR0911 - one arm a kind of block
        match block:
            case Para():
                return {"kind": "para", "inline": self._inline(block.inline)}
            case Sub():
                inline = self._inline(block.inline)
                return {"kind": "sub", "level": block.level, "anchor": block.anchor, "inline": inline}
            case Bullets():
                tag = "ol" if block.ordered else "ul"
                return {"kind": "bullets", "tag": tag, "items": [self._inline(item) for item in block.items]}
            case Table():
                return self._table(block)
            case Quote():
                lines = [printable(line) for line in block.lines]
                return {"kind": "quote", "lead": self._inline(block.lead), "lines": lines}
            case Listing():
                return {"kind": "listing", "text": _lines(block.code.strip("\n").split("\n"))}
            case Callout():
                return {
                    "kind": "callout",
                    "tone": block.tone.value,
                    "sign": SIGNS[block.tone],
                    "title": printable(block.title),
                    "blocks": self.blocks(block.blocks),
                }
            case Chain():
                return self._chain(block)
            case Figure():
                return self._figure(block)
            case Register():
                groups = groupby(self._evidence.exhibits, key=lambda one: one.place.address)
                return {"kind": "register", "sources": [self._source(list(group)) for _, group in groups]}
            case _:
                assert_never(block)

    def _inline(self, inline: Inline) -> list[Shown]:
        return [self._span(one) for one in inline]

    def _span(self, one: Span) -> Shown:
        match one:
            case TextSpan():
                return {"kind": "words", "text": printable(one.text), "strong": one.strong}
            case CodeSpan():
                shown = printable(one.text)
                pieces = _PIECES.findall(shown) if len(shown) > _LONG else [shown]
                return {"kind": "code", "pieces": pieces, "long": len(shown) > _LONG}
            case Cite():
                return {"kind": "cite", "label": self._evidence.label(one.place)}
            case Badge():
                tone, sign = one.tone.value, SIGNS[one.tone]
                return {"kind": "mark", "tone": tone, "sign": sign, "text": printable(one.text)}
            case InternalLink():
                return {"kind": "jump", "target": one.target, "text": printable(one.text)}
            case LineBreak():
                return {"kind": "break"}
            case _:
                assert_never(one)

    def _table(self, table: Table) -> Shown:
        kinds = [name for name in ("compact", "facts", "records") if getattr(table, name)]
        # Alignment is told once a table, by column, instead of once a cell.
        kinds += [f"r{i}" for i, column in enumerate(table.columns, 1) if column.right]
        kinds += [f"w{i}" for i, column in enumerate(table.columns, 1) if column.wide and not table.records]
        return {
            "kind": "table",
            "caption": printable(table.caption),
            "whole": table.whole,
            "classes": " ".join(kinds),
            "records": table.records,
            "sizes": [column.size.value for column in table.columns],
            "labels": [
                printable(c.title) if table.records and c.size in _LABELLED else "" for c in table.columns
            ],
            "columns": [printable(column.title) for column in table.columns],
            "rows": [[self._inline(cell) for cell in row] for row in table.rows],
        }

    def _chain(self, chain: Chain) -> Shown:
        links = [
            {
                "id": printable(link.id),
                "title": printable(link.title),
                "tone": link.tone.value,
                "sign": SIGNS[link.tone],
                "state": link.state,
                "here": link.here,
            }
            for link in chain.links
        ]
        return {"kind": "chain", "caption": chain.caption, "links": links}

    def _figure(self, figure: Figure) -> Shown:
        self._figures += 1
        return {
            "kind": "figure",
            "title": printable(figure.drawing.title),
            "svg": Markup(draw(figure.drawing, self._figures)),  # noqa: S704 - built from escaped parts
            "table": self._table(figure.table),
        }

    def _source(self, exhibits: Sequence[Exhibit]) -> Shown:
        first = exhibits[0]
        return {
            "path": printable(first.place.path),
            "member": printable(first.place.member),
            "sha256": first.sha256 or self._words["unread"],
            "exhibits": [self._exhibit(one) for one in exhibits],
        }

    def _exhibit(self, exhibit: Exhibit) -> Shown:
        place, words = exhibit.place, self._words
        return {
            "label": exhibit.label,
            "roles": ", ".join(words[f"role.{role.value}"] for role in exhibit.roles),
            "lines": exhibit.lines or words["whole"],
            "byte": str(place.byte) if place.byte >= 0 else "–",
            "written": printable(exhibit.written) or words["not-shown"],
            "utc": exhibit.utc or words["utc-unknown"],
        }


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(printable(line) for line in lines)
