"""A sheet of styled lines for a terminal: wrapping, tables and the one gate that makes text harmless."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final, TypeAlias

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

from logaudit.model.text import printable

#: Text, or text and a rich style; the text may be hostile, the style is ours.
Part: TypeAlias = "str | tuple[str, str]"

#: Narrower sheets hold nothing readable: lines run over instead.
MIN_WIDTH: Final = 40
_GAP: Final = 2
_ASCII: Final = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "−": "-", "×": "x", "·": "-", "→": "->", "≥": ">=", "≤": "<="}
    | {"│": "|", "─": "-", "✓": "+", "•": "-", "≈": "~", "±": "+/-", "«": '"', "»": '"'}
)


@dataclass(frozen=True, slots=True)
class Column:
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

    def __init__(self, *, width: int, color: bool, unicode: bool) -> None:
        self.width = max(width, MIN_WIDTH)
        self._color = color
        self._unicode = unicode
        self._lines: list[Text] = []
        self._console = self._new_console(StringIO())

    def safe(self, text: str) -> str:
        """``text`` without control characters and, on an ASCII sheet, without typographic signs."""
        shown = printable(text)
        return shown if self._unicode else shown.translate(_ASCII)

    def text(self, *parts: Part) -> Text:
        """The parts joined, each made safe."""
        whole = Text()
        for part in parts:
            content, style = (part, "") if isinstance(part, str) else part
            whole.append(self.safe(content), style)
        return whole

    def blank(self) -> None:
        """An empty line, unless there is one already or nothing precedes it."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Text())

    def line(self, *parts: Part, indent: int = 0) -> None:
        """One line that is never wrapped: citations stay in one piece for copying."""
        self._lines.append(Text(" " * indent).append_text(self.text(*parts)))

    def clipped(self, *parts: Part, indent: int = 0) -> None:
        """One line, cut at the sheet's edge."""
        self._lines.append(Text(" " * indent).append_text(self._fit(self.text(*parts), self.width - indent)))

    def paragraph(self, *parts: Part, indent: int = 0, lead: Sequence[Part] = ()) -> None:
        """Wrapped text; the lines after the first hang below the end of ``lead``."""
        head = Text(" " * indent).append_text(self.text(*lead))
        hang = min(head.cell_len, self.width // 2)
        wrapped = self.text(*parts).wrap(self._console, self.width - hang)
        for number, piece in enumerate(wrapped or [Text()]):
            piece.rstrip()
            start = Text(" " * hang) if number or head.cell_len > hang else head
            if number == 0 and head.cell_len > hang:
                self._lines.append(head)
            self._lines.append(Text().append_text(start).append_text(piece))

    def heading(self, title: str, *rest: Part) -> None:
        """A title with a line to the sheet's edge."""
        head = self.text((title, "bold"), *(("  ", *rest) if rest else ()), " ")
        mark = "─" if self._unicode else "-"
        head.append(mark * max(self.width - head.cell_len, 3), "dim")
        self.blank()
        self._lines.append(head)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Part]], indent: int = 0) -> None:
        """Aligned columns; columns without any content are left out."""
        cells = [[self.text(part) for part in row] for row in rows]
        used = [i for i in range(len(columns)) if any(row[i].plain for row in cells)]
        used, widths = _layout([columns[i] for i in used], used, cells, self.width - indent)
        self._row([self.text((columns[i].title, "dim")) for i in used], used, widths, columns, indent)
        for row in cells:
            self._row([row[i] for i in used], used, widths, columns, indent)

    def render(self) -> str:
        """Everything so far as text, each line without trailing blanks and ended by a newline."""
        out = StringIO()
        console = self._new_console(out)
        for line in self._lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
        return out.getvalue()

    def _row(
        self, row: list[Text], used: list[int], widths: list[int], columns: Sequence[Column], indent: int
    ) -> None:
        line = Text(" " * indent)
        for cell, i, width in zip(row, used, widths, strict=True):
            shown = self._fit(cell, width, tail=columns[i].tail)
            pad = Text(" " * (width - shown.cell_len))
            pieces = [pad, shown] if columns[i].right else [shown, pad]
            line.append_text(pieces[0]).append_text(pieces[1]).append(" " * _GAP)
        self._lines.append(line)

    def _fit(self, text: Text, width: int, *, tail: bool = False) -> Text:
        if text.cell_len <= width:
            return text
        mark = self.safe("…")
        room = max(width - cell_len(mark), 1)
        style = text.spans[0].style if text.spans else ""
        if tail:
            kept = chop_cells(text.plain[::-1], room)[0][::-1]
            return Text(mark + kept, style)
        return text[: len(chop_cells(text.plain, room)[0])].append(mark, "dim")

    def _new_console(self, file: StringIO) -> Console:
        # An empty environment: COLUMNS, NO_COLOR or TERM of this process must not change a pure renderer.
        return Console(
            file=file,
            width=self.width,
            color_system="standard" if self._color else None,
            no_color=not self._color,
            force_terminal=self._color,
            force_jupyter=False,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )


def _layout(
    columns: list[Column], used: list[int], cells: list[list[Text]], room: int
) -> tuple[list[int], list[int]]:
    """The columns kept and their widths: shrunk first, then dropped, then left to run over."""
    kept = list(zip(columns, used, strict=True))
    while True:
        widths = [max([cell_len(c.title), *(row[i].cell_len for row in cells)]) for c, i in kept]
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
