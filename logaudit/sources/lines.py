"""Splits UTF-8 blocks into lines, and cleans a line of what was meant for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_ESCAPE: Final = 0x1B
_NUL: Final = 0
_BOM: Final = b"\xef\xbb\xbf"
# Only complete sequences are taken out: an unfinished one must not swallow the text behind it.
_NOISE: Final = re.compile(
    rb"\x1b(?:"
    rb"\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    rb"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    rb"|[PX^_][^\x1b]*\x1b\\"  # DCS, SOS, PM, APC
    rb"|[ -/]+[0-~]"  # character sets
    rb")?"
    rb"|\x00+"
)


def lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    r"""Offset and bytes of each line, without its ``\n`` and the ``\r`` before it.

    The offset is the line's first byte in the whole stream. Only ``\n`` ends a line; more than one ``\r``
    before it (text mode applied twice) belongs to the line end too. The last line needs no ``\n``; a ``\r``
    at its end counts as half of one.
    """
    start = 0
    pending: list[bytes] = []
    for block in blocks:
        pieces = block.split(b"\n")
        pending.append(pieces[0])
        if len(pieces) == 1:
            continue
        pieces[0] = b"".join(pending)
        pending = [pieces.pop()]
        for piece in pieces:
            yield start, piece.rstrip(b"\r")
            start += len(piece) + 1
    if last := b"".join(pending):
        yield start, last.rstrip(b"\r")


def clean(line: bytes) -> bytes:
    """The line without NULs, terminal escape sequences and a byte order mark at its start."""
    if _ESCAPE in line or _NUL in line:  # integers: an order of magnitude faster than bytes, once a line
        line = _NOISE.sub(b"", line)
    return line.removeprefix(_BOM)
