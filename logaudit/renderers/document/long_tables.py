"""Keeps sections short: a long table shows its beginning, and the whole of it stands in an appendix."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from logaudit.core.message import msg
from logaudit.renderers.document.document import (
    Annex,
    Block,
    CodeSpan,
    Inline,
    Section,
    Sub,
    Table,
    TextSpan,
)
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
        self._numbers: dict[tuple[str, tuple[tuple[Inline, ...], ...]], int] = {}

    def shorten(self, view: View, table: Table, *, session: str = "") -> Table:
        """The table, or its beginning with the place of the whole in its caption."""
        if len(table.rows) <= LIMIT:
            return table
        # Two sections may show the same rows: the whole stands once.
        key = table.caption, table.rows
        number = self._numbers.get(key)
        letter = view.text(msg("A"))
        name = f"{letter}{number or len(self._numbers) + 1}"
        if number is None:
            number = self._numbers[key] = len(self._numbers) + 1
            where: Inline = (TextSpan(" "), CodeSpan(session)) if view.several and session else ()
            heading = Sub((TextSpan(f"{name}. {table.caption}"), *where), anchor=f"{APPENDIX}-{number}")
            self._blocks += [heading, replace(table, compact=True)]
        caption = flat(
            view.translate(
                msg("{caption} (the first {shown} of {n}; all of them in the appendix, {name})"),
                caption=table.caption,
                shown=_SHOWN,
                n=len(table.rows),
                name=name,
            )
        )
        return replace(table, rows=table.rows[:_SHOWN], caption=caption, whole=f"{APPENDIX}-{number}")

    def section(self, view: View) -> Section | None:
        """The appendix, where any table was too long."""
        if not self._blocks:
            return None
        intro = msg("The whole of each table that was cut above.")
        annex = Annex(view.text(intro), (view.para(intro), *self._blocks))
        return view.section(APPENDIX, msg("Appendix"), (annex,))
