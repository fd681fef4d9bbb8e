"""A stretch of a text in memory: filled block by block, given up from its front, never copied twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

#: Zero bytes kept behind the text, so that a fixed number of bytes can be taken from any line's start.
SPARE: Final = 256


class TextBuffer:
    """The text from `offset` on, as far as it is read.

    Attributes:
        data: holds the text in its first `size` bytes, and at least `SPARE` zeros behind it.
        offset: where in the text ``data`` begins.
        ended: whether the text ends with the window.
    """

    def __init__(self, blocks: Iterator[bytes], offset: int, data: bytearray | None) -> None:
        """``data`` may be that of a window no longer in use: fresh memory costs more than what is done in it."""
        self.data = bytearray(SPARE) if data is None else data
        self.size = 0
        self.offset = offset
        self.ended = False
        self._blocks = blocks

    def fill(self, size: int) -> None:
        """Reads on until the window holds ``size`` bytes or a little more, or the text ends."""
        while self.size < size and not self.ended:
            block = next(self._blocks, None)
            if block is None:
                self.ended = True
            else:
                self._append(block, size)
        self.data[self.size : self.size + SPARE] = bytes(SPARE)

    def drop(self, count: int) -> None:
        """Gives up the first ``count`` bytes."""
        rest = self.data[count : self.size]
        self.data[: len(rest)] = rest
        self.size = len(rest)
        self.offset += count

    def _append(self, block: bytes, size: int) -> None:
        end = self.size + len(block)
        if end + SPARE > len(self.data):
            # A new one: the old may still be looked at as an array, which forbids it to grow.
            room = max(size + len(block), end) + SPARE
            self.data = self.data[: self.size] + bytes(room - self.size)
        self.data[self.size : end] = block
        self.size = end
