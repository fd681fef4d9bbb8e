"""Text dialects: one anchored regex for everything before the message, and heads built from its match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import count, groupby
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.dialect.time_tokens import TimeToken
from logaudit.dialect.times import StampReader
from logaudit.dialect.types import MESSAGE_LIMIT, Head, Piece, Slot
from logaudit.model.stamp import Stamp

#: The start of a record whose head is not built yet.
TextOpening: TypeAlias = "tuple[Stamp, TextReading, re.Match[str]]"
#: Group numbers by slot; a written time may have several parts.
_Slots: TypeAlias = dict[Slot, tuple[int, ...]]
_PRINTED: Final = (Slot.LEVEL, Slot.MODULE, Slot.FUNCTION, Slot.LINE)
_NO_STAMP: Final = Stamp(0)
#: Characters of a message's end in which the tail is looked for.
_TAIL_LIMIT: Final = 2_048


class TextDialect(Struct, frozen=True, dict=True):  # dict: its regex is compiled when first asked for
    """How records begin, compiled from a format string.

    Attributes:
        name: the format string, with the datefmt in brackets where there is one.
        specificity: grows with every field and every literal character that a line must show.
        pieces: everything before the message.
        tail: everything after it, which a multi-line message leaves to a later line.
        time: the tokens of the written time; parts that fields separate are joined by newlines.
        utc: whether the format states that times are UTC.
        levels: printed text and level name of the usual levels, empty when no level is printed.
        fill: what pads the message, empty for nothing.
    """

    name: str
    specificity: int
    pieces: tuple[Piece, ...]
    tail: tuple[Piece, ...]
    time: tuple[TimeToken, ...]
    utc: bool
    levels: tuple[tuple[str, str], ...]
    fill: str = ""

    def match(self, line: str) -> Head | None:
        """The head of a record's first line; None when the line does not begin a record of this dialect."""
        opening = self.open(line)
        return None if opening is None else opening[1].head(opening[2], opening[0])

    def open(self, line: str) -> TextOpening | None:
        """As `match`, with the head left to be built."""
        return self._alone.open(line)

    @cached_property
    def _alone(self) -> Assembly:
        return assemble((self,))


def with_usual_levels(dialect: TextDialect) -> TextDialect:
    """The dialect, held to the usual level names: for layouts that any two words would fit."""
    pieces = tuple(replace(p, regex=p.strict or p.regex) for p in dialect.pieces)
    return replace(dialect, pieces=pieces)


def shape_of(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Classes of the leading character positions of consecutive pieces, as far as they are certain."""
    found: list[str] = []
    for piece in pieces:
        found += piece.shape
        if not piece.fixed:
            break
    return tuple(found)


class TextReading:
    """How a match of an assembled regex becomes the head of one dialect's record."""

    __slots__ = (
        "_chunks", "_fill", "_groups", "_level", "_levels", "_tail", "_tail_slots", "dialect", "doubtful",
        "reader", "time",
    )  # fmt: skip

    def __init__(self, dialect: TextDialect, slots: _Slots, marker: int) -> None:
        """``marker`` is a group that matches emptiness: it stands for what the head does not print."""
        self.dialect = dialect
        #: Whether another dialect may be surer of a line that shows no usual level in this one.
        self.doubtful = False
        self.reader = StampReader(dialect.time, utc=dialect.utc)
        self._chunks = slots[Slot.STAMP]
        #: The group of the written time; 0 when it has several.
        self.time = self._chunks[0] if len(self._chunks) == 1 else 0
        self._levels = dict(dialect.levels)
        self._level = slots.get(Slot.LEVEL, (marker,))[0]
        self._groups = tuple(slots.get(slot, (marker,))[0] for slot in _PRINTED)
        self._fill = dialect.fill
        self._tail_slots: _Slots = {}
        numbers = count(2)
        regex = "".join(_emit(piece, self._tail_slots, numbers, strict=False) for piece in dialect.tail)
        self._tail = re.compile(rf"((?s:.*)){regex}\s*") if regex else None

    @property
    def message_last(self) -> bool:
        """Whether a record's first line is its head and then nothing but its message."""
        return self._tail is None and not self._fill

    def usual(self, found: re.Match[str]) -> bool:
        """Whether the level is one of those in common use, which makes the dialect certain."""
        return found[self._level] in self._levels

    def stamp(self, found: re.Match[str]) -> Stamp | None:
        """The written time; None when its digits are no time."""
        return self.reader.read(found[self.time] if self.time else "\n".join(found.group(*self._chunks)))

    def level(self, found: re.Match[str] | Head) -> str:
        """The level name, upper case; the head's, where the format prints it after the message."""
        if isinstance(found, Head):
            return found.level
        if Slot.LEVEL in self._tail_slots:
            return self.head(found, _NO_STAMP).level
        text = found[self._level]
        return self._levels.get(text) or text.upper()

    def head(self, found: re.Match[str] | Head, stamp: Stamp) -> Head:
        """The head of the matched line."""
        if isinstance(found, Head):
            return found
        level, module, function, lineno = found.group(*self._groups)
        at = found.end()
        head = Head(
            stamp,
            self._levels.get(level) or level.upper(),
            module,
            function,
            int(lineno or 0),
            found.string[at : at + MESSAGE_LIMIT].removesuffix("\r"),
        )
        return head if self._tail is None and not self._fill else self._finished(head)

    def _finished(self, head: Head) -> Head:
        """Without the message's padding, and with what the format prints after the message."""
        if self._tail is not None:
            kept, end = head.message[:-_TAIL_LIMIT], head.message[-_TAIL_LIMIT:]
            found = self._tail.fullmatch(end)
            if found is not None:
                tail = {slot: found[numbers[0]] for slot, numbers in self._tail_slots.items()}
                level = tail.get(Slot.LEVEL, "")
                head = head._replace(
                    level=head.level or self._levels.get(level) or level.upper(),
                    module=head.module or tail.get(Slot.MODULE, ""),
                    function=head.function or tail.get(Slot.FUNCTION, ""),
                    lineno=head.lineno or int(tail.get(Slot.LINE) or 0),
                    message=kept + found[1],
                )
        return head._replace(message=head.message.strip(self._fill)) if self._fill else head


class Assembly(Struct, frozen=True, dict=True):  # dict: as above
    """Several dialects in one regex, and by the number of the last group that matched, whose it was."""

    written: str
    readings: dict[int | None, TextReading]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All of them, tried in order."""
        return re.compile(self.written)

    def open(self, line: str) -> TextOpening | None:
        """The first dialect that matches; None when its digits are no time, too."""
        found = self.regex.match(line)
        if found is None:
            return None
        reading = self.readings[found.lastindex]
        stamp = reading.stamp(found)
        return None if stamp is None else (stamp, reading, found)


def assemble(dialects: Iterable[TextDialect], *, strict: bool = False) -> Assembly:
    """One regex that tries the dialects in the given order; shared beginnings are matched once.

    Args:
        dialects: in order of preference.
        strict: accept only the usual levels.
    """
    numbers = count(1)
    readings: dict[int | None, TextReading] = {}
    rest = [(dialect, dialect.pieces) for dialect in dialects]
    regex = _alternatives(rest, {}, numbers, readings, strict=strict) if rest else "(?!)"
    return Assembly(regex, readings)


def starting_regex(dialect: TextDialect) -> str:
    """A regex, without groups, for the start of a line up to its written time."""
    parts = []
    for piece in dialect.pieces:
        parts.append(f"{piece.before}(?:{piece.regex}){piece.after}")
        if piece.slot is Slot.STAMP:
            break
    return "".join(parts)


def _alternatives(
    rest: list[tuple[TextDialect, tuple[Piece, ...]]],
    slots: _Slots,
    numbers: Iterator[int],
    readings: dict[int | None, TextReading],
    *,
    strict: bool,
) -> str:
    branches = []
    for piece, run in groupby(rest, key=lambda left: left[1][0] if left[1] else None):
        same = list(run)
        if piece is None:
            # Dialects that look alike up to the message: the first speaks for all.
            marker = next(numbers)
            readings[marker] = TextReading(same[0][0], slots, marker)
            branches.append("()")
            continue
        inner = dict(slots)
        text = _emit(piece, inner, numbers, strict=strict)
        following = [(dialect, pieces[1:]) for dialect, pieces in same]
        branches.append(text + _alternatives(following, inner, numbers, readings, strict=strict))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _emit(piece: Piece, slots: _Slots, numbers: Iterator[int], *, strict: bool) -> str:
    """The piece as a regex; its group is entered in ``slots``."""
    regex = piece.strict if strict and piece.strict else piece.regex
    if piece.slot is None:
        body = f"(?:{regex})" if "|" in regex else regex
    else:
        slots[piece.slot] = (*slots.get(piece.slot, ()), next(numbers))
        body = f"({regex})"
    return piece.before + body + piece.after
