"""Lines of text in styled runs: how wide they are, where they wrap, and what a terminal is sent for them.

Rich knows how to do all of this, and much more: loading it takes longer than judging a small folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

from logaudit.core.lazy_pattern import lazy_pattern

#: What a terminal is told for each word of a style. The colours are of the 256 of xterm, of medium lightness:
#: the 16 that a theme sets are unreadable on its light or on its dark ground, blue and yellow first of all.
_CODES: Final = {
    "bold": "1", "dim": "2", "italic": "3", "underline": "4",
    "red": "38;5;160", "green": "38;5;28", "yellow": "38;5;130", "blue": "38;5;32", "cyan": "38;5;30",
}  # fmt: skip
#: How a style says where its text leads to.
LINK: Final = "link="
#: Behind what a path or a dotted name is best cut, the best first.
_SEAMS: Final = (":/!", "._-")
_WORD: Final = lazy_pattern(r" *[^ ]+ *")


class StyledLine:
    """One line: runs of printable text, each with the words of its style, such as ``bold red``."""

    __slots__ = ("_runs",)

    def __init__(self, *runs: tuple[str, str]) -> None:
        self._runs = [run for run in runs if run[0]]

    @property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """Texts that are not empty, each with its style."""
        return tuple(self._runs)

    @property
    def plain_text(self) -> str:
        """Its text."""
        return "".join(text for text, _ in self._runs)

    @property
    def cells(self) -> int:
        """How many cells of a terminal it takes."""
        return cells_of(self.plain_text)

    @property
    def first_style(self) -> str:
        """The style of the first run that has one; empty without."""
        return next((style for _, style in self._runs if style), "")

    def __add__(self, other: StyledLine) -> StyledLine:
        return StyledLine(*self._runs, *other._runs)

    @classmethod
    def joined(cls, pieces: Iterable[StyledLine]) -> StyledLine:
        """All of them in one line."""
        return cls(*(run for piece in pieces for run in piece.runs))

    def part(self, start: int, stop: int) -> StyledLine:
        """What stands between two places, counted in characters."""
        runs: list[tuple[str, str]] = []
        at = 0
        for text, style in self._runs:
            runs.append((text[max(start - at, 0) : max(stop - at, 0)], style))
            at += len(text)
        return StyledLine(*runs)

    def stripped(self) -> StyledLine:
        """Without blanks at the end."""
        text = self.plain_text
        return self.part(0, len(text.rstrip(" "))) if text.endswith(" ") else self

    def wrapped(self, width: int) -> Iterator[StyledLine]:
        """Lines of at most ``width`` cells, broken between words where that is possible; at least one."""
        if self.cells <= width:
            yield self.stripped()
            return
        starts = [0, *breaks(self.plain_text, width)]
        for start, stop in zip(starts, [*starts[1:], len(self.plain_text)], strict=True):
            yield self.part(start, stop).stripped()

    def sent(self, *, color: bool) -> str:
        """What a terminal is sent."""
        return "".join(map(_colored, self._runs)) if color else self.plain_text


def cells_of(text: str) -> int:
    """How many cells of a terminal a printable text takes."""
    return len(text) if text.isascii() else cell_len(text)


def breaks(text: str, width: int) -> Iterator[int]:
    """Where the second line begins, the third and so on; a word that is wider than a line is cut in it."""
    taken = 0
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        needed = cells_of(word.rstrip(" "))
        if needed <= width - taken:
            taken += cells_of(word)
            continue
        pieces = [*_pieces(word, width)] if needed > width else [word]
        yield from _starts(start, pieces)
        taken = cells_of(pieces[-1])


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word that is wider than a line, cut behind a mark that parts paths and names where one stands late enough."""
    while cell_len(word.rstrip(" ")) > width:
        head = chop_cells(word[:width], width)[0]
        late = len(head) // 2
        ends = (max(map(head.rfind, marks)) + 1 for marks in _SEAMS)
        cut = next((end for end in ends if end > late), len(head))
        yield word[:cut]
        word = word[cut:]
    yield word


def _starts(start: int, pieces: Iterable[str]) -> Iterator[int]:
    for piece in pieces:
        if start:
            yield start
        start += len(piece)


def _colored(run: tuple[str, str]) -> str:
    text, style = run
    words = style.split()
    uri = next((word.removeprefix(LINK) for word in words if word.startswith(LINK)), "")
    if codes := ";".join(_CODES[word] for word in words if not word.startswith(LINK)):
        text = f"\x1b[{codes}m{text}\x1b[0m"
    return f"\x1b]8;;{uri}\x1b\\{text}\x1b]8;;\x1b\\" if uri else text
