"""What the beginning of a line settles, whatever follows it: whether a record opens, its level, its dialect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from logaudit.dialect import DialectSet
from logaudit.dialect.text import TextDialect
from logaudit.dialect.types import apart
from logaudit.digest.layouts import Layout
from logaudit.digest.walk import Walk, facts_of


class Verdict(Struct, frozen=True):
    """What is certain of every line that begins so.

    Attributes:
        level: the level name of the record it opens.
        dialect: the dialect's name, empty when it depends on what follows.
        alive: how far the dialects get that may still match, in order of preference.
    """

    level: str
    dialect: str
    alive: tuple[Walk, ...]


def settle(
    dialects: DialectSet, layout: Layout, head: str, among: Sequence[Walk] | None = None
) -> Verdict | None:
    """What ``head``, which shows a time in ``layout``, settles for all lines that begin with it.

    The time itself may be another one: only its layout counts. None when nothing is certain: some dialect
    would read a time, or a level, that depends on what follows.

    Args:
        among: what a shorter beginning of ``head`` has left alive, if that is known.
    """
    opening = dialects.open(head)
    if opening is None:
        return None
    winner = opening[1].dialect
    if not isinstance(winner, TextDialect):
        return None
    if among is None:
        candidates = (d for d in dialects.dialects if isinstance(d, TextDialect))
        walks = (Walk(dialect, head).run() for dialect in candidates if _has_shape(dialect, head))
    else:
        walks = (walk.on(head) for walk in among)
    alive = tuple(_in_question(walks))
    mine = next((walk for walk in alive if walk.dialect is winner), None)
    name = opening[1].level(opening[2])
    if mine is None or mine.level is None:
        return None
    if not all(_agrees(walk, layout, mine.level, name) for walk in alive):
        return None
    certain = alive[0] is mine and mine.complete
    return Verdict(name, winner.name if certain else "", alive)


def _in_question(walks: Iterable[Walk]) -> Iterator[Walk]:
    """Those that a line may still match.

    Behind one that every line matches none is ever asked; but where it prints no level, one that does is surer.
    """
    for walk in walks:
        if not walk.dead:
            yield walk
            if walk.complete and walk.level:
                return


def _agrees(walk: Walk, layout: Layout, level: str, name: str) -> bool:
    """Whether the dialect, should it win, reads the same time and the same level.

    The level must be a usual one: of any other the set would ask whether it is a level at all.
    """
    facts = facts_of(walk.dialect)
    if walk.layout != layout or walk.level != level or facts.late:
        return False
    return not level or facts.levels.get(level) == name


def end_of_level(dialect: TextDialect, line: str) -> int:
    """Where the text after the level begins, or after the time where there is no level before the message.

    ``line`` must open a record of ``dialect``; 0 where the place is not certain.
    """
    return Walk(dialect, line).run().settled


def _has_shape(dialect: TextDialect, head: str) -> bool:
    return not any(apart(*pair) for pair in zip(facts_of(dialect).shape, head, strict=False))
