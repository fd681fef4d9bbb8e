"""Decides record by record which of several dialects a line is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Protocol, TypeAlias

from logaudit.dialect.json_lines import JsonDialect, JsonReading
from logaudit.dialect.text import Assembly, TextDialect, TextReading, assemble, shape_of, starting_regex
from logaudit.dialect.types import Head, Piece, Slot, apart
from logaudit.model.stamp import Stamp

Dialect: TypeAlias = TextDialect | JsonDialect


class Reading(Protocol):
    """Builds the head of a line that a dialect matched."""

    @property
    def dialect(self) -> Dialect:
        """The dialect that matched."""

    def head(self, found: re.Match[str] | Head, stamp: Stamp) -> Head:
        """The head of the matched line."""

    def level(self, found: re.Match[str] | Head) -> str:
        """The head's level, without building the rest."""


#: The start of a record whose head is not built yet: ``reading.head(found, stamp)`` builds it. Most records
#: are only counted and placed in time, so most heads never are.
Opening: TypeAlias = tuple[Stamp, Reading, re.Match[str] | Head]


class DialectSet:
    """Several dialects, of which the most specific that matches a line wins, whatever came before.

    Dialects that could match one line share a regex that tries them in order of preference; groups of
    dialects of which no two can match one line are tried in any order, recent winners first. Most groups
    never see a line that they might match, so each regex is compiled for the first one that comes.
    A dialect that recognises a usual level name beats a more specific one that takes some other word
    for a level.

    Args:
        dialects: in any order; the order decides nothing.
    """

    def __init__(self, dialects: Iterable[Dialect]) -> None:
        self.dialects: tuple[Dialect, ...] = tuple(sorted(set(dialects), key=_preference))
        text = [dialect for dialect in self.dialects if isinstance(dialect, TextDialect)]
        self._json = next((JsonReading(d) for d in self.dialects if isinstance(d, JsonDialect)), None)
        self._groups = [_Group(group) for group in _confusable(text)] or [_Group(())]
        self._used: _Group | None = None
        self._match: Callable[[str], re.Match[str] | None] = _nothing
        self._readings: dict[int | None, TextReading] = {}

    def __reduce__(self) -> tuple[type[DialectSet], tuple[tuple[Dialect, ...]]]:
        return DialectSet, (self.dialects,)

    def match(self, line: str) -> tuple[Dialect, Head] | None:
        """The dialect and head of a record's first line; None for any other line."""
        opening = self.open(line)
        if opening is None:
            return None
        stamp, reading, found = opening
        return reading.dialect, reading.head(found, stamp)

    def open(self, line: str) -> Opening | None:
        """As `match`, with the head left to be built; None when the line begins no record."""
        found = self._match(line)
        if found is None:
            return self._elsewhere(line)
        reading = self._readings[found.lastindex]
        reader = reading.reader
        text = found[reading.time]
        stamp = reader.stamp if text == reader.text else reading.stamp(found)
        if stamp is None or (reading.doubtful and not reading.usual(found)):
            return self._groups[0].weigh(line, stamp, reading, found)
        return stamp, reading, found

    @cached_property
    def _may_start(self) -> Callable[[str], re.Match[str] | None]:
        text = (dialect for group in self._groups for dialect in group.dialects)
        starts = dict.fromkeys(map(starting_regex, text))
        return re.compile("|".join(starts) if starts else "(?!)").match

    def _use(self, group: _Group) -> None:
        """Puts a group first: the order is one of speed only."""
        self._groups.remove(group)
        self._groups.insert(0, group)
        self._used = group
        self._match = group.whole.regex.match
        self._readings = group.whole.readings

    def _elsewhere(self, line: str) -> Opening | None:
        """A line that the first group does not match."""
        if self._may_start(line) is not None:
            for group in self._groups:
                if (
                    group is not self._used
                    and group.may_hold(line)
                    and group.whole.regex.match(line) is not None
                ):
                    self._use(group)
                    return self.open(line)
        if self._json is not None and line.startswith("{"):
            head = self._json.dialect.match(line)
            return None if head is None else (head.stamp, self._json, head)
        return None


class _Group:
    """Text dialects that could be mistaken for one another, in order of preference."""

    def __init__(self, dialects: Sequence[TextDialect]) -> None:
        self.dialects = tuple(dialects)
        self._shapes = {shape_of(dialect.pieces) for dialect in dialects}

    def may_hold(self, line: str) -> bool:
        """Whether a line looks so, by its first characters, that a dialect here might match it."""
        return any(not any(map(apart, shape, line)) for shape in self._shapes)

    @cached_property
    def whole(self) -> Assembly:
        """All of them."""
        whole = assemble(self.dialects)
        for reading in whole.readings.values():
            reading.doubtful = any(_could_be_surer(other, reading.dialect) for other in self._leveled)
        return whole

    @property
    def _leveled(self) -> list[TextDialect]:
        return [dialect for dialect in self.dialects if dialect.levels]

    @cached_property
    def _strict(self) -> Assembly | None:
        """Those that print a level, held to the usual ones; None where nobody needs it."""
        doubt = any(reading.doubtful for reading in self.whole.readings.values())
        return assemble(self._leveled, strict=True) if doubt else None

    def weigh(
        self, line: str, stamp: Stamp | None, reading: TextReading, found: re.Match[str]
    ) -> Opening | None:
        """The verdict on a line whose first match shows no usual level, or digits that are no time."""
        if self._strict is not None:
            surer = self._strict.open(line)
            if surer is not None:
                return surer
        if stamp is not None:
            return stamp, reading, found
        # Digits that are no time in one dialect's order may be one in another's: day before month.
        for dialect in self.dialects:
            opening = dialect.open(line)
            if opening is not None:
                return opening
        return None


def _nothing(_line: str) -> None:
    """Matches no line: no group is in use yet."""


def _preference(dialect: Dialect) -> tuple[int, str, str]:
    # A profile may spell a built-in format: of two dialects with one name, the regex decides the order.
    regex = "".join(f"{p.regex}{p.tag}" for p in dialect.pieces) if isinstance(dialect, TextDialect) else ""
    return -dialect.specificity, dialect.name, regex


def _confusable(dialects: Sequence[TextDialect]) -> list[list[TextDialect]]:
    """The dialects parted so that no line can match dialects of two parts; orders are kept."""
    shapes = {id(dialect): shape_of(dialect.pieces) for dialect in dialects}

    def touch(one: TextDialect, other: TextDialect) -> bool:
        # Most pairs differ within their first characters, which is quickly seen.
        return not any(map(apart, shapes[id(one)], shapes[id(other)])) and _may_share_a_line(one, other)

    parts: list[list[TextDialect]] = []
    for dialect in dialects:
        touching = [p for p in parts if any(touch(dialect, other) for other in p)]
        parts = [p for p in parts if p not in touching]
        joined = {id(other) for part in touching for other in part} | {id(dialect)}
        parts.append([d for d in dialects if id(d) in joined])
    return parts


def _may_share_a_line(one: TextDialect, other: TextDialect) -> bool:
    """Whether some line may match both: false only where it is certain."""
    at = _common(one.pieces, other.pieces)
    return not any(map(apart, shape_of(one.pieces[at:]), shape_of(other.pieces[at:])))


def _common(one: Sequence[Piece], other: Sequence[Piece]) -> int:
    """How many leading pieces are the same and always end at the same character."""
    at = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its or not (mine.fixed or mine.slot is Slot.STAMP):
            break
        at += 1
    return at


def _could_be_surer(other: TextDialect, mine: TextDialect) -> bool:
    """Whether ``other`` may show a usual level in a line where ``mine`` takes another word for one."""
    at = _common(other.pieces, mine.pieces)
    same_place = [p.slot for p in (*other.pieces[at : at + 1], *mine.pieces[at : at + 1])] == [Slot.LEVEL] * 2
    return other is not mine and not same_place and _may_share_a_line(other, mine)
