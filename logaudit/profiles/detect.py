"""Finds the profile that a session's lines and table headers speak for, and says why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, Implementation
from msgspec import Struct

from logaudit.core.events import EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import Code, Listed, Message, Param, codes, msg, plural, plural_in
from logaudit.core.text import printable, quote
from logaudit.profiles.literals import literals_of
from logaudit.profiles.profile import LINE_LIMIT, Pattern, PatternRole, Profile
from logaudit.profiles.watchdog import Budget, SlowRegexError, search

_SHOWN: Final = 3
_EXCERPT: Final = 40
#: Sampled lines still carry their log format's prefix; a message may begin after any of these.
_MESSAGE_MAY_FOLLOW: Final = lazy_pattern(r"\s[-|]\s|\]\s|:\s|\b[A-Z]{4,8}\b\W")
_CUTS: Final = 12


class Score(Struct, frozen=True):
    """What speaks for one profile.

    Attributes:
        markers: the texts that its markers found in log lines, one a marker, in the profile's order.
        header_markers: the same for table headers.
        of: how many markers the profile has.
        patterns: ids of its patterns that match a sampled line, in the profile's order.
        columns: how many of its ledger columns the headers name.
    """

    profile: str
    markers: tuple[str, ...]
    header_markers: tuple[str, ...]
    of: int
    patterns: tuple[str, ...]
    columns: int

    @property
    def strength(self) -> tuple[int, int, int, int]:
        """Markers weigh more than patterns, and those more than columns, whose names many bots share."""
        return len(self.markers), len(self.patterns), len(self.header_markers), self.columns

    def reason(self, lines: int) -> Listed:
        """In words; ``lines`` is how many were sampled."""
        parts = []
        if self.markers or self.header_markers:
            parts.append(self._marked(self.markers + self.header_markers))
        if self.patterns or lines:
            parts.append(
                plural(
                    "{n} pattern matched in {lines}",
                    "{n} patterns matched in {lines}",
                    len(self.patterns),
                    lines=_sampled(lines),
                )
            )
        if self.columns:
            parts.append(
                plural(
                    "{n} ledger column named by table headers",
                    "{n} ledger columns named by table headers",
                    self.columns,
                )
            )
        return Listed(tuple(parts))

    def _marked(self, found: tuple[str, ...]) -> Message:
        shown = codes([printable(quote(text, _EXCERPT)) for text in found[:_SHOWN]])
        markers = plural_in("of", "{n} marker", "{n} markers", self.of)
        if len(found) > _SHOWN:
            return msg("{n} of {markers} ({shown}, …)", n=len(found), markers=markers, shown=shown)
        return msg("{n} of {markers} ({shown})", n=len(found), markers=markers, shown=shown)


def _sampled(lines: int) -> Message:
    return plural_in("in", "{n} sampled line", "{n} sampled lines", lines)


def _why(profile: Profile, reason: Param) -> Message:
    return Message("{profile}: {reason}", (("profile", Code(profile.name)), ("reason", reason)))


class Choice(Struct, frozen=True):
    """The profile to read a session with, the reason in words, and what spoke for each, in given order."""

    profile: Profile
    why: Message
    scores: tuple[Score, ...]

    @property
    def marked(self) -> bool:
        """Whether a log line holds a marker of the profile's bot."""
        return bool(self._score.markers)

    @property
    def recognised(self) -> bool:
        """Whether a log line spoke for the profile: a table's header says nothing about the logs."""
        telling = {
            p.id
            for p in self.profile.patterns
            if p.role is PatternRole.EVENT and not p.block and p.event is not EventKind.RUN_STARTED
        }
        return bool(self.marked or telling & set(self._score.patterns))

    @property
    def _score(self) -> Score:
        return next(score for score in self.scores if score.profile == self.profile.name)


class ProfileHits(Struct, frozen=True):
    """What the lines of one source say for one profile.

    Attributes:
        markers: for each of its markers the first text found.
        patterns: ids of its patterns that match a line, in the profile's order.
    """

    markers: tuple[str | None, ...]
    patterns: tuple[str, ...]


def detect(profiles: Sequence[Profile], lines: Sequence[str], headers: Sequence[str]) -> Choice:
    """Chooses among ``profiles``, which must not be empty.

    A profile with markers stands for one bot, one without for many. Where any bot's markers are in the
    lines, the best marked profile reads them, however much a general one would understand. Without
    markers a general profile that recognises something goes first, since single phrases of one bot are
    common to many. Headers decide only where no line speaks.

    Args:
        profiles: the candidates; the first of equals wins.
        lines: sampled log lines as written, prefix and all.
        headers: header lines of the tables found beside the logs.
    """
    hits = {name: [found] for name, found in hits_by_profile(profiles, lines).items()}
    return choose(profiles, hits, len(lines), headers)


def markers_by_profile(
    profiles: Sequence[Profile], lines: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    """For each profile, by its name, what its markers find first in some lines."""
    wanted = tuple(_literals(marker) for profile in profiles for marker in profile.markers)
    text = "\n".join(lines) if wanted else ""
    held = _held(wanted, text) if text else frozenset()
    return {
        p.name: tuple(_marker_held(p, marker, lines, text, held) for marker in p.markers) for p in profiles
    }


def hits_by_profile(profiles: Sequence[Profile], lines: Sequence[str]) -> dict[str, ProfileHits]:
    """What some lines say for each profile, by its name.

    Where they hold a bot's markers, the patterns of profiles without any there are not asked: single phrases of one
    bot are common to many, and working out what its patterns imply takes a while.
    """
    lines = tuple(dict.fromkeys(lines))
    markers = markers_by_profile(profiles, lines)
    marked = {name for name, found in markers.items() if any(text is not None for text in found)}
    return {
        p.name: ProfileHits(
            markers[p.name], _patterns_held(p, lines) if p.name in marked or not marked else ()
        )
        for p in profiles
    }


def _marker_held(
    profile: Profile, marker: re.Pattern[str], lines: Sequence[str], text: str, held: Collection[str]
) -> str | None:
    """What a marker finds first; ``text`` is all lines, which hold of all markers' literals those ``held``."""
    literals = _literals(marker)
    if not literals:
        return _first(profile, marker, lines)
    shown = [literal for literal in literals if literal in held]
    return _first(profile, marker, _lines_with(shown, text)) if shown else None


def _lines_with(literals: Sequence[str], text: str) -> Iterator[str]:
    """The lines of a text that hold one of some literals; found in the text, as most lines hold none."""
    end = 0
    while places := [place for literal in literals if (place := text.find(literal, end)) >= 0]:
        start = text.rfind("\n", 0, min(places)) + 1
        end = text.find("\n", min(places))
        if end < 0:
            yield text[start:]
            return
        yield text[start:end]


def _patterns_held(profile: Profile, lines: Sequence[str]) -> tuple[str, ...]:
    if not lines:  # as a table's: what the patterns imply is not worked out for it
        return ()
    held = _held(tuple(p.literals for p in profile.patterns), "\n".join(lines))
    return tuple(
        pattern.id
        for pattern in profile.patterns
        if not pattern.literals or not held.isdisjoint(pattern.literals)
        if _matches_any(pattern, lines)
    )


def choose(
    profiles: Sequence[Profile],
    signs: Mapping[str, Sequence[ProfileHits]],
    lines: int,
    headers: Sequence[str],
) -> Choice:
    """As `detect`, from what was found in the lines of each source.

    Args:
        profiles: as for `detect`.
        signs: by profile name, one for each source in the order of the lines. Those of profiles without
            markers may be left out where a marked profile has found its own.
        lines: how many lines were sampled in all.
        headers: as for `detect`.
    """
    scores = tuple(_score(profile, signs.get(profile.name, ()), headers) for profile in profiles)
    pairs = list(zip(profiles, scores, strict=True))
    marked = [pair for pair in pairs if pair[1].markers]
    general = [pair for pair in pairs if not pair[0].markers]
    speaking = [p for p in general if p[1].patterns] or [p for p in pairs if p[1].patterns]
    by_header = [pair for pair in pairs if pair[1].header_markers]
    for candidates in (marked, speaking, by_header):
        if candidates:
            profile, score = max(candidates, key=lambda pair: pair[1].strength)
            return Choice(profile, _why(profile, score.reason(lines)), scores)
    profile = general[0][0] if general else profiles[0]
    nothing = msg(
        "nothing in {lines} and {headers} speaks for any profile",
        lines=_sampled(lines),
        headers=plural_in("in", "{n} table header", "{n} table headers", len(headers)),
    )
    return Choice(profile, _why(profile, nothing), scores)


def _score(profile: Profile, signs: Sequence[ProfileHits], headers: Sequence[str]) -> Score:
    numbers = range(len(profile.markers))
    found = [next((t for s in signs if (t := s.markers[i]) is not None), None) for i in numbers]
    matched = {name for s in signs for name in s.patterns}
    by_header = markers_by_profile([profile], headers)[profile.name]
    return Score(
        profile=profile.name,
        markers=tuple(text for text in found if text is not None),
        header_markers=tuple(text for text in by_header if text is not None),
        of=len(profile.markers),
        patterns=tuple(p.id for p in profile.patterns if p.id in matched),
        columns=_columns(profile, headers),
    )


def _first(profile: Profile, marker: re.Pattern[str], lines: Iterable[str]) -> str | None:
    """The first text that a marker finds."""
    budget = Budget() if profile.watched else None
    with suppress(SlowRegexError):
        match = next((m for line in lines if (m := search(marker, line, LINE_LIMIT, budget))), None)
        return None if match is None else match[0]
    return None


def _held(literals: tuple[tuple[str, ...], ...], text: str) -> frozenset[str]:
    """Which of the literals a text holds."""
    texts, search = _search(literals)
    found = search.find_matches_as_indexes(text.encode("utf-8", "replace"), overlapping=True)
    return frozenset(texts[index] for index in {index for index, _, _ in found})


@cache
def _search(literals: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], BytesAhoCorasick]:
    texts = tuple(sorted({text for choice in literals for text in choice}))
    found = [text.encode() for text in texts]
    return texts, BytesAhoCorasick(found, implementation=Implementation.DFA)


@cache
def _literals(marker: re.Pattern[str]) -> tuple[str, ...]:
    return literals_of(marker.pattern)


def _matches_any(pattern: Pattern, lines: Sequence[str]) -> bool:
    """Whether a pattern matches one of the lines, as far as it gets in its time."""
    budget = pattern.budget()
    with suppress(SlowRegexError):
        return any(_matches(pattern, line, budget) for line in lines)
    return False


def _matches(pattern: Pattern, line: str, budget: Budget | None) -> bool:
    if pattern.literals and not any(literal in line for literal in pattern.literals):
        return False
    return any(pattern.read(message, budget) is not None for message in _messages(line))


def _messages(line: str) -> Iterator[str]:
    """The line, and what follows each place where its message may begin."""
    yield line
    for count, match in enumerate(_MESSAGE_MAY_FOLLOW.finditer(line)):
        if count == _CUTS:
            return
        yield line[match.end() :]


def _columns(profile: Profile, headers: Sequence[str]) -> int:
    names = {cell.strip().strip('"').lower() for header in headers for cell in re.split(r"[,;\t]", header)}
    return sum(1 for aliases in profile.ledger.columns.values() if names & set(aliases))
