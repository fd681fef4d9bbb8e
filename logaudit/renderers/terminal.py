"""A sheet of styled lines for a terminal: wrapping, tables and the one gate that makes text harmless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from msgspec import Struct
from rich.cells import chop_cells

from logaudit.core.text import printable
from logaudit.renderers.styled_text import LINK, StyledLine, cells_of

#: Text, or text and the words of its style; the text may be hostile, the style is ours.
Part: TypeAlias = "str | tuple[str, str]"

#: Narrower sheets hold nothing readable: lines run over instead.
MIN_WIDTH: Final = 40
_GAP: Final = 2
_ASCII: Final = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "−": "-", "×": "x", "·": "-", "→": "->", "≥": ">=", "≤": "<="}
    | {"│": "|", "─": "-", "✓": "+", "•": "-", "≈": "~", "±": "+/-", "«": '"', "»": '"'}
)


class Column(Struct, frozen=True):
    """How one column of a table behaves when the sheet is too narrow for all.

    Attributes:
        shrink: cells that it keeps in any case; what is longer is cut where the sheet is too narrow.
        drop: the columns with the highest number go first, together, where shrinking is not enough; 0 stays.
        right: numbers stand at the right edge.
        tail: cut from the front, where the end says more (code paths).
    """

    title: str
    shrink: int = 12
    drop: int = 0
    right: bool = False
    tail: bool = False


class Sheet:
    """Lines in the making; every string that enters is escaped first and never read as markup."""

    def __init__(
        self, *, width: int, color: bool, unicode: bool, link: Callable[[str], str] | None = None
    ) -> None:
        self.width = max(width, MIN_WIDTH)
        self._color = color
        self._unicode = unicode
        self._link = link
        self._lines: list[StyledLine] = []

    def safe(self, text: str) -> str:
        """``text`` without control characters and, on an ASCII sheet, without typographic signs."""
        shown = printable(text)
        return shown if self._unicode else shown.translate(_ASCII)

    def linked(self, style: str, path: str) -> str:
        """The style, leading to a path that the report names, where links are shown."""
        uri = self._link(path) if self._link is not None else ""
        return f"{style} {LINK}{uri}" if uri else style

    def text(self, *parts: Part, indent: int = 0) -> StyledLine:
        """The parts joined behind so many blanks, each made safe."""
        pairs = [(part, "") if isinstance(part, str) else part for part in parts]
        return StyledLine((" " * indent, ""), *((self.safe(content), style) for content, style in pairs))

    def blank(self) -> None:
        """An empty line, unless there is one already or nothing precedes it."""
        if self._lines and self._lines[-1].plain_text:
            self._lines.append(StyledLine())

    def line(self, *parts: Part, indent: int = 0) -> None:
        """One line that is never wrapped: citations stay in one piece for copying."""
        self._lines.append(self.text(*parts, indent=indent))

    def clipped(self, *parts: Part, indent: int = 0) -> None:
        """One line, cut at the sheet's edge."""
        self._lines.append(self.text(indent=indent) + self._fit(self.text(*parts), self.width - indent))

    def paragraph(self, *parts: Part, indent: int = 0, lead: Sequence[Part] = ()) -> None:
        """Wrapped text; the lines after the first hang below the end of ``lead``."""
        head = self.text(*lead, indent=indent)
        hang = min(head.cells, self.width // 2)
        below = self.text(indent=hang)
        if head.cells > hang:
            self._lines.append(head)
            head = below
        for piece in self.text(*parts).wrapped(self.width - hang):
            self._lines.append(head + piece)
            head = below

    def heading(self, title: str, *rest: Part) -> None:
        """A title with a line to the sheet's edge."""
        head = self.text((title, "bold"), *(("  ", *rest) if rest else ()), " ")
        mark = "─" if self._unicode else "-"
        self.blank()
        self._lines.append(head + StyledLine((mark * max(self.width - head.cells, 3), "dim")))

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Part]], indent: int = 0) -> None:
        """Aligned columns; columns without any content are left out."""
        cells = [[self.text(part) for part in row] for row in rows]
        used = [i for i in range(len(columns)) if any(row[i].plain_text for row in cells)]
        used, widths = _layout([columns[i] for i in used], used, cells, self.width - indent)
        self._row([self.text((columns[i].title, "dim")) for i in used], used, widths, columns, indent)
        for row in cells:
            self._row([row[i] for i in used], used, widths, columns, indent)

    def render(self) -> str:
        """Everything so far as text, each line without trailing blanks and ended by a newline."""
        return "".join(f"{line.stripped().sent(color=self._color)}\n" for line in self._lines)

    def _row(
        self,
        row: list[StyledLine],
        used: list[int],
        widths: list[int],
        columns: Sequence[Column],
        indent: int,
    ) -> None:
        gap = StyledLine((" " * _GAP, ""))
        pieces = [StyledLine((" " * indent, ""))]
        for cell, i, width in zip(row, used, widths, strict=True):
            shown = self._fit(cell, width, tail=columns[i].tail)
            pad = StyledLine((" " * (width - shown.cells), ""))
            pieces += (pad, shown, gap) if columns[i].right else (shown, pad, gap)
        self._lines.append(StyledLine.joined(pieces))

    def _fit(self, text: StyledLine, width: int, *, tail: bool = False) -> StyledLine:
        if text.cells <= width:
            return text
        mark = self.safe("…")
        room = max(width - cells_of(mark), 1)
        if tail:
            kept = chop_cells(text.plain_text[::-1], room)[0][::-1]
            return StyledLine((mark + kept, text.first_style))
        return text.part(0, len(chop_cells(text.plain_text, room)[0])) + StyledLine((mark, "dim"))


def _layout(
    columns: list[Column], used: list[int], cells: list[list[StyledLine]], room: int
) -> tuple[list[int], list[int]]:
    """The columns kept and their widths: shrunk first, then dropped, then left to run over."""
    kept = list(zip(columns, used, strict=True))
    while True:
        widths = [max([cells_of(c.title), *(row[i].cells for row in cells)]) for c, i in kept]
        floors = [min(w, c.shrink) for w, (c, _) in zip(widths, kept, strict=True)]
        room_for_cells = room - _GAP * (len(kept) - 1)
        rank = max((column.drop for column, _ in kept), default=0)
        if sum(floors) <= room_for_cells or not rank:
            return [i for _, i in kept], _shrunk(widths, floors, room_for_cells)
        kept = [(column, i) for column, i in kept if column.drop < rank]


def _shrunk(widths: list[int], floors: list[int], room: int) -> list[int]:
    """Widths that fit ``room`` where the floors allow it, the widest cut first."""
    now = list(widths)
    while sum(now) > room:
        loose = [i for i in range(len(now)) if now[i] > floors[i]]
        if not loose:
            break
        now[max(loose, key=lambda i: now[i])] -= 1
    return now
