"""The bytes of one source on their way to a reader: counted, hashed, and their damage remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from logaudit.core.message import Size, msg, plural
from logaudit.sources import Container, Problem, ProblemKind, Source, SourceError, blocks

#: So many NULs in a row are no slip of one line.
HOLE: Final = bytes(64)
#: Line feeds of a block that are found one by one before the others are counted: where there are few, counting them
#: takes fifty times as long.
_SPARSE: Final = 16
_RETURN: Final = 13


class HashingByteStream:
    """The blocks of a source, once.

    Attributes:
        size: bytes that have passed.
        ended: whether the last of them ended a line.
        problem: what stopped the reading, if anything did.
        feeds: line feeds among them; crlf: those behind a carriage return.
        holes: whether there were NULs in a row where text should be. All three only if they are counted.
        torn: whether there were some within a line; to be set by who reads the lines.
    """

    def __init__(self, source: Source, *, count: bool = True, hashed: bool = True, log: bool = False) -> None:
        """``count`` is false where the reader counts the lines itself; unless ``hashed`` there is no hash."""
        self.size = 0
        self.ended = True
        self.problem: Problem | None = None
        self.holes = self.torn = False
        self.feeds = 0
        self.crlf = 0
        self._source = source
        self._count = count
        self._log = log
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
                    self.holes = self.holes or HOLE in block
                    self.feeds += _feeds(block)
                    within = block.count(b"\r\n") if _RETURN in block else 0
                    self.crlf += within + (returned and block.startswith(b"\n"))
                    returned = block.endswith(b"\r")
                yield block
        except SourceError as error:
            self.problem = error.problem
        else:
            self.problem = changed_size(self._source, self.size)

    def trouble(self, cut: Sequence[int]) -> Problem | None:
        """What kept some of the text from being read; ``cut`` are the places of lines that lost their rest."""
        if self.problem is not None:
            return self.problem
        if not cut:
            begins = self._log and not self.torn
            return hole_in(self._source, self.size, log=begins) if self.holes or self.torn else None
        detail = plural(
            "{n} line has more than {limit}; its rest is left out",
            "{n} lines have more than {limit} each; their rest is left out",
            len(cut),
            limit=Size(self._source.limits.line_size),
        )
        kind = ProblemKind.OVER_LIMIT
        return Problem(self._source.address, kind, detail, self.size, limit="line_size")

    @property
    def sha256(self) -> str:
        """The hash of what has passed; empty if there is none."""
        return "" if self._hash is None else self._hash.hexdigest()


def _feeds(block: bytes) -> int:
    """The line feeds of a block."""
    at = -1
    for found in range(_SPARSE):
        at = block.find(b"\n", at + 1)
        if at < 0:
            return found
    return _SPARSE + block.count(b"\n", at + 1)


def hole_in(source: Source, read: int, *, log: bool) -> Problem:
    """What is wrong with a text of which a part was overwritten, or never written.

    A log that was copied and emptied under its writer (copytruncate) begins so: it lacks nothing, its lines are in
    the copy, and it covers the time from its first line on.
    """
    if log and _is_hole_first(source):
        detail = msg("NUL bytes stand before its first line, as where a file was emptied under its writer")
        return Problem(source.address, ProblemKind.UNREADABLE, detail, read)
    detail = msg(
        "NUL bytes stand where text was, as after a crash or where a file was emptied under its writer"
    )
    return Problem(source.address, ProblemKind.DAMAGED, detail, read)


def _is_hole_first(source: Source) -> bool:
    """Whether nothing but the beginning of a text are NULs in a row."""
    end = b""
    begun = False
    with suppress(SourceError):
        for block in blocks(source):
            text = block if begun else block.lstrip(b"\0")
            begun = begun or bool(text)
            if HOLE in end + text:
                return False
            end = text[-len(HOLE) :]
    return begun


def changed_size(source: Source, read: int) -> Problem | None:
    """What is wrong with a plain file that had another size when it was found than when it was read."""
    if source.container is not Container.PLAIN or read == source.size:
        return None
    if read < source.size:
        detail = msg(
            "it was cut from {before} to {now} while it was read", before=Size(source.size), now=Size(read)
        )
    else:
        detail = msg(
            "it grew from {before} to {now} while it was read", before=Size(source.size), now=Size(read)
        )
    return Problem(source.address, ProblemKind.UNREADABLE, detail, read)


def newline_of(feeds: int, crlf: int) -> str:
    """How lines end, where not even one in a thousand differs: ``lf``, ``crlf``; else ``mixed``, or ``none``."""
    if not feeds:
        return "none"
    if crlf * 1000 >= feeds * 999:
        return "crlf"
    return "lf" if crlf * 1000 <= feeds else "mixed"
