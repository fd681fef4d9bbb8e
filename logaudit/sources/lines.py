"""Splits UTF-8 blocks into lines, and cleans a line of what was meant for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_ESCAPE: Final = 0x1B
_NUL: Final = 0
_BOM: Final = b"\xef\xbb\xbf"
#: Bytes that are worth being looked at together, and few enough to be looked at twice.
STRETCH: Final = 1 << 16
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


def stretches(blocks: Iterable[bytes], size: int = STRETCH) -> Iterator[tuple[int, bytes]]:
    r"""The same bytes cut behind line ends: offset and bytes of some whole lines, never none.

    Behind the line that it begins with, a stretch holds at most ``size`` bytes. Only the last may lack the
    ``\n``.
    """
    start = 0
    pending: list[bytes] = []
    for block in blocks:
        at = 0
        while end := block.rfind(b"\n", at, at + size) + 1 or block.find(b"\n", at + size) + 1:
            stretch = b"".join([*pending, block[at:end]])
            pending.clear()
            yield start, stretch
            start += len(stretch)
            at = end
        if at < len(block):
            pending.append(block[at:])
    if pending:
        yield start, b"".join(pending)


def lines(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    r"""Offset and bytes of each line, without its ``\n`` and the ``\r`` before it.

    The offset is the line's first byte in the whole stream. Only ``\n`` ends a line; more than one ``\r``
    before it (text mode applied twice) belongs to the line end too. The last line needs no ``\n``; a ``\r``
    at its end counts as half of one.
    """
    at = 0
    for _, stretch in stretches(blocks):
        for line in stretch.removesuffix(b"\n").split(b"\n"):
            yield at, line.rstrip(b"\r")
            at += len(line) + 1


def clean(line: bytes) -> bytes:
    """The line without NULs, terminal escape sequences and a byte order mark at its start."""
    if _ESCAPE in line or _NUL in line:  # integers: an order of magnitude faster than bytes, once a line
        line = _NOISE.sub(b"", line)
    return line.removeprefix(_BOM)
