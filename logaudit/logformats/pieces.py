"""The words of this room: heads, log format errors, and the pieces a format string is made of."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.core.timestamp import Stamp

#: Characters of a first line's message that are kept.
MESSAGE_LIMIT: Final = 65_536


class LogFormatError(UserError):
    """A format string that cannot be compiled; names the token and, where there is one, a near miss."""


class RecordHeader(NamedTuple):
    """What a record's first line says.

    Attributes:
        stamp: the written time.
        level: upper-case level name, empty when the log format prints none.
        module: dotted module, file stem or logger name, whichever the log format prints; may be empty.
        function: may be empty.
        lineno: the line in the emitter's source, 0 when not printed.
        message: the rest of the first line, at most `MESSAGE_LIMIT` characters. Only JSON records
            hold newlines here.
    """

    stamp: Stamp
    level: str
    module: str
    function: str
    lineno: int
    message: str


class Slot(StrEnum):
    """The parts of a head that a piece may capture."""

    STAMP = "stamp"
    LEVEL = "level"
    MODULE = "module"
    FUNCTION = "function"
    LINE = "line"


#: What one character position of a line may hold, for telling log formats apart without matching:
#: one of these classes, or the one character itself. A class holds every character that the regexes of its
#: pieces accept there, by their own definition: ``[0-9]``, ``[^\W\d_]`` (``²`` is such a letter, as `str.isalnum`
#: says and `str.isalpha` denies), ``[\w<]`` and ``[+-]``.
DIGIT: Final = "digit"
LETTER: Final = "letter"
WORD: Final = "word"
SIGN: Final = "sign"


class Piece(Struct, frozen=True):
    """A stretch of a line: a literal, a field, or a written time.

    Attributes:
        regex: what it matches; holds no capturing group.
        slot: the part of the head it fills, None for text that is only skipped.
        before, after: regexes of padding, outside of the captured text.
        strict: as ``regex``, but only for the usual words; empty when there are none.
        shape: classes of the leading character positions, as far as they are certain.
        fixed: whether ``shape`` covers all of the piece.
        tag: tells apart pieces of one regex and different meaning (day/month, month/day).
    """

    regex: str
    slot: Slot | None = None
    before: str = ""
    after: str = ""
    strict: str = ""
    shape: tuple[str, ...] = ()
    fixed: bool = False
    tag: str = ""


@lru_cache(maxsize=4096)
def disjoint(one: str, other: str) -> bool:
    """Whether no character fits both position classes."""
    if len(one) > 1 and len(other) > 1:
        return one != other and (SIGN in (one, other) or WORD not in (one, other))
    if len(one) > 1:
        one, other = other, one
    match other:
        case "digit":
            return not one.isdecimal()
        case "letter":
            return one.isdecimal() or not (one.isalnum() or one == "_")
        case "word":
            return not (one.isalnum() or one in "_<")
        case "sign":
            return one not in "+-"
        case _:
            return one != other


def did_you_mean(word: str, words: Iterable[str], frame: str = "{}", cutoff: float = 0.6) -> str:
    """A sentence that offers the nearest known word, empty when none is near."""
    known = sorted(words)
    near = difflib.get_close_matches(word, known, 1, cutoff)
    if not near:
        lower = {w.lower(): w for w in known}
        near = [lower[w] for w in difflib.get_close_matches(word.lower(), lower, 1, cutoff)]
    return f"Did you mean {frame.format(near[0])}?" if near else ""
