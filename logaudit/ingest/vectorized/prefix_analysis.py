"""What the beginning of a line settles, whatever follows it: whether a record opens, its level, its log format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from logaudit.ingest.vectorized.layouts import Layout
from logaudit.ingest.vectorized.prefix_matcher import PrefixMatcher, facts_of
from logaudit.logformats import LogFormatSet
from logaudit.logformats.pieces import disjoint
from logaudit.logformats.text_format import TextFormat


class PrefixAnalysis(Struct, frozen=True):
    """What is certain of every line that begins so.

    Attributes:
        level: the level name of the record it opens.
        log_format: the log format's name, empty when it depends on what follows.
        alive: how far the log formats get that may still match, in order of preference.
    """

    level: str
    log_format: str
    alive: tuple[PrefixMatcher, ...]


def analyse_prefix(
    log_formats: LogFormatSet, layout: Layout, head: str, among: Sequence[PrefixMatcher] | None = None
) -> PrefixAnalysis | None:
    """What ``head``, which shows a time in ``layout``, settles for all lines that begin with it.

    The time itself may be another one: only its layout counts. None when nothing is certain: some log format
    would read a time, or a level, that depends on what follows.

    Args:
        among: what a shorter beginning of ``head`` has left alive, if that is known.
    """
    opening = log_formats.open(head)
    if opening is None:
        return None
    winner = opening[1].log_format
    if not isinstance(winner, TextFormat):
        return None
    if among is None:
        candidates = (d for d in log_formats.log_formats if isinstance(d, TextFormat))
        walks = (
            PrefixMatcher(log_format, head).run() for log_format in candidates if _has_shape(log_format, head)
        )
    else:
        walks = (walk.on(head) for walk in among)
    alive = tuple(_in_question(walks))
    mine = next((walk for walk in alive if walk.log_format is winner), None)
    name = opening[1].level(opening[2])
    if mine is None or mine.level is None:
        return None
    if not all(_agrees(walk, layout, mine.level, name) for walk in alive):
        return None
    certain = alive[0] is mine and mine.complete
    return PrefixAnalysis(name, winner.name if certain else "", alive)


def _in_question(walks: Iterable[PrefixMatcher]) -> Iterator[PrefixMatcher]:
    """Those that a line may still match.

    Behind one that every line matches none is ever asked; but where it prints no level, one that does is surer.
    """
    for walk in walks:
        if not walk.dead:
            yield walk
            if walk.complete and walk.level:
                return


def _agrees(walk: PrefixMatcher, layout: Layout, level: str, name: str) -> bool:
    """Whether the log format, should it win, reads the same time and the same level.

    The level must be a usual one: of any other the set would ask whether it is a level at all.
    """
    facts = facts_of(walk.log_format)
    if walk.layout != layout or walk.level != level or facts.late:
        return False
    return not level or facts.levels.get(level) == name


def end_of_level(log_format: TextFormat, line: str) -> int:
    """Where the text after the level begins, or after the time where there is no level before the message.

    ``line`` must open a record of ``log_format``; 0 where the place is not certain.
    """
    return PrefixMatcher(log_format, line).run().settled


def _has_shape(log_format: TextFormat, head: str) -> bool:
    return not any(disjoint(*pair) for pair in zip(facts_of(log_format).shape, head, strict=False))
