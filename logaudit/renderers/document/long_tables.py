"""Keeps sections short: a long table shows its beginning, and the whole of it stands in an appendix."""

from __future__ import annotations

from typing import Final

from logaudit.renderers.document.document import Block, CodeSpan, Inline, Para, Section, Sub, Table, TextSpan
from logaudit.renderers.document.translator import flat
from logaudit.renderers.document.view import View

#: Longer tables leave the reading flow.
LIMIT: Final = 30
#: Rows of a long table that stay in it.
_SHOWN: Final = 20
APPENDIX: Final = "appendix"


class Appendices:
    """Collects whole tables while sections are made."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._names: dict[tuple[str, tuple[tuple[Inline, ...], ...]], str] = {}

    def shorten(self, view: View, table: Table, *, session: str = "") -> Table:
        """The table, or its beginning with the place of the whole in its caption."""
        if len(table.rows) <= LIMIT:
            return table
        # Two sections may show the same rows: the whole stands once.
        key = table.caption, table.rows
        if key not in self._names:
            self._names[key] = f"{view.text('appendix.letter')}{len(self._names) + 1}"
            title = [TextSpan(f"{self._names[key]}. {table.caption}")]
            where: Inline = (TextSpan(" "), CodeSpan(session)) if view.several and session else ()
            whole = Table(table.columns, table.rows, table.caption, compact=True)
            self._blocks += [Sub((*title, *where)), whole]
        name = self._names[key]
        caption = flat(
            view.translate(
                "appendix.first", caption=table.caption, shown=_SHOWN, n=len(table.rows), name=name
            )
        )
        return Table(table.columns, table.rows[:_SHOWN], caption, table.compact)

    def section(self, view: View) -> Section | None:
        """The appendix, where any table was too long."""
        if not self._blocks:
            return None
        return Section(
            APPENDIX, view.text("section.appendix"), (Para(view.translate("appendix.intro")), *self._blocks)
        )
