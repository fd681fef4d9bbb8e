"""Physical lines → logical lines: decoding, NULs, line ends, and cells with line breaks inside quotes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ledger.columns import split, split_lines
from logaudit.ledger.table import Newline

#: A cell that runs on for longer is a stray quote, not a text.
MAX_SPAN: Final = 64
_BOM: Final = b"\xef\xbb\xbf"
_CRLF: Final = 2
#: Control characters but the tab, and what stands in the place of bytes that are no text.
_CONTROL: Final = lazy_pattern("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\ufffd]")


class LogicalLine(Struct, frozen=True):
    """One physical line: 1-based number, byte offset, text without its line end and NULs.

    ``noisy`` are those with bytes in them that no writer of text writes, NULs among them.
    """

    number: int
    offset: int
    text: str
    nuls: bool = False
    noisy: bool = False


class Feed:
    """Hands out lines one by one, and takes them back.

    Line ends are told by the distance between offsets, so it does not matter that lines come without.

    Args:
        source: byte offset and bytes of each line.
        skipped: how many lines the source leaves out before the line at an offset.

    Attributes:
        lines: physical lines read so far, with those left out; taken: without them.
        size: offset just past the last line's text.
    """

    def __init__(self, source: Iterable[tuple[int, bytes]], skipped: Mapping[int, int] | None = None) -> None:
        self.lines = self.taken = 0
        self._skipped = skipped or {}
        self.size = 0
        self._source: Iterator[tuple[int, bytes]] = iter(source)
        self._returned: deque[LogicalLine] = deque()
        self._lf = self._crlf = 0
        self._carriage = False

    @property
    def skips(self) -> bool:
        """Whether lines are left out."""
        return bool(self._skipped)

    def next(self) -> LogicalLine | None:
        """The next line, None at the end."""
        if self._returned:
            return self._returned.popleft()
        item = next(self._source, None)
        if item is None:
            return None
        offset, raw = item
        left_out = self._skipped.get(offset, 0)
        if self.lines and not left_out:
            self._count_end(offset - self.size)
        self.size = offset + len(raw)
        self._carriage = raw.endswith(b"\r")
        raw = raw.removeprefix(_BOM)  # files put one behind the other keep theirs in the middle
        self.lines += 1 + left_out
        self.taken += 1
        nuls = b"\0" in raw
        if nuls:
            raw = raw.replace(b"\0", b"")
        text = raw.decode("utf-8", "backslashreplace").rstrip("\r\n")
        return LogicalLine(self.lines, offset, text, nuls, nuls or _is_noisy(text, raw))

    def count_last_end(self) -> None:
        """Counts the line end after the last line, taken to be like those before it.

        A file of a single line whose carriage return the caller removed looks like one with a line feed.
        """
        if not self._lf and not self._crlf:
            self._count_end(1)

    def _count_end(self, width: int) -> None:
        if width >= _CRLF or self._carriage:
            self._crlf += 1
        else:
            self._lf += 1

    def exhausted(self) -> bool:
        """Whether no line is left; reads on by one line to know."""
        if not self._returned:
            more = self.next()
            if more is not None:
                self._returned.append(more)
        return not self._returned

    def give_back(self, lines: Iterable[LogicalLine]) -> None:
        """Lines that turned out not to belong to the one before: they are handed out again, in order."""
        self._returned.extendleft(reversed(tuple(lines)))

    def cells(self, line: LogicalLine, delimiter: str) -> tuple[list[str] | None, tuple[LogicalLine, ...]]:
        """The cells of the logical line that begins with ``line``, and the further lines it takes.

        The cells are None when a quote stays open; then no further line is taken.
        """
        if '"' not in line.text:
            return line.text.split(delimiter), ()
        cells = split(line.text, delimiter)
        return (cells, ()) if cells is not None else self._joined(line, delimiter)

    def _joined(self, line: LogicalLine, delimiter: str) -> tuple[list[str] | None, tuple[LogicalLine, ...]]:
        taken: list[LogicalLine] = []
        while len(taken) < MAX_SPAN:
            more = self.next()
            if more is None:
                break
            taken.append(more)
            if more.text.count('"') % 2:  # only an odd number of quotes can end a quoted cell
                cells, closed = split_lines([line.text, *(t.text for t in taken)], delimiter)
                if cells is None:
                    break
                if closed:
                    return cells, tuple(taken)
        self.give_back(taken)
        return None, ()

    @property
    def newline(self) -> Newline:
        """How the lines that were read end."""
        match bool(self._lf), bool(self._crlf):
            case True, True:
                return Newline.MIXED
            case True, False:
                return Newline.LF
            case False, True:
                return Newline.CRLF
            case _:
                return Newline.NONE


def _is_noisy(text: str, raw: bytes) -> bool:
    """Whether control characters, or bytes that are no text, stand in a line."""
    if text.isascii() and text.isprintable():
        return not raw.isascii()
    return _CONTROL.search(text) is not None or len(text.encode()) != len(raw.rstrip(b"\r\n"))


def text_of(raw: bytes) -> str:
    """A physical line as text, without NULs and its line end."""
    return raw.replace(b"\0", b"").decode("utf-8", "backslashreplace").rstrip("\r\n")
