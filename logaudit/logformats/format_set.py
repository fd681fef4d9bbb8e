"""Decides record by record which of several log formats a line is written in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import combinations_with_replacement, product
from typing import Final, Protocol, TypeAlias

from logaudit.core.timestamp import Stamp
from logaudit.logformats.json_lines import JsonFormat, JsonMatch
from logaudit.logformats.pieces import Piece, RecordHeader, Slot, disjoint
from logaudit.logformats.text_format import (
    Assembly,
    TextFormat,
    TextMatch,
    assemble,
    shape_of,
    starting_regex,
)

LogFormat: TypeAlias = TextFormat | JsonFormat


class FormatMatch(Protocol):
    """Builds the head of a line that a log format matched."""

    @property
    def log_format(self) -> LogFormat:
        """The log format that matched."""

    def head(self, found: re.Match[str] | RecordHeader, stamp: Stamp) -> RecordHeader:
        """The head of the matched line."""

    def level(self, found: re.Match[str] | RecordHeader) -> str:
        """The head's level, without building the rest."""


#: The start of a record whose head is not built yet: ``reading.head(found, stamp)`` builds it. Most records
#: are only counted and placed in time, so most heads never are.
Opening: TypeAlias = tuple[Stamp, FormatMatch, re.Match[str] | RecordHeader]


#: With these a regex that begins with another one does not go on behind it: they change its last piece.
_REPEATS: Final = frozenset("?*+{|")


class LogFormatSet:
    """Several log formats, of which the most specific that matches a line wins, whatever came before.

    Log formats that could match one line share a regex that tries them in order of preference; groups of
    log formats of which no two can match one line are tried in any order, recent winners first. Most groups
    never see a line that they might match, so each regex is compiled for the first one that comes.
    A log format that recognises a usual level name beats a more specific one that takes some other word
    for a level.

    Args:
        log_formats: in any order; the order decides nothing.
    """

    def __init__(self, log_formats: Iterable[LogFormat]) -> None:
        self.log_formats: tuple[LogFormat, ...] = tuple(sorted(set(log_formats), key=_preference))
        text = [log_format for log_format in self.log_formats if isinstance(log_format, TextFormat)]
        self._json = [JsonMatch(d) for d in self.log_formats if isinstance(d, JsonFormat)]
        self._groups = [_Group(group) for group in _confusable(text)] or [_Group(())]
        #: What the times of some of them lack: ``year``, ``day``, or nothing.
        self.undated = next((d.undated for d in text if d.undated), "")
        self._used: _Group | None = None
        self._mistaking: dict[LogFormat, bool] = {}
        self._match: Callable[[str], re.Match[str] | None] = _nothing
        self._readings: dict[int | None, TextMatch] = {}

    def may_mistake(self, named: LogFormat) -> bool:
        """Whether one of them may take the first words of messages for a logger's name."""
        known = self._mistaking.get(named)
        if known is None:
            known = any(mistakes_words_for_names(named, plain) for plain in self.log_formats)
            self._mistaking[named] = known
        return known

    def __reduce__(self) -> tuple[type[LogFormatSet], tuple[tuple[LogFormat, ...]]]:
        return LogFormatSet, (self.log_formats,)

    def match(self, line: str) -> tuple[LogFormat, RecordHeader] | None:
        """The log format and head of a record's first line; None for any other line."""
        opening = self.open(line)
        if opening is None:
            return None
        stamp, reading, found = opening
        return reading.log_format, reading.head(found, stamp)

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
        """Whether a line may start a record. The built-in formats, which most sets hold, are compiled once for all."""
        from logaudit.logformats.builtin import BUILT_IN  # noqa: PLC0415 - it compiles formats

        shared = set(map(id, BUILT_IN))
        parts: tuple[list[TextFormat], list[TextFormat]] = [], []
        for log_format in (one for group in self._groups for one in group.log_formats):
            parts[id(log_format) in shared].append(log_format)
        own, common = (_starts(_shortest(map(starting_regex, part))) for part in parts)
        return lambda line: common(line) or own(line)

    def _use(self, group: _Group) -> None:
        """Puts a group first: the order is one of speed only."""
        self._groups.remove(group)
        self._groups.insert(0, group)
        self._used = group
        self._match = group.assembly.regex.match
        self._readings = group.assembly.readings

    def _elsewhere(self, line: str) -> Opening | None:
        """A line that the first group does not match."""
        if self._may_start(line) is not None:
            for group in self._groups:
                if (
                    group is not self._used
                    and group.may_hold(line)
                    and group.assembly.regex.match(line) is not None
                ):
                    self._use(group)
                    return self.open(line)
        for reading in self._json:
            head = reading.log_format.match(line)
            if head is not None:
                return head.stamp, reading, head
        return None


class _Group:
    """Text log formats that could be mistaken for one another, in order of preference."""

    def __init__(self, log_formats: Sequence[TextFormat]) -> None:
        self.log_formats = tuple(log_formats)
        self._shapes = {shape_of(log_format.pieces) for log_format in log_formats}

    def may_hold(self, line: str) -> bool:
        """Whether a line looks so, by its first characters, that a log format here might match it."""
        return any(not any(map(disjoint, shape, line)) for shape in self._shapes)

    @cached_property
    def assembly(self) -> Assembly:
        """All of them."""
        whole = assemble(self.log_formats)
        for reading in whole.readings.values():
            reading.doubtful = any(_could_be_surer(other, reading.log_format) for other in self._leveled)
        return whole

    @property
    def _leveled(self) -> list[TextFormat]:
        return [log_format for log_format in self.log_formats if log_format.levels]

    @cached_property
    def _strict(self) -> Assembly | None:
        """Those that print a level, held to the usual ones; None where nobody needs it."""
        doubt = any(reading.doubtful for reading in self.assembly.readings.values())
        return assemble(self._leveled, strict=True) if doubt else None

    def weigh(
        self, line: str, stamp: Stamp | None, reading: TextMatch, found: re.Match[str]
    ) -> Opening | None:
        """The verdict on a line whose first match shows no usual level, or digits that are no time."""
        if self._strict is not None:
            surer = self._strict.open(line)
            if surer is not None:
                return surer
        if stamp is not None:
            return stamp, reading, found
        # Digits that are no time in one log format's order may be one in another's: day before month.
        for log_format in self.log_formats:
            opening = log_format.open(line)
            if opening is not None:
                return opening
        return None


def _shortest(regexes: Iterable[str]) -> tuple[str, ...]:
    """Starting regexes without those that begin with another one: what shows milliseconds shows seconds first."""
    bodies = {regex.removesuffix(")"): regex for regex in regexes}  # the bracket closes the group of the time
    return tuple(
        regex
        for body, regex in sorted(bodies.items())
        if not any(body.startswith(o) and body[len(o)] not in _REPEATS for o in bodies if len(o) < len(body))
    )


@lru_cache(maxsize=8)
def _starts(regexes: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    return re.compile("|".join(regexes) if regexes else "(?!)").match


def _nothing(_line: str) -> None:
    """Matches no line: no group is in use yet."""


def _preference(log_format: LogFormat) -> tuple[int, str, str]:
    # A profile may spell a built-in format: of two log formats with one name, the regex decides the order.
    regex = (
        "".join(f"{p.regex}{p.tag}" for p in log_format.pieces) if isinstance(log_format, TextFormat) else ""
    )
    return -log_format.specificity, log_format.name, regex


def _confusable(log_formats: Sequence[TextFormat]) -> list[list[TextFormat]]:
    """The log formats parted so that no line can match log formats of two parts; orders are kept."""
    by_shape: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, log_format in enumerate(log_formats):
        by_shape[shape_of(log_format.pieces)].append(index)
    part = list(range(len(log_formats)))
    for one, other in combinations_with_replacement(by_shape, 2):
        # Most pairs differ within their first characters, and many log formats begin alike.
        if any(map(disjoint, one, other)):
            continue
        for mine, its in product(by_shape[one], by_shape[other]):
            if part[mine] != part[its] and _may_share_a_line(log_formats[mine], log_formats[its]):
                part = [part[mine] if number == part[its] else number for number in part]
    parts: defaultdict[int, list[TextFormat]] = defaultdict(list)
    for number, log_format in zip(part, log_formats, strict=True):
        parts[number].append(log_format)
    return list(parts.values())


def _may_share_a_line(one: TextFormat, other: TextFormat) -> bool:
    """Whether some line may match both: false only where it is certain."""
    at = _common(one.pieces, other.pieces)
    return not any(map(disjoint, shape_of(one.pieces[at:]), shape_of(other.pieces[at:])))


def _common(one: Sequence[Piece], other: Sequence[Piece]) -> int:
    """How many leading pieces are the same and always end at the same character."""
    at = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its or not (mine.fixed or mine.slot is Slot.STAMP):
            break
        at += 1
    return at


def _could_be_surer(other: TextFormat, mine: TextFormat) -> bool:
    """Whether ``other`` may show a usual level in a line where ``mine`` takes another word for one."""
    at = _common(other.pieces, mine.pieces)
    same_place = [p.slot for p in (*other.pieces[at : at + 1], *mine.pieces[at : at + 1])] == [Slot.LEVEL] * 2
    return other is not mine and not same_place and _may_share_a_line(other, mine)


def mistakes_words_for_names(named: LogFormat, plain: LogFormat) -> bool:
    """Whether ``named`` is ``plain`` with a logger's name before the message.

    Such a format may take the first words of a message for a name.
    """
    if not isinstance(named, TextFormat) or not isinstance(plain, TextFormat):
        return False
    at = _shared_fields(named.pieces, plain.pieces)
    rest, bare = [p.slot for p in named.pieces[at:] if p.slot], [p.slot for p in plain.pieces[at:] if p.slot]
    return not bare and rest == [Slot.MODULE] and any(p.slot is Slot.STAMP for p in named.pieces[:at])


def _shared_fields(one: Sequence[Piece], other: Sequence[Piece]) -> int:
    """How many leading pieces show the same fields; how a level may look does not matter."""
    at = 0
    for mine, its in zip(one, other, strict=False):
        if mine.slot is not its.slot or (mine.slot is not Slot.LEVEL and mine.regex != its.regex):
            break
        at += 1
    return at
