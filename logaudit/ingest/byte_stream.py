"""The bytes of one source on their way to a reader: counted, hashed, and their damage remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from logaudit.core.message import Size, plural
from logaudit.sources import LONGEST, Problem, ProblemKind, Source, SourceError, blocks


class HashingByteStream:
    """The blocks of a source, once.

    Attributes:
        size: bytes that have passed.
        ended: whether the last of them ended a line.
        problem: what stopped the reading, if anything did.
        feeds: line feeds among them; crlf: those behind a carriage return. Both only if they are counted.
    """

    def __init__(self, source: Source, *, count: bool = True, hashed: bool = True) -> None:
        """``count`` is false where the reader counts the lines itself; unless ``hashed`` there is no hash."""
        self.size = 0
        self.ended = True
        self.problem: Problem | None = None
        self.feeds = 0
        self.crlf = 0
        self._source = source
        self._count = count
        self._hash = hashlib.sha256() if hashed else None

    def __iter__(self) -> Iterator[bytes]:
        returned = False
        try:
            for block in blocks(self._source):
                if self._hash is not None:
                    self._hash.update(block)
                self.size += len(block)
                self.ended = block.endswith((b"\n", b"\n\x00"))
                if self._count:
                    self.feeds += block.count(b"\n")
                    self.crlf += block.count(b"\r\n") + (returned and block.startswith(b"\n"))
                    returned = block.endswith(b"\r")
                yield block
        except SourceError as error:
            self.problem = error.problem

    def trouble(self, cut: Sequence[int]) -> Problem | None:
        """What kept some of the text from being read; ``cut`` are the places of lines that lost their rest."""
        if self.problem is not None or not cut:
            return self.problem
        detail = plural(
            "{n} line has more than {limit}; its rest is left out",
            "{n} lines have more than {limit} each; their rest is left out",
            len(cut),
            limit=Size(LONGEST),
        )
        return Problem(self._source.address, ProblemKind.OVER_LIMIT, detail, self.size)

    @property
    def sha256(self) -> str:
        """The hash of what has passed; empty if there is none."""
        return "" if self._hash is None else self._hash.hexdigest()


def newline_of(feeds: int, crlf: int) -> str:
    """How lines end, where not even one in a thousand differs: ``lf``, ``crlf``; else ``mixed``, or ``none``."""
    if not feeds:
        return "none"
    if crlf * 1000 >= feeds * 999:
        return "crlf"
    return "lf" if crlf * 1000 <= feeds else "mixed"
