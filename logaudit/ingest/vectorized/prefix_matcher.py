"""Follows a log format's pieces along the beginning of a line, as far as there is only one way to do so."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from msgspec import Struct

from logaudit.ingest.vectorized.layouts import ANY_DIGIT, Layout, layout_of
from logaudit.logformats.fields import FIELD_PATTERNS, SPACED_NAME, STDLIB_LEVEL, FormatFieldKind
from logaudit.logformats.pieces import Piece, Slot
from logaudit.logformats.text_format import TextFormat, shape_of
from logaudit.logformats.time_tokens import TimeRole

#: How the last literal before the message is written, which an empty message may have cut.
_OPEN_END: Final = r"(?: |\r?\Z)"
_DIGITS: Final = frozenset("0123456789")
_MASKED: Final = str.maketrans(dict.fromkeys(_DIGITS, ANY_DIGIT))
#: What a UTC offset may go on with, and a length that none reaches.
_OFFSET_CHARACTERS: Final = _DIGITS | {":", "."}
_LONGEST_OFFSET: Final = 40
#: As many spaces as a log format's padding may have for certain.
_PADDING: Final = 60
#: Characters that no level's text holds.
_AFTER_LEVEL: Final = frozenset(" \t|:])}>,;")
_LEVELS: Final = frozenset({FIELD_PATTERNS[FormatFieldKind.LEVEL].regex, STDLIB_LEVEL.regex})
#: What else a format may print, and the characters that end it for certain.
_ENDS: Final = (
    (SPACED_NAME.regex, frozenset("\t|:")),
    (FIELD_PATTERNS[FormatFieldKind.NAME].regex, frozenset(" \t|:")),
    (FIELD_PATTERNS[FormatFieldKind.FUNCTION].regex, frozenset(" \t|:[]{},;-=/")),
    (FIELD_PATTERNS[FormatFieldKind.LINE].regex, frozenset(" \t|:[](){},;-=/")),
    (FIELD_PATTERNS[FormatFieldKind.NUMBER].regex, frozenset(" \t|:[](){};-=/")),
)


class FormatPrefix(Struct, frozen=True):
    """What of a log format is asked again and again.

    Attributes:
        shape: classes of its leading characters.
        levels: printed text and name of the levels it knows.
        late: whether it prints the level behind the message; early: whether it prints one before it.
        literals: for each piece the text it is, None for another kind.
    """

    layout: Layout | None
    shape: tuple[str, ...]
    levels: dict[str, str]
    late: bool
    early: bool
    literals: tuple[str | None, ...]


#: By identity, as comparing log formats costs more than making this anew; the log format keeps its identity alive.
_known: dict[int, tuple[TextFormat, FormatPrefix]] = {}


def facts_of(log_format: TextFormat) -> FormatPrefix:
    """What is asked of the log format again and again, made when it is first asked for."""
    known = _known.get(id(log_format))
    if known is None:
        facts = FormatPrefix(
            layout_of(log_format),
            shape_of(log_format.pieces),
            dict(log_format.levels),
            any(p.slot is Slot.LEVEL for p in log_format.tail),
            any(p.slot is Slot.LEVEL for p in log_format.pieces),
            tuple(map(_literal, log_format.pieces)),
        )
        known = _known[id(log_format)] = log_format, facts
    return known[1]


class PrefixMatcher:
    """Follows a log format's pieces along a line, as long as there is only one way to do so.

    Attributes:
        log_format: whose pieces they are.
        dead: no line that begins so matches.
        complete: every line that begins so matches.
        level: the level's text once it is certain; empty without one.
        layout: the columns of the time once it is passed.
        settled: where the literal after the level (or the time, without a level) ends; 0 before that.
    """

    def __init__(self, log_format: TextFormat, line: str) -> None:
        self.dead = False
        self.complete = False
        self.layout: Layout | None = None
        self.settled = 0
        self.log_format = log_format
        self._facts = facts_of(log_format)
        self._line = line
        self._at = 0
        # Where a walk along a longer line goes on: behind a literal, as what is short of one, padding too, may go on.
        self._next = 0
        self._from = 0
        self.level: str | None = None if self._facts.early else ""

    def run(self) -> PrefixMatcher:
        """Walks on from where it is, as far as the line is certain."""
        pieces = self.log_format.pieces
        literals = (*self._facts.literals, None)
        for index in range(self._next, len(pieces)):
            piece = pieces[index]
            if not self._step(piece, literals[index], literals[index + 1]):
                return self
            if literals[index] is not None:
                self._next, self._from = index + 1, self._at
            if piece.slot is None and self.level is not None and self.layout is not None:
                self.settled = self.settled or self._at
        self._next = len(pieces)
        self.complete = True
        return self

    def on(self, line: str) -> PrefixMatcher:
        """The walk along a line that begins as this one's: what is behind it is not walked again."""
        further = object.__new__(PrefixMatcher)
        vars(further).update(vars(self), _line=line, _at=self._from)
        return further.run()

    def _step(self, piece: Piece, text: str | None, after: str | None) -> bool:
        """One piece, its text if it is a literal, and the literal behind it; False when the walk ends with it."""
        if text is not None:
            return self._literal(text)
        if piece.slot is Slot.STAMP:
            return self._time(piece)
        if piece.slot is Slot.LEVEL:
            return self._level(piece, after)
        return self._value(piece, after)

    def _literal(self, text: str) -> bool:
        if self._line.startswith(text, self._at):
            self._at += len(text)
            return True
        self.dead = not text.startswith(self._line[self._at : self._at + len(text)])
        return False

    def _time(self, piece: Piece) -> bool:
        layout = self._facts.layout
        if layout is None:
            return False
        shown = self._line[: len(layout)]
        if not layout.template.startswith(shown.translate(_MASKED)):
            self.dead = True
            return False
        found = _compiled(piece.regex).match(self._line, self._at)
        if found is None:
            self.dead = len(self._line) > len(layout) + _LONGEST_OFFSET
            return False
        if not piece.fixed and not self._ends_at(found.end()):
            return False
        self.layout = layout
        self._at = found.end()
        return True

    def _ends_at(self, end: int) -> bool:
        """Whether a time with a UTC offset, which can be written in several lengths, ends there for certain."""
        names = any(t.role is TimeRole.ZONE and not t.fixed for t in self.log_format.time)
        return not names and end < len(self._line) and self._line[end] not in _OFFSET_CHARACTERS

    def _level(self, piece: Piece, after: str | None) -> bool:
        start = self._skip(piece.before)
        if start < 0:
            return False
        end = start
        while end < len(self._line) and self._line[end] not in _AFTER_LEVEL:
            end += 1
        known = piece.regex in _LEVELS or (piece.strict and piece.regex == piece.strict)
        if end == len(self._line) or not known or not after or after[0] not in _AFTER_LEVEL:
            return False
        word = self._line[start:end]
        # Stdlib prints a level without a name as two words.
        if word == "Level":
            return False
        if _compiled(piece.regex).fullmatch(word) is None:
            self.dead = True
            return False
        self._at = end
        self.level = word
        return self._pad(piece.after, after)

    def _value(self, piece: Piece, after: str | None) -> bool:
        """A name, a function, a number: passed over when the literal behind it ends it for certain."""
        ends = _ends_of(piece.regex)
        if ends is None or not after or piece.before:
            return False
        found = _compiled(piece.regex).match(self._line, self._at)
        if found is None:
            # Each can do with one character, but a function that is not known is printed as a phrase.
            self.dead = self._at < len(self._line) and self._line[self._at] != "("
            return False
        spaced = piece.regex.endswith(SPACED_NAME.regex)
        certain = after[0] in ends or (spaced and after[0] == " " and len(after) > 1 and after[1] in "-|[:>")
        if not certain or found.end() == len(self._line):
            return False
        if spaced and not self._line.startswith(after, found.end()):
            return False
        self._at = found.end()
        return self._pad(piece.after, after)

    def _skip(self, padding: str) -> int:
        """Where padding ends; -1 where that is not certain."""
        end = self._at
        while padding and self._line[end : end + 1] == " ":
            end += 1
        spaces = not padding or padding.removeprefix("\\").startswith(" {0,")
        return end if spaces and end - self._at <= _PADDING else -1

    def _pad(self, padding: str, after: str) -> bool:
        """Passes padding, leaving the spaces that the literal behind it begins with."""
        end = self._skip(padding)
        own = len(after) - len(after.lstrip(" "))
        self._at = max(self._at, end - own)
        return end >= 0


def _literal(piece: Piece) -> str | None:
    """The text of a literal piece; None for anything else."""
    if piece.slot is not None or piece.before or piece.after:
        return None
    if piece.fixed:
        return "".join(piece.shape)
    return "".join(piece.shape) + " " if piece.regex.endswith(_OPEN_END) else None


@cache
def _ends_of(regex: str) -> frozenset[str] | None:
    """The characters that end what a piece takes; None where nothing ends it for certain."""
    return next((ends for known, ends in _ENDS if regex.endswith(known)), None)


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)
