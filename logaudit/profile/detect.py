"""Finds the profile that a session's lines and table headers speak for, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from logaudit.model.text import plural, printable, quote
from logaudit.profile.prefilter import prefilter
from logaudit.profile.types import LINE_LIMIT, Profile

_SHOWN: Final = 3
_EXCERPT: Final = 40
#: Sampled lines still carry their dialect's prefix; a message may begin after any of these.
_MESSAGE_MAY_FOLLOW: Final = re.compile(r"\s[-|]\s|\]\s|:\s|\b[A-Z]{4,8}\b\W")
_CUTS: Final = 12


@dataclass(frozen=True, slots=True)
class Score:
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

    def evidence(self, lines: int) -> str:
        """In words; ``lines`` is how many were sampled."""
        found = self.markers + self.header_markers
        parts = []
        if found:
            shown = ", ".join(printable(quote(text, _EXCERPT)) for text in found[:_SHOWN])
            more = ", …" if len(found) > _SHOWN else ""
            parts.append(f"{len(found)} of {plural(self.of, 'marker')} ({shown}{more})")
        if self.patterns or lines:
            parts.append(
                f"{plural(len(self.patterns), 'pattern')} matched in {plural(lines, 'sampled line')}"
            )
        if self.columns:
            parts.append(f"{plural(self.columns, 'ledger column')} named by table headers")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile to read a session with, the reason in words, and what spoke for each, in given order."""

    profile: Profile
    why: str
    scores: tuple[Score, ...]


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
    scores = tuple(_score(profile, lines, headers) for profile in profiles)
    pairs = list(zip(profiles, scores, strict=True))
    marked = [pair for pair in pairs if pair[1].markers]
    general = [pair for pair in pairs if not pair[0].markers]
    speaking = [p for p in general if p[1].patterns] or [p for p in pairs if p[1].patterns]
    by_header = [pair for pair in pairs if pair[1].header_markers]
    for candidates in (marked, speaking, by_header):
        if candidates:
            profile, score = max(candidates, key=lambda pair: pair[1].strength)
            return Choice(profile, f"{profile.name}: {score.evidence(len(lines))}", scores)
    profile = general[0][0] if general else profiles[0]
    searched = f"{plural(len(lines), 'sampled line')} and {plural(len(headers), 'table header')}"
    return Choice(profile, f"{profile.name}: nothing in {searched} speaks for any profile", scores)


def _score(profile: Profile, lines: Sequence[str], headers: Sequence[str]) -> Score:
    return Score(
        profile=profile.name,
        markers=_found(profile.markers, lines),
        header_markers=_found(profile.markers, headers),
        of=len(profile.markers),
        patterns=_matched(profile, lines),
        columns=_columns(profile, headers),
    )


def _found(markers: Sequence[re.Pattern[str]], texts: Sequence[str]) -> tuple[str, ...]:
    matches = (next((m for t in texts if (m := marker.search(t, 0, LINE_LIMIT))), None) for marker in markers)
    return tuple(match[0] for match in matches if match is not None)


def _matched(profile: Profile, lines: Sequence[str]) -> tuple[str, ...]:
    """Ids of the patterns that match any line; each is tried until it has matched once."""
    waiting = {p.id: p for p in profile.patterns}
    worth = prefilter(profile.patterns).search
    for line in lines:
        if not waiting:
            break
        if not worth(line):
            continue
        for pattern in tuple(waiting.values()):
            if pattern.literals and not any(literal in line for literal in pattern.literals):
                continue
            if any(pattern.read(message) is not None for message in _messages(line)):
                del waiting[pattern.id]
    return tuple(p.id for p in profile.patterns if p.id not in waiting)


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
