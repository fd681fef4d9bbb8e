"""One path through a function, as far as it matters to the result of a close, and what several paths come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from logaudit.core.message import Message
from logaudit.core.source_code import PathEnd


class Holding(Enum):
    """How much of the result a value holds; ``PART``: something that was read from it."""

    NONE = 0
    PART = 1
    WHOLE = 2


class Stop(Enum):
    """Why a path does not go on with the next statement."""

    NO = 0
    RETURN = 1
    RAISE = 2
    LOOP = 3


class CodePath(Struct, frozen=True):
    """The state at one point of a path; paths of one state are one.

    Attributes:
        closed: whether the close lies behind; recorded: whether the recorder was called.
        held: variables that hold the result; sure: whether it is certainly there.
        returned: whether the result is returned.
        unknown, broken: why it cannot be told whether the recorder gets the result, or why the recorder fails.
        via: the tests that led here.
    """

    closed: bool = False
    recorded: bool = False
    stop: Stop = Stop.NO
    held: frozenset[str] = frozenset()
    sure: bool = False
    returned: bool = False
    unknown: Message | None = None
    broken: Message | None = None
    via: tuple[str, ...] = ()

    @property
    def state(self) -> tuple[object, ...]:
        """What tells it from other paths."""
        doubts = self.unknown is not None, self.broken is not None
        return self.closed, self.recorded, self.stop, self.held, self.sure, self.returned, doubts


def merged(paths: Iterable[CodePath]) -> list[CodePath]:
    """One path of each state, the first."""
    found: dict[tuple[object, ...], CodePath] = {}
    for path in paths:
        found.setdefault(path.state, path)
    return list(found.values())


class PathOutcome(Struct, frozen=True):
    """What the paths behind a close come to.

    Attributes:
        end: None where the result is returned, so that the callers decide.
        sure: whether what is returned is certainly a result.
        silent: whether the function does not return the result on some path.
    """

    end: PathEnd | None
    condition: str = ""
    why: Message | None = None
    sure: bool = False


def outcome_of(paths: Sequence[CodePath]) -> PathOutcome:
    """Where a result ends, over all paths on which the close happened and nothing was raised."""
    behind = [p for p in paths if p.closed and p.stop is not Stop.RAISE]
    recorded = [p for p in behind if p.recorded]
    others = [p for p in behind if not p.recorded]
    if recorded and not others:
        return PathOutcome(PathEnd.RECORDED)
    if recorded:
        return PathOutcome(PathEnd.CONDITIONAL, _condition(recorded, others))
    for path in others:
        if path.unknown is not None:
            return PathOutcome(PathEnd.UNKNOWN, why=path.unknown)
    for path in others:
        if path.broken is not None:
            return PathOutcome(PathEnd.BROKEN, why=path.broken)
    returning = [p for p in others if p.returned]
    if returning:
        return PathOutcome(None, sure=all(p.sure for p in others) and len(returning) == len(others))
    return PathOutcome(PathEnd.DROPPED if others else PathEnd.UNKNOWN)


def _condition(recorded: Sequence[CodePath], others: Sequence[CodePath]) -> str:
    """The tests on the way to the recorder that the other paths do not pass."""
    passed = {test for path in others for test in path.via}
    own = [test for test in recorded[0].via if test not in passed]
    if not own:
        led = {test for path in recorded for test in path.via}
        own = [f"not ({test})" for path in others[:1] for test in path.via if test not in led]
    return " and ".join(dict.fromkeys(own))
