"""The chain learned from good trades: the lines that surround recorded closes, and where lost ones leave them.

Needs no knowledge of the recorder: a step is a code path with its masked message, and it counts when it goes
with recorded closes and not with missing ones more often than chance lets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from logaudit.case import Session, Trade
from logaudit.diagnosis.stats import least, tail
from logaudit.diagnosis.surroundings import SYMBOL, Step, Surroundings
from logaudit.model.diagnosis import ChainStep, Divergence, Phrase
from logaudit.model.finding import Data

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
_Key = tuple[str, str]


def diverge(session: Session, around: Mapping[str, Surroundings]) -> Divergence:
    """Where a session's missing closes leave the path of its recorded ones."""
    trades = [t for t in session.trades if t.close is not None and t.id in around]
    recorded = [around[t.id] for t in trades if t.row is not None]
    missing = [around[t.id] for t in trades if t.missing]
    tables = [_Table(place, recorded, missing) for place in _PLACES]
    if all(min(t.of_recorded, t.of_missing) < FEWEST for t in tables):
        return Divergence(session.root, (), (), (), _too_few(session.trades, tables))
    told = [t for t in tables if min(t.of_recorded, t.of_missing) >= FEWEST]
    lost = _nearest(s for t in told for s in t.only_recorded())
    extra = _nearest(s for t in told for s in t.only_missing())
    shared = _nearest(s for t in told for s in t.both())
    abstained = None if lost or extra else Phrase("chain.no-difference", _counts(tables))
    return Divergence(session.root, shared, lost, extra, abstained)


def _too_few(trades: Iterable[Trade], tables: Sequence[_Table]) -> Phrase:
    closes = [t for t in trades if t.close is not None]
    known: dict[str, Data] = {
        "recorded": sum(t.row is not None for t in closes),
        "missing": sum(t.missing for t in closes),
    }
    return Phrase("chain.too-few", {**known, **{f"with_{k}": v for k, v in _counts(tables).items()}})


def _counts(tables: Sequence[_Table]) -> dict[str, Data]:
    return {
        "recorded": max(t.of_recorded for t in tables),
        "missing": max(t.of_missing for t in tables),
        "need": FEWEST,
    }


@dataclass(slots=True)
class _Seen:
    """With which closes a step was seen, as bits by the closes' order."""

    good: int = 0
    bad: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def recorded(self) -> int:
        """How many recorded closes have it."""
        return self.good.bit_count()

    @property
    def missing(self) -> int:
        """How many missing ones."""
        return self.bad.bit_count()


class _Table:
    """Every step on one side of the closes, with its counts."""

    def __init__(self, place: str, recorded: Sequence[Surroundings], missing: Sequence[Surroundings]) -> None:
        self.place = place
        good, bad = self._whole(recorded), self._whole(missing)
        self.of_recorded, self.of_missing = len(good), len(bad)
        self._seen: dict[_Key, _Seen] = {}
        for i, steps in enumerate(good):
            for key, step in steps.items():
                self._of(key).good |= 1 << i
                self._of(key).steps.append(step)
        for i, steps in enumerate(bad):
            for key, step in steps.items():
                self._of(key).bad |= 1 << i
                self._of(key).steps.append(step)
        self._words_good, self._words_bad = _words(good), _words(bad)

    def _of(self, key: _Key) -> _Seen:
        return self._seen.setdefault(key, _Seen())

    def _whole(self, closes: Sequence[Surroundings]) -> list[dict[_Key, Step]]:
        """The steps of each close whose surroundings are not cut on this side, the first of a kind."""
        before = self.place == "before"
        kept = [c for c in closes if (c.whole_before if before else c.whole_after)]
        return [_first(reversed(c.before) if before else c.after) for c in kept]

    def only_recorded(self) -> list[ChainStep]:
        """Steps that recorded closes have and missing ones have not."""
        return self._only(
            lambda s: s.recorded, lambda s: s.missing, (self.of_recorded, self.of_missing), self._words_bad
        )

    def only_missing(self) -> list[ChainStep]:
        """Steps that missing closes have and recorded ones have not."""
        return self._only(
            lambda s: s.missing, lambda s: s.recorded, (self.of_missing, self.of_recorded), self._words_good
        )

    def both(self) -> list[ChainStep]:
        """Steps that name the symbol and go with either kind."""
        return [
            self._step(key, seen)
            for key, seen in self._seen.items()
            if SYMBOL in key[1]
            and seen.recorded >= MOST * self.of_recorded
            and seen.missing >= MOST * self.of_missing
        ]

    def _only(
        self,
        own: Callable[[_Seen], int],
        other: Callable[[_Seen], int],
        sizes: tuple[int, int],
        words_of_other: Mapping[str, int],
    ) -> list[ChainStep]:
        of_own, of_other = sizes
        total = of_own + of_other
        # Steps seen too seldom or too often to matter whatever their split are no tries (Tarone's correction),
        # and steps that go with the same closes are one.
        tried = len(
            {
                (s.good, s.bad)
                for s in self._seen.values()
                if own(s) >= MOST * of_own and least(own(s) + other(s), of_own, total) <= LIMIT
            }
        )
        found = []
        for key, seen in self._seen.items():
            if own(seen) < MOST * of_own or other(seen) > HARDLY * of_other:
                continue
            if words_of_other.get(key[1], 0) > HARDLY * of_other:
                # The other kind says the same by another code path: the same step, not a lost one.
                continue
            if tail(own(seen), own(seen) + other(seen), of_own, total) * max(1, tried) <= LIMIT:
                found.append(self._step(key, seen))
        return found

    def _step(self, key: _Key, seen: _Seen) -> ChainStep:
        delays = sorted(s.delay for s in seen.steps)
        return ChainStep(
            emitter=key[0],
            template=key[1],
            place=self.place,
            recorded=seen.recorded,
            of_recorded=self.of_recorded,
            missing=seen.missing,
            of_missing=self.of_missing,
            delay=delays[(len(delays) - 1) // 2],
            example=min((s.location for s in seen.steps), key=lambda where: (where.address, where.line)),
        )


def _first(steps: Iterable[Step]) -> dict[_Key, Step]:
    """The steps by kind, the one nearest to the close of each."""
    found: dict[_Key, Step] = {}
    for step in steps:
        found.setdefault(step.key, step)
    return found


def _words(closes: Sequence[Mapping[_Key, Step]]) -> dict[str, int]:
    """Message template → with how many closes it was seen, whoever said it."""
    counts: dict[str, int] = {}
    for steps in closes:
        for template in {key[1] for key in steps}:
            counts[template] = counts.get(template, 0) + 1
    return counts


def _nearest(steps: Iterable[ChainStep]) -> tuple[ChainStep, ...]:
    """The ones nearest to the close, told in order of time."""
    near = sorted(steps, key=lambda s: (abs(s.delay), s.example.line, s.emitter, s.template))[:SHOWN]
    return tuple(sorted(near, key=lambda s: (s.place != "before", s.delay, s.example.line, s.template)))
