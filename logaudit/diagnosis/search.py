"""Finds the smallest set of conditions that singles out the missing among the closes.

Closes are bits of whole numbers: a condition is the number whose bits are the closes that fulfil it. Each
condition has a price, dearer the less it says about the code; a set costs its conditions, the missing closes
it leaves unexplained and the recorded ones it names wrongly. Of the sets whose every condition is significant
among the closes that the others do not cover, the cheapest wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final

from msgspec import Struct

from logaudit.core.diagnosis import Condition
from logaudit.diagnosis.attributes import Attribute, CloseCase
from logaudit.diagnosis.stats import least, tail

#: Missing closes that a condition must explain.
SUPPORT: Final = 3
#: The chance of a false claim: of each condition alone, and of all that were tried taken together …
LIMIT: Final = Fraction(1, 100)
#: … unless it is one condition on the code or the reason, which is where a cause is to be expected.
LIMIT_CODE: Final = Fraction(1, 20)
#: Recorded closes a condition may name, as a share of the missing ones.
_ALARMS: Final = Fraction(1, 10)

#: What a condition costs: fewer and nearer to the code is better.
_PRICE: Final = {
    Attribute.PATH: 8,
    Attribute.PATTERN: 8,
    Attribute.LINE: 11,
    Attribute.CALLER: 16,
    Attribute.PRECEDING: 34,
    Attribute.REASON: 24,
    Attribute.EVENT: 26,
    Attribute.RUN: 26,
    Attribute.SYMBOL: 30,
    Attribute.SIDE: 30,
    Attribute.FROM: 40,
    Attribute.UNTIL: 40,
    Attribute.SINCE_START: 44,
    Attribute.HOUR: 44,
}
_MOMENTS: Final = frozenset({Attribute.FROM.value, Attribute.UNTIL.value})
#: An outcome that turns more often than this does not follow the clock.
_TURNS: Final = 200
_EACH: Final = 4
_JOINED: Final = 2
_UNEXPLAINED: Final = 10
_ALARM: Final = 15

#: Candidates that are combined with each other; the rest can only be added one by one.
_COMBINED: Final = 40
_TOGETHER: Final = 3
#: Candidates that are compared with each other, the ones that explain most for their price.
_COMPARED: Final = 300
#: Conditions that are tried in pairs; more would be tried only with very many closes.
_PAIRED: Final = 400


class ConditionSet(Struct, frozen=True):
    """A condition or a pair of them.

    Attributes:
        mask: the closes that fulfil it.
        tried: conditions at most as dear that chance had an opportunity with.
    """

    conditions: tuple[Condition, ...]
    mask: int
    price: int
    tried: int


class Search:
    """The closes of one session and the conditions that hold for them."""

    def __init__(self, cases: Sequence[CloseCase]) -> None:
        self.cases = cases
        self.all = (1 << len(cases)) - 1
        self.missing = sum(1 << i for i, c in enumerate(cases) if c.missing)
        self.recorded = self.all ^ self.missing
        self._moments = 0
        self.atoms = [a for a in _atoms(cases) if a.mask != self.all and self._might_explain(a.mask)]
        self._moments = sum(a.conditions[0].attribute in _MOMENTS for a in self.atoms)

    def best(self) -> tuple[ConditionSet, ...]:
        """The cheapest significant set, dearest explanation last; empty when nothing separates."""
        candidates = self._candidates()
        front = sorted(candidates, key=self._worth)[:_COMBINED]
        best: tuple[ConditionSet, ...] = ()
        cost = self.cost(())
        for size in range(1, _TOGETHER + 1):
            for chosen in combinations(front, size):
                if (price := self.cost(chosen)) < cost and self.significant(chosen):
                    best, cost = chosen, price
        return self._extended(best, cost, candidates)

    def _extended(
        self, best: tuple[ConditionSet, ...], cost: int, candidates: Sequence[ConditionSet]
    ) -> tuple[ConditionSet, ...]:
        """Adds further conditions while each lowers the cost."""
        while len(best) >= _TOGETHER:
            more = [(self.cost((*best, c)), (*best, c)) for c in candidates if c not in best]
            better = [(price, chosen) for price, chosen in more if price < cost and self.significant(chosen)]
            if not better:
                break
            cost, best = min(better, key=lambda item: (item[0], _text(item[1][-1])))
        return tuple(sorted(best, key=lambda c: (-self.hits(c.mask), c.price, _text(c))))

    def hits(self, mask: int) -> int:
        """Missing closes in a mask."""
        return (mask & self.missing).bit_count()

    def alarms(self, mask: int) -> int:
        """Recorded closes in a mask."""
        return (mask & self.recorded).bit_count()

    def cost(self, chosen: Sequence[ConditionSet]) -> int:
        """What a set costs; lower explains better."""
        covered = 0
        for candidate in chosen:
            covered |= candidate.mask
        return (
            sum(c.price + _EACH for c in chosen)
            + _UNEXPLAINED * self.hits(self.all ^ covered)
            + _ALARM * self.alarms(covered)
        )

    def chance(self, mask: int, among: int) -> Fraction:
        """How likely a split as clear as that of ``mask`` is if it meant nothing, among some closes."""
        drawn = mask & among
        return tail(self.hits(drawn), drawn.bit_count(), self.hits(among), among.bit_count())

    def significant(self, chosen: Sequence[ConditionSet]) -> bool:
        """Whether each condition explains missing closes that the others do not, beyond chance."""
        for candidate in chosen:
            others = 0
            for other in chosen:
                if other is not candidate:
                    others |= other.mask
            among = self.all & ~others
            if self.hits(candidate.mask & among) < SUPPORT:
                return False
            chance = self.chance(candidate.mask, among)
            limit = LIMIT_CODE if candidate.price <= _PRICE[Attribute.REASON] else LIMIT
            if chance > LIMIT or chance * max(1, candidate.tried) > limit:
                return False
        return True

    def _might_explain(self, mask: int) -> bool:
        return self.hits(mask) >= SUPPORT

    def _pure(self, mask: int) -> bool:
        return self.alarms(mask) <= _ALARMS * self.hits(mask)

    def _worth(self, candidate: ConditionSet) -> tuple[int, str]:
        return self.cost((candidate,)), _text(candidate)

    def _candidates(self) -> list[ConditionSet]:
        """Admissible conditions and pairs, the cheapest of those that name the same closes."""
        cheapest: dict[int, ConditionSet] = {}
        for candidate in self._counted():
            if not self._pure(candidate.mask):
                continue
            known = cheapest.get(candidate.mask)
            if known is None or (candidate.price, _text(candidate)) < (known.price, _text(known)):
                cheapest[candidate.mask] = candidate
        found = sorted(cheapest.values(), key=self._worth)[:_COMPARED]
        return [c for c in found if not any(self._beats(other, c) for other in found)]

    def _beats(self, other: ConditionSet, candidate: ConditionSet) -> bool:
        """Whether ``other`` explains all that ``candidate`` does, names no more, and costs less."""
        if other is candidate or other.price > candidate.price:
            return False
        return (
            candidate.mask & self.missing & ~other.mask == 0
            and other.mask & self.recorded & ~candidate.mask == 0
        )

    def _counted(self) -> Iterator[ConditionSet]:
        """Everything tried, cheapest first, each with the number of tries up to its price."""
        pairs = list(self._pairs())
        tried = 0
        known: set[int] = set()
        for _, group in sorted(_by_price([*self.atoms, *pairs]).items()):
            # Conditions that name the same closes are one try.
            tried += sum(self._tries(c) for c in group if c.mask not in known)
            known.update(c.mask for c in group)
            for c in group:
                yield ConditionSet(c.conditions, c.mask, c.price, tried)

    def _tries(self, candidate: ConditionSet) -> int:
        """How often chance had an opportunity to make this candidate.

        None where even a perfect split of so many closes would mean nothing (Tarone's correction); a moment
        was picked among all that there are, so it counts for its share of them.
        """
        if len(candidate.conditions) == 1 and candidate.conditions[0].attribute in _MOMENTS:
            return -(-len(self.cases) // max(1, self._moments))
        return int(least(candidate.mask.bit_count(), self.missing.bit_count(), len(self.cases)) <= LIMIT)

    def _pairs(self) -> Iterator[ConditionSet]:
        """Pairs of conditions that name too many recorded closes alone."""
        impure = [a for a in self.atoms if not self._pure(a.mask)]
        impure = sorted(impure, key=lambda a: (a.price, -self.hits(a.mask), _text(a)))[:_PAIRED]
        for left, right in combinations(impure, 2):
            both = left.mask & right.mask
            if both in (left.mask, right.mask) or not self._might_explain(both):
                continue
            conditions = (*left.conditions, *right.conditions)
            yield ConditionSet(conditions, both, left.price + right.price + _JOINED, 0)


def _by_price(candidates: Iterable[ConditionSet]) -> dict[int, list[ConditionSet]]:
    found: dict[int, list[ConditionSet]] = defaultdict(list)
    for candidate in candidates:
        found[candidate.price].append(candidate)
    return found


def _text(candidate: ConditionSet) -> str:
    return "\x1f".join(f"{c.attribute}={c.value}" for c in candidate.conditions)


def _atoms(cases: Sequence[CloseCase]) -> Iterator[ConditionSet]:
    masks: dict[tuple[Attribute, str], int] = defaultdict(int)
    for i, case in enumerate(cases):
        for attribute, value in case.values.items():
            masks[attribute, value] |= 1 << i
    masks.update(_spans(cases))
    for (attribute, value), mask in sorted(masks.items()):
        yield ConditionSet((Condition(attribute.value, value),), mask, _PRICE[attribute], 0)


def _spans(cases: Sequence[CloseCase]) -> Iterator[tuple[tuple[Attribute, str], int]]:
    """Everything from a close on, and up to a close, where the outcome turns; none where it turns all the time."""
    turns = [i for i in range(1, len(cases)) if cases[i].missing != cases[i - 1].missing]
    if len(turns) > _TURNS:
        return
    whole = (1 << len(cases)) - 1
    for i in turns:
        if cases[i].missing:
            yield (Attribute.FROM, cases[i].trade.at.iso()), whole >> i << i
        else:
            yield (Attribute.UNTIL, cases[i - 1].trade.at.iso()), (1 << i) - 1
