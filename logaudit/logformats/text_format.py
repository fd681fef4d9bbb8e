"""Text log formats: one anchored regex for everything before the message, and heads built from its match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import count, groupby
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.timestamp import Stamp
from logaudit.logformats.pieces import MESSAGE_LIMIT, Piece, RecordHeader, Slot
from logaudit.logformats.time_tokens import TimeRole, TimeToken
from logaudit.logformats.timestamp_parser import StampReader, lacks_date

#: The start of a record whose head is not built yet.
TextOpening: TypeAlias = "tuple[Stamp, TextMatch, re.Match[str]]"
#: Group numbers by slot; a written time may have several parts.
_Slots: TypeAlias = dict[Slot, tuple[int, ...]]
_PRINTED: Final = (Slot.LEVEL, Slot.MODULE, Slot.FUNCTION, Slot.LINE)
_NO_STAMP: Final = Stamp(0)
#: Characters of a message's end in which the tail is looked for.
_TAIL_LIMIT: Final = 2_048


class TextFormat(Struct, frozen=True, dict=True):  # dict: its regex is compiled when first asked for
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

    @property
    def undated(self) -> str:
        """What the written time lacks: ``year``, ``day``, or nothing."""
        if not lacks_date(self.time):
            return ""
        return "year" if any(token.role is TimeRole.MONTH for token in self.time) else "day"

    def match(self, line: str) -> RecordHeader | None:
        """The head of a record's first line; None when the line does not begin a record of this log format."""
        opening = self.open(line)
        return None if opening is None else opening[1].head(opening[2], opening[0])

    def open(self, line: str) -> TextOpening | None:
        """As `match`, with the head left to be built."""
        return self._alone.open(line)

    @cached_property
    def _alone(self) -> Assembly:
        return assemble((self,))


def with_usual_levels(log_format: TextFormat) -> TextFormat:
    """The log format, held to the usual level names: for layouts that any two words would fit."""
    pieces = tuple(replace(p, regex=p.strict or p.regex) for p in log_format.pieces)
    return replace(log_format, pieces=pieces)


def shape_of(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Classes of the leading character positions of consecutive pieces, as far as they are certain."""
    found: list[str] = []
    for piece in pieces:
        found += piece.shape
        if not piece.fixed:
            break
    return tuple(found)


class TextMatch:
    """How a match of an assembled regex becomes the head of one log format's record."""

    __slots__ = (
        "_chunks",
        "_fill",
        "_groups",
        "_level",
        "_levels",
        "_tail",
        "_tail_slots",
        "doubtful",
        "log_format",
        "reader",
        "time",
    )  # fmt: skip

    def __init__(self, log_format: TextFormat, slots: _Slots, marker: int) -> None:
        """``marker`` is a group that matches emptiness: it stands for what the head does not print."""
        self.log_format = log_format
        #: Whether another log format may be surer of a line that shows no usual level in this one.
        self.doubtful = False
        self.reader = StampReader(log_format.time, utc=log_format.utc)
        self._chunks = slots[Slot.STAMP]
        #: The group of the written time; 0 when it has several.
        self.time = self._chunks[0] if len(self._chunks) == 1 else 0
        self._levels = dict(log_format.levels)
        self._level = slots.get(Slot.LEVEL, (marker,))[0]
        self._groups = tuple(slots.get(slot, (marker,))[0] for slot in _PRINTED)
        self._fill = log_format.fill
        self._tail_slots: _Slots = {}
        numbers = count(2)
        regex = "".join(_emit(piece, self._tail_slots, numbers, strict=False) for piece in log_format.tail)
        self._tail = re.compile(rf"((?s:.*)){regex}\s*") if regex else None

    @property
    def message_last(self) -> bool:
        """Whether a record's first line is its head and then nothing but its message."""
        return self._tail is None and not self._fill

    def usual(self, found: re.Match[str]) -> bool:
        """Whether the level is one of those in common use, which makes the log format certain."""
        return found[self._level] in self._levels

    def stamp(self, found: re.Match[str]) -> Stamp | None:
        """The written time; None when its digits are no time."""
        return self.reader.read(found[self.time] if self.time else "\n".join(found.group(*self._chunks)))

    def level(self, found: re.Match[str] | RecordHeader) -> str:
        """The level name, upper case; the head's, where the format prints it after the message."""
        if isinstance(found, RecordHeader):
            return found.level
        if Slot.LEVEL in self._tail_slots:
            return self.head(found, _NO_STAMP).level
        text = found[self._level]
        return self._levels.get(text) or text.upper()

    def head(self, found: re.Match[str] | RecordHeader, stamp: Stamp) -> RecordHeader:
        """The head of the matched line."""
        if isinstance(found, RecordHeader):
            return found
        level, module, function, lineno = found.group(*self._groups)
        at = found.end()
        head = RecordHeader(
            stamp,
            self._levels.get(level) or level.upper(),
            module,
            function,
            int(lineno or 0),
            found.string[at : at + MESSAGE_LIMIT].removesuffix("\r"),
        )
        return head if self._tail is None and not self._fill else self._finished(head)

    def _finished(self, head: RecordHeader) -> RecordHeader:
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
    """Several log formats in one regex, and by the number of the last group that matched, whose it was."""

    written: str
    readings: dict[int | None, TextMatch]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All of them, tried in order."""
        return re.compile(self.written)

    def open(self, line: str) -> TextOpening | None:
        """The first log format that matches; None when its digits are no time, too."""
        found = self.regex.match(line)
        if found is None:
            return None
        reading = self.readings[found.lastindex]
        stamp = reading.stamp(found)
        return None if stamp is None else (stamp, reading, found)


def assemble(log_formats: Iterable[TextFormat], *, strict: bool = False) -> Assembly:
    """One regex that tries the log formats in the given order; shared beginnings are matched once.

    Args:
        log_formats: in order of preference.
        strict: accept only the usual levels.
    """
    numbers = count(1)
    readings: dict[int | None, TextMatch] = {}
    rest = [(log_format, log_format.pieces) for log_format in log_formats]
    regex = _alternatives(rest, {}, numbers, readings, strict=strict) if rest else "(?!)"
    return Assembly(regex, readings)


def starting_regex(log_format: TextFormat) -> str:
    """A regex, without groups, for the start of a line up to its written time."""
    parts = []
    for piece in log_format.pieces:
        parts.append(f"{piece.before}(?:{piece.regex}){piece.after}")
        if piece.slot is Slot.STAMP:
            break
    return "".join(parts)


def _alternatives(
    rest: list[tuple[TextFormat, tuple[Piece, ...]]],
    slots: _Slots,
    numbers: Iterator[int],
    readings: dict[int | None, TextMatch],
    *,
    strict: bool,
) -> str:
    branches = []
    for piece, run in groupby(rest, key=lambda left: left[1][0] if left[1] else None):
        same = list(run)
        if piece is None:
            # Log formats that look alike up to the message: the first speaks for all.
            marker = next(numbers)
            readings[marker] = TextMatch(same[0][0], slots, marker)
            branches.append("()")
            continue
        inner = dict(slots)
        text = _emit(piece, inner, numbers, strict=strict)
        following = [(log_format, pieces[1:]) for log_format, pieces in same]
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
