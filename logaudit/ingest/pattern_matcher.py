"""Finds the lines that a profile's patterns recognise, most lines being dismissed by one search."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from logaudit.core.events import Emitter, EventKind
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.location import Address
from logaudit.core.message import Code, msg, plural
from logaudit.core.text import quote
from logaudit.ingest.capture import capture
from logaudit.ingest.records import Record
from logaudit.ingest.source_extract import Excerpt, MatchList, PatternCount, PatternMatch
from logaudit.logformats import RecordHeader
from logaudit.profiles import Pattern, PatternRole, Profile
from logaudit.profiles.prefilter import literal_search, prefilter
from logaudit.profiles.profile import LINE_LIMIT
from logaudit.profiles.watchdog import SlowRegexError
from logaudit.sources import Problem, ProblemKind

#: Places of a long line that are looked at, and characters on either side of each.
_MOST_PLACES: Final = 8
_AROUND: Final = LINE_LIMIT // 2
_NO_EMITTER: Final = Emitter()
#: Messages without an event that are remembered: many a line is logged again and again.
_REMEMBERED: Final = 1_024
#: Characters of the longest line that is remembered with whether it is worth a closer look.
_LONGEST: Final = 256
#: Which part of what a packed log may tell can be one event at one time in the same words: sinks that share a file
#: double it, and equal orders of a grid may be closed together.
_TELLINGS: Final = 200


class PatternMatcher:
    """Applies one profile's patterns to the lines of one source, keeping marks and tallies.

    Attributes:
        limits: how much of the source is read.
    """

    def __init__(self, profile: Profile, limits: Limits = DEFAULT_LIMITS, most: int = sys.maxsize) -> None:
        """``most`` lines are recognised, and those of the record that tells the last of them.

        Where there may be only so many, an event that stands there again and again at one time in the same words, as
        in nothing but a bomb, is left out behind the first hundred, and behind the first of all if they are too many.
        """
        self.limits = limits
        self._most = most
        self._free = sys.maxsize if most == sys.maxsize else limits.packed_matches
        # Time and first line of an event → how often it was told.
        self._told: dict[tuple[int, str], int] = {}
        self._tellings = max(limits.packed_matches // _TELLINGS, 1)
        self._again = self._first_again = 0
        self._count = 0
        self._matches = MatchList()
        self._sides = profile.sides
        self._dropped: set[str] = set()
        self._search = literal_search(profile.patterns)
        self._hits: dict[str, int] = defaultdict(int)
        self._near_misses: dict[str, int] = defaultdict(int)
        self._first_near: dict[str, Excerpt] = {}
        # Emitter, text and whether it is a record's first line → the patterns that nearly recognised it.
        self._missed: dict[tuple[bool, str, str, str], tuple[str, ...]] = {}
        self._worth = prefilter(profile.patterns).search
        self._behind: dict[str, bool] = {}
        budgets = ((p.id, p.budget(limits.pattern_seconds)) for p in profile.patterns)
        self._budgets = {name: budget for name, budget in budgets if budget is not None}
        self._most_markets = limits.markets
        self._slow: list[tuple[str, int]] = []
        self._beyond: list[int] = []
        self._symbols: set[str] = set()
        self._closing = frozenset(
            p.id
            for p in profile.patterns
            if p.event is EventKind.POSITION_CLOSED and p.role is PatternRole.EVENT
        )

    @property
    def full(self) -> bool:
        """Whether the lines so far tell more than those of a log may: none behind them is tried."""
        return len(self._symbols) > self._most_markets or self._count > self._most

    @property
    def matches(self) -> Sequence[PatternMatch]:
        """What was recognised, in the order of the lines."""
        return self._matches.all

    def closes(self, mark: PatternMatch | None) -> bool:
        """Whether a mark states a close."""
        return mark is not None and mark.pattern in self._closing

    def record(self, record: Record) -> PatternMatch | None:
        """Tries the record's first line and its continuation lines; returns the event it states, if any."""
        if self.full:
            return None
        stated = None
        if self._told and self._is_told(record):
            self._first_again = self._first_again or record.line
            self._again += 1
        elif self._worth(record.text):
            stated = self._first(record)
        for line, offset, text in record.more:
            if self._is_worth(text):
                self._line(record, record.head, line, offset, text, first=False)
        return stated

    def _first(self, record: Record) -> PatternMatch | None:
        """The first line's message; a JSON record may hold several lines in it."""
        head = record.head
        message, *more = head.message.split("\n")
        stated = self._line(record, head, record.line, record.offset, message, first=True)
        for text in more:
            self._line(record, head, record.line, record.offset, text, first=False)
        if stated is None or stated.role is not PatternRole.EVENT:
            return None
        if self._free < sys.maxsize:
            told = record.stamp.us, record.text
            self._told[told] = self._told.get(told, 0) + 1
        return stated

    def _is_told(self, record: Record) -> bool:
        """Whether an event was told at this time in these words as often as may be."""
        most = self._tellings if self._count <= self._free else 1
        return self._told.get((record.stamp.us, record.text), 0) >= most

    def _is_worth(self, text: str) -> bool:
        """Whether some pattern may recognise a line behind the first of a record: many a traceback is logged again."""
        known = self._behind.get(text)
        if known is None:
            known = self._worth(text) is not None
            if len(text) <= _LONGEST:
                if len(self._behind) == _REMEMBERED:
                    self._behind.clear()
                self._behind[text] = known
        return known

    def unparsed_line(self, line: int, offset: int, text: str) -> None:
        """Tries a line that stands before the source's first record."""
        if self._worth(text) and not self.full:
            self._line(None, None, line, offset, text, first=False)

    def tallies(self) -> dict[str, PatternCount]:
        """Hits and near misses of every event pattern that had either."""
        seen = sorted(self._hits.keys() | self._near_misses.keys())
        return {p: PatternCount(self._hits[p], self._near_misses[p], self._first_near.get(p)) for p in seen}

    def _line(
        self,
        record: Record | None,
        head: RecordHeader | None,
        line: int,
        offset: int,
        text: str,
        *,
        first: bool,
    ) -> PatternMatch | None:
        emitter = _emitter(head)
        told = first, emitter.module, emitter.function, text
        if (known := self._missed.get(told)) is not None:
            for name in known:
                self._near_misses[name] += 1
            return None
        missed = []
        for pattern in self._tried(text, emitter, first=first):
            try:
                texts = pattern.read(text, self._budgets.get(pattern.id))
            except SlowRegexError:
                self._drop(pattern, line)
                continue
            if texts is None:
                missed.append(pattern.id)
                self._miss(pattern.id, line, offset, text)
                continue
            self._hits[pattern.id] += 1
            mark = PatternMatch(
                pattern=pattern.id,
                role=pattern.role,
                record=-1 if record is None else record.seq,
                first=first,
                stamp=None if head is None else head.stamp,
                line=line,
                byte=offset,
                emitter=emitter,
                level="" if head is None else head.level,
                captures=capture(texts, self._sides),
                text=quote(record.text if first and record is not None else text),
                log_format="" if record is None else record.log_format.name,
            )
            self._matches.append(mark)
            self._count += 1
            if symbol := mark.captures.fields.symbol:
                self._symbols.add(symbol)
            return mark
        if len(text) <= LINE_LIMIT:
            self._remember(told, missed)
        elif first and self._tells_further_on(text, emitter):
            self._beyond.append(line)
        return None

    def _tried(self, text: str, emitter: Emitter, *, first: bool) -> Iterator[Pattern]:
        """The patterns that may recognise a line of this emitter."""
        for pattern in self._search(text):
            if pattern.id in self._dropped or (pattern.role is PatternRole.EVENT and not first):
                continue
            if _fits(pattern, emitter):
                yield pattern

    def _remember(self, told: tuple[bool, str, str, str], missed: Sequence[str]) -> None:
        if len(self._missed) == _REMEMBERED:
            self._missed.clear()
        self._missed[told] = tuple(missed)

    def _tells_further_on(self, text: str, emitter: Emitter) -> bool:
        """Whether what patterns do not look at of a long line may tell of a close, as far as a few words show."""
        for pattern in self._search(text[LINE_LIMIT:]):
            if pattern.id not in self._closing or pattern.id in self._dropped or not _fits(pattern, emitter):
                continue
            for place in islice(_places(text, pattern.literals), _MOST_PLACES):
                part = text[max(place - _AROUND, 0) : place + _AROUND]
                try:
                    if pattern.read(part, self._budgets.get(pattern.id)) is not None:
                        return True
                except SlowRegexError:
                    return True
        return False

    def _drop(self, pattern: Pattern, line: int) -> None:
        """Goes on without a pattern that has used up its time."""
        self._dropped.add(pattern.id)
        self._missed.clear()
        self._slow.append((pattern.id, line))

    def trouble(self, address: Address, read: int) -> Problem | None:
        """What patterns were not tried on, where it may tell of a close; ``read`` is the size of the text."""
        if self._slow:
            return self._too_slow(address, read)
        if self._again:
            detail = plural(
                "{n} line says at one time what another one says, and is not compared with patterns: line {line}",
                "{n} lines say at one time what others say, and are not compared with patterns: {line} and others",
                self._again,
                line=self._first_again,
            )
            return Problem(address, ProblemKind.OVER_LIMIT, detail, read, limit="packed_matches")
        if self._beyond:
            detail = plural(
                "{n} line may tell of a close beyond the {limit} characters that patterns look at: line {line}",
                "{n} lines may tell of closes beyond the {limit} characters that patterns look at: {line} and others",
                len(self._beyond),
                limit=LINE_LIMIT,
                line=self._beyond[0],
            )
            return Problem(address, ProblemKind.OVER_LIMIT, detail, read)
        return None

    def _too_slow(self, address: Address, read: int) -> Problem:
        pattern, line = self._slow[0]
        detail = msg(
            "{pattern} of the profile takes too long from line {line} on and is not tried any more",
            pattern=Code(pattern),
            line=line,
        )
        return Problem(address, ProblemKind.OVER_LIMIT, detail, read, limit="pattern_seconds")

    def _miss(self, name: str, line: int, offset: int, text: str) -> None:
        self._near_misses[name] += 1
        if name not in self._first_near:
            self._first_near[name] = Excerpt(line, offset, quote(text))


def is_known(profile: Profile, message: str) -> bool:
    """Whether a pattern recognises a message, whoever logged it."""
    for pattern in literal_search(profile.patterns)(message):
        try:
            if pattern.read(message, pattern.budget()) is not None:
                return True
        except SlowRegexError:
            continue
    return False


def _places(text: str, literals: Sequence[str]) -> Iterator[int]:
    """Where any of some texts stands in a long line beyond what patterns look at."""
    for literal in literals:
        at = text.find(literal, LINE_LIMIT - len(literal) + 1)
        while at >= 0:
            yield at
            at = text.find(literal, at + len(literal))


def _emitter(head: RecordHeader | None) -> Emitter:
    if head is None or not (head.module or head.function):
        return _NO_EMITTER
    return Emitter(head.module, head.function, head.lineno)


def _fits(pattern: Pattern, emitter: Emitter) -> bool:
    """Whether the emitter may write this pattern; a log format without emitters is not held to it."""
    return pattern.emitter is None or not emitter or pattern.emitter.search(emitter.path) is not None
