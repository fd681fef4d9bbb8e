"""Document → the same for a page in a browser: very long tables keep their beginning, long pictures their shapes.

The explorer of the page lists every trade, and JSON holds every figure, so a page of ten thousand trades stays small.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from logaudit.core.message import msg
from logaudit.renderers.document.charts.drawing import Bar, Curve, Lane, Lanes
from logaudit.renderers.document.document import Annex, Block, Document, Figure, Section, Table
from logaudit.renderers.document.translator import flat
from logaudit.renderers.document.view import View

#: Tables of up to so many rows stand on the page as a whole.
WHOLE: Final = 500
#: Rows that are kept of a longer one.
KEPT: Final = 100


def limited(view: View, document: Document) -> Document:
    """The document with every table at most `WHOLE` rows long."""
    return replace(document, sections=tuple(_section(view, section) for section in document.sections))


def _section(view: View, section: Section) -> Section:
    return replace(section, blocks=tuple(_block(view, block) for block in section.blocks))


def _block(view: View, block: Block) -> Block:
    match block:
        case Table():
            return _table(view, block)
        case Figure():
            return replace(block, drawing=_drawing(block.drawing), table=_table(view, block.table))
        case Annex():
            return replace(block, blocks=tuple(_block(view, inner) for inner in block.blocks))
        case _:
            return block


def _table(view: View, table: Table) -> Table:
    if len(table.rows) <= WHOLE:
        return table
    caption = view.translate(
        msg(
            "{caption} (the first {shown} of {n}; the explorer lists every trade, --format json every figure)"
        ),
        caption=table.caption,
        shown=KEPT,
        n=len(table.rows),
    )
    return replace(table, rows=table.rows[:KEPT], caption=flat(caption))


def _drawing(drawing: Lanes | Curve) -> Lanes | Curve:
    """A picture; the bars of a long one have no places and words: thousands are not pointed at one by one."""
    if isinstance(drawing, Curve) or sum(len(lane.bars) for lane in drawing.lanes) <= WHOLE:
        return drawing
    return replace(drawing, lanes=tuple(replace(lane, bars=_unlabelled(lane)) for lane in drawing.lanes))


def _unlabelled(lane: Lane) -> tuple[Bar, ...]:
    return tuple(replace(bar, label="", place=None) for bar in lane.bars)
