"""Splits UTF-8 blocks into lines, and cleans a line of what was meant for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.limits import DEFAULT_LIMITS

_ESCAPE: Final = 0x1B
_NUL: Final = 0
_BOM: Final = b"\xef\xbb\xbf"
#: Bytes that are worth being looked at together, and few enough to be looked at twice.
STRETCH: Final = 1 << 16
#: Bytes that are kept of one line where nobody says otherwise.
LONGEST: Final = DEFAULT_LIMITS.line_size
# Only complete sequences are taken out: an unfinished one must not swallow the text behind it.
_NOISE: Final = lazy_pattern(
    rb"\x1b(?:"
    rb"\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    rb"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    rb"|[PX^_][^\x1b]*\x1b\\"  # DCS, SOS, PM, APC
    rb"|[ -/]+[0-~]"  # character sets
    rb")?"
    rb"|\x00+"
)
_NULS: Final = lazy_pattern(rb"\x00+")
#: How a line begins that opens a record, whatever its format: with a date, or with a time.
_DATED: Final = lazy_pattern(
    rb"(?:\x1b\[[0-9;]*m)?[^\w\s]{0,2}\s?(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d:\d\d:\d\d)"
)
#: Stands before what is left of a line with a hole in it: it opens no record, and belongs to none.
TORN: Final = "\0"


def line_chunks(
    blocks: Iterable[bytes], size: int = STRETCH, cut: list[int] | None = None, longest: int = LONGEST
) -> Iterator[tuple[int, bytes]]:
    r"""The same bytes cut behind line ends: offset and bytes of some whole lines, never none.

    Behind the line that it begins with, a stretch holds at most ``size`` bytes. Only the last may lack the
    ``\n``. A line of more than ``longest`` bytes comes alone and without its rest, and ``cut`` gets its offset;
    of more NULs than that in a row one is left, as `clean` takes them out anyway.
    """
    start = 0
    line = _Unfinished(longest)
    for block in blocks:
        at = 0
        if line.length:
            at = block.find(b"\n") + 1
            if not at:
                line.add(block)
                continue
            if line.length + at > longest:
                line.add(block[:at])
                yield start, line.taken(start, cut)
                start, line = start + line.length, _Unfinished(longest)
            else:
                at = 0
        while end := block.rfind(b"\n", at, at + size) + 1 or block.find(b"\n", at + size) + 1:
            stretch = line.before(block[at:end])
            yield start, stretch
            start, line = start + len(stretch), _Unfinished(longest)
            at = end
        if at < len(block):
            line.add(block[at:])
    if line.length:
        yield start, line.taken(start, cut)


class _Unfinished:
    """A line whose end was not seen yet: the bytes that are kept of it, and the ``length`` of all."""

    __slots__ = ("_kept", "_longest", "_parts", "length")

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._parts: list[bytes] = []
        self._kept = 0
        self.length = 0

    def add(self, part: bytes) -> None:
        self.length += len(part)
        if self._kept > self._longest:
            return
        self._parts.append(part)
        self._kept += len(part)
        if self._kept > self._longest:
            self._parts = [_NULS.sub(b"\0", b"".join(self._parts))]
            self._kept = len(self._parts[0])

    def before(self, rest: bytes) -> bytes:
        """The line, which is not too long, and what follows it."""
        return b"".join([*self._parts, rest])

    def taken(self, start: int, cut: list[int] | None) -> bytes:
        """What is kept; an end stands where the rest was left out."""
        text = b"".join(self._parts)
        if self._kept <= self._longest:
            return text
        if cut is not None:
            cut.append(start)
        return text[: self._longest] + b"\n"


def lines(
    blocks: Iterable[bytes], cut: list[int] | None = None, longest: int = LONGEST
) -> Iterator[tuple[int, bytes]]:
    r"""Offset and bytes of each line, without its ``\n`` and the ``\r`` before it.

    The offset is the line's first byte in the whole stream. Only ``\n`` ends a line; more than one ``\r``
    before it (text mode applied twice) belongs to the line end too. The last line needs no ``\n``; a ``\r``
    at its end counts as half of one. ``cut`` gets the offsets of lines that lost their rest (see `line_chunks`).
    """
    for start, stretch in line_chunks(blocks, cut=cut, longest=longest):
        if stretch.find(b"\n", 0, -1) < 0:  # a long line, which is passed over much faster than it is split
            yield start, stretch.rstrip(b"\n").rstrip(b"\r")
            continue
        at = start
        for line in stretch.removesuffix(b"\n").split(b"\n"):
            yield at, line.rstrip(b"\r")
            at += len(line) + 1


def _without_noise(line: bytes) -> bytes:
    """As substitution does it, which keeps a list of a hundred bytes for each sequence of a long line."""
    kept, at = bytearray(), 0
    for noise in _NOISE.finditer(line):
        kept += line[at : noise.start()]
        at = noise.end()
    kept += line[at:]
    return bytes(kept)


def is_torn(line: bytes) -> bool:
    """Whether NULs stand between the text of a line: what is before them and what is behind may be two records.

    Letters of two bytes each, which a program appends to a file of others, are no such holes.
    """
    text = line.strip(b"\0 \t\r")
    return _NUL in text and (b"\0\0" in text or text.count(b"\0") < len(text) // 2)


def clean(line: bytes) -> bytes:
    """The line without NULs, terminal escape sequences and a byte order mark at its start.

    Of a line that `is_torn` what is behind its last hole is left where it begins like a record, else what is before
    the first, which then says by `TORN` that it is no record.
    """
    if _ESCAPE in line or _NUL in line:  # integers: an order of magnitude faster than bytes, once a line
        if _NUL in line and is_torn(line):
            text = line.strip(b"\0 \t\r")
            behind = text[text.rindex(b"\0") + 1 :]
            if _DATED.match(behind) is None:
                return TORN.encode() + clean(text[: text.index(b"\0")])
            line = behind
        line = _NOISE.sub(b"", line) if len(line) <= STRETCH else _without_noise(line)
    return line.removeprefix(_BOM)
