"""The chain learned from good trades: the lines that surround recorded closes, and where lost ones leave them.

Needs no knowledge of the recorder: a step is a code path with its masked message, and it counts when it goes
with recorded closes and not with missing ones more often than chance lets it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Final

from msgspec import Struct

from logaudit.core.diagnosis import ChainStep, Divergence
from logaudit.core.message import Message, msg
from logaudit.diagnosis.close_context import SYMBOL, Call, CloseContext, ContextSide, NearbyCall
from logaudit.diagnosis.stats import least, tail
from logaudit.reconcile.reconciled import Session

#: Closes of either kind, with their surroundings at hand, below which nothing is learned.
FEWEST: Final = 3
#: A step belongs to one kind of close when at least this share of that kind has it …
MOST: Final = Fraction(3, 4)
#: … and at most this share of the other.
HARDLY: Final = Fraction(1, 10)
#: The chance of a step that means nothing among all the steps tried.
LIMIT: Final = Fraction(1, 20)
#: Steps named of each sort, the nearest to the close.
SHOWN: Final = 16

_PLACES: Final = ("before", "after")


def diverge(session: Session, around: Mapping[str, CloseContext]) -> Divergence:
    """Where a session's missing closes leave the path of its recorded ones."""
    trades = [t for t in session.closed if t.id in around]
    recorded = [around[t.id] for t in trades if t.row is not None]
    missing = [around[t.id] for t in trades if t.missing]
    tables = [_ChainTable(place, recorded, missing) for place in _PLACES]
    if all(min(t.of_recorded, t.of_missing) < FEWEST for t in tables):
        return Divergence(session.root, (), (), (), _too_few(tables))
    told = [t.steps() for t in tables if min(t.of_recorded, t.of_missing) >= FEWEST]
    lost, extra, shared = (_nearest(step for table in told for step in table[kind]) for kind in range(3))
    abstained = None if lost or extra else _no_difference(tables)
    return Divergence(session.root, shared, lost, extra, abstained)


def _too_few(tables: Sequence[_ChainTable]) -> Message:
    return msg(
        "Whole surroundings of {recorded} recorded and {missing} lost closes are too few to learn the recorder's chain "
        "from; at least {need} of each are needed.",
        recorded=max(t.of_recorded for t in tables),
        missing=max(t.of_missing for t in tables),
        need=FEWEST,
    )


def _no_difference(tables: Sequence[_ChainTable]) -> Message:
    return msg(
        "The {missing} lost and the {recorded} recorded closes differ in no line around them beyond chance.",
        missing=max(t.of_missing for t in tables),
        recorded=max(t.of_recorded for t in tables),
    )


class _Outcomes(Struct, frozen=True):
    """The closes of one kind, recorded or missing, that are not cut on one side.

    Attributes:
        sides: what stands there, close by close.
        seen: call → the closes it was seen with, as indices of ``sides``.
        saying: template → the calls that say it.
    """

    sides: Sequence[ContextSide]
    seen: Mapping[Call, Sequence[int]]
    saying: Mapping[str, Sequence[Call]]

    @classmethod
    def of(cls, sides: Iterable[ContextSide]) -> _Outcomes:
        whole = [side for side in sides if side.complete]
        seen: dict[Call, list[int]] = defaultdict(list)
        for i, side in enumerate(whole):
            for call in side.calls():
                seen[call].append(i)
        saying: dict[str, list[Call]] = defaultdict(list)
        for call in seen:
            saying[call[1]].append(call)
        return cls(whole, seen, saying)

    def __len__(self) -> int:
        return len(self.sides)

    def having(self, call: Call) -> Sequence[int]:
        """The closes with which a call was seen."""
        return self.seen.get(call, ())

    def hearing(self, template: str) -> int:
        """With how many closes a message was seen, whoever said it."""
        return len({i for call in self.saying.get(template, ()) for i in self.seen[call]})


class _ChainTable:
    """Every step on one side of the closes, with its counts."""

    def __init__(self, place: str, recorded: Sequence[CloseContext], missing: Sequence[CloseContext]) -> None:
        self.place = place
        self._before = place == "before"
        self._good, self._bad = (
            _Outcomes.of(map(self._side, recorded)),
            _Outcomes.of(map(self._side, missing)),
        )
        self.of_recorded, self.of_missing = len(self._good), len(self._bad)

    def _side(self, around: CloseContext) -> ContextSide:
        return around.before if self._before else around.after

    def steps(self) -> tuple[list[ChainStep], list[ChainStep], list[ChainStep]]:
        """Steps that recorded closes have and missing ones have not, the reverse, and those of either kind."""
        kinds = list(self._only(self._good, self._bad)), list(self._only(self._bad, self._good)), self._both()
        seen: dict[Call, list[NearbyCall]] = {call: [] for calls in kinds for call in calls}
        for side in (*self._good.sides, *self._bad.sides) if seen else ():
            for call, step in side.nearest(seen).items():
                seen[call].append(step)
        lost, extra, shared = ([self._step(call, seen[call]) for call in calls] for calls in kinds)
        return lost, extra, shared

    def _both(self) -> list[Call]:
        """Calls that name the symbol and go with either kind."""
        good, bad = ceil(MOST * self.of_recorded), ceil(MOST * self.of_missing)
        return [
            call
            for call, having in self._good.seen.items()
            if SYMBOL in call[1] and len(having) >= good and len(self._bad.having(call)) >= bad
        ]

    def _only(self, own: _Outcomes, other: _Outcomes) -> Iterator[Call]:
        total = len(own) + len(other)
        most = ceil(MOST * len(own))
        often = {call: having for call, having in own.seen.items() if len(having) >= most}
        # Steps seen too seldom or too often to matter whatever their split are no tries (Tarone's correction),
        # and steps that go with the same closes are one.
        tried = len(
            {
                (tuple(having), tuple(other.having(call)))
                for call, having in often.items()
                if least(len(having) + len(other.having(call)), len(own), total) <= LIMIT
            }
        )
        for call, having in often.items():
            also = len(other.having(call))
            # Where the other kind says the same by another code path, it is the same step, not a lost one.
            if max(also, other.hearing(call[1])) > HARDLY * len(other):
                continue
            if tail(len(having), len(having) + also, len(own), total) * max(1, tried) <= LIMIT:
                yield call

    def _step(self, call: Call, seen: Sequence[NearbyCall]) -> ChainStep:
        """A call with its counts; ``seen`` are its steps nearest to each close."""
        delays = sorted(step.delay for step in seen)
        return ChainStep(
            emitter=call[0],
            template=call[1],
            place=self.place,
            recorded=len(self._good.having(call)),
            of_recorded=self.of_recorded,
            missing=len(self._bad.having(call)),
            of_missing=self.of_missing,
            delay=delays[(len(delays) - 1) // 2],
            example=min(seen, key=lambda step: (step.path, step.member, step.line)).location,
        )


def _nearest(steps: Iterable[ChainStep]) -> tuple[ChainStep, ...]:
    """The ones nearest to the close, told in order of time."""
    near = sorted(steps, key=lambda s: (abs(s.delay), s.example.line, s.emitter, s.template))[:SHOWN]
    return tuple(sorted(near, key=lambda s: (s.place != "before", s.delay, s.example.line, s.template)))
