"""The few sentences that a terminal report shows: where, by which path, and most likely why.

Sessions that say the same are told in one sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from logaudit.core.diagnosis import (
    BlindPath,
    BlindPaths,
    Divergence,
    FailurePoint,
    Hypothesis,
    Likelihood,
    Phrase,
    PredictionState,
    StageState,
)
from logaudit.core.finding import Data
from logaudit.diagnosis.blind_paths import WEAK

#: Sentences of one sort; a scan of many bots has its reports for the rest.
_MOST: Final = 3


def headline(
    points: Sequence[FailurePoint],
    divergences: Sequence[Divergence],
    blind: Sequence[BlindPaths],
    hypotheses: Sequence[Hypothesis],
) -> tuple[Phrase, ...]:
    """Failure points, blind paths and leading hypotheses; nothing where nothing was lost."""
    sorts = (
        [*_failures(points), *_leavings(points, divergences)],
        [*_paths(p for b in blind for p in b.paths), *_abstentions(blind)],
        list(_causes(hypotheses)),
    )
    return tuple(phrase for sort in sorts for phrase in sort[:_MOST])


def _failures(points: Iterable[FailurePoint]) -> Iterator[Phrase]:
    """Lost trades by the stage at which their chain breaks, with what is known of the stages before."""
    groups: dict[tuple[str, str, tuple[tuple[str, StageState], ...]], list[FailurePoint]] = defaultdict(list)
    for point in points:
        if point.kind == "trade" and point.stage:
            index = next(i for i, s in enumerate(point.stages) if s.id == point.stage)
            before = tuple((s.id, s.state) for s in point.stages[:index])
            groups[point.stage, point.stages[index].titles.get("en", ""), before].append(point)
    for (stage, _, before), members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][0])):
        view = next(s for s in members[0].stages if s.id == stage)
        titles: dict[str, Data] = {**view.titles}
        yield Phrase(
            "headline.failure",
            {
                "trades": len(members),
                "stage": stage,
                "titles": titles,
                "state": view.state.value,
                "observed": [i for i, s in before if s is StageState.OBSERVED],
                "hidden": [i for i, s in before if s is StageState.NOT_OBSERVABLE],
            },
        )


def _leavings(points: Iterable[FailurePoint], divergences: Iterable[Divergence]) -> Iterator[Phrase]:
    """For bots whose recorder the profile does not know: what follows recorded closes only."""
    staged = {p.session for p in points if p.stage}
    for one in divergences:
        lost = [s for s in one.lost if s.place == "after"]
        if lost and one.session not in staged:
            names: list[Data] = list(dict.fromkeys(s.emitter or s.template for s in lost))
            yield Phrase("headline.leaves", {"emitters": names, "closes": lost[0].of_missing})


def _paths(paths: Iterable[BlindPath]) -> Iterator[Phrase]:
    groups: dict[tuple[object, ...], list[BlindPath]] = defaultdict(list)
    for path in paths:
        groups[path.conditions].append(path)
    for members in sorted(groups.values(), key=lambda m: -sum(p.missing for p in m)):
        conditions: list[Data] = [{"attribute": c.attribute, "value": c.value} for c in members[0].conditions]
        yield Phrase(
            "headline.path",
            {
                "conditions": [conditions],
                "missing": sum(p.missing for p in members),
                "recorded": sum(p.recorded for p in members),
                "total": sum(p.total_missing for p in members),
                "p": str(members[0].p_value) if len(members) == 1 else None,
                "weak": any(p.p_value > WEAK for p in members) and len(members) == 1,
            },
        )


def _abstentions(blind: Sequence[BlindPaths]) -> Iterator[Phrase]:
    """Why no path is named, where there is nothing else to say about paths."""
    why = [b.abstained for b in blind if b.abstained is not None]
    if len(why) == len(blind) == 1:
        yield why[0]
    elif why:
        yield Phrase("headline.abstained", {"sessions": len(why)})


def _causes(hypotheses: Sequence[Hypothesis]) -> Iterator[Phrase]:
    """The leading causes of each session; several where the evidence holds them equal."""
    by_session: dict[str, list[Hypothesis]] = defaultdict(list)
    for one in hypotheses:
        by_session[one.session].append(one)
    groups: dict[tuple[Likelihood, tuple[str, ...]], list[int]] = defaultdict(list)
    for ranked in by_session.values():
        first = ranked[0]
        if first.likelihood is Likelihood.REFUTED:
            continue
        equal = tuple(h.id for h in ranked if h.likelihood is first.likelihood and _proof(h) == _proof(first))
        groups[first.likelihood, equal].append(sum(h.likelihood is Likelihood.REFUTED for h in ranked))
    total = len({one.id for one in hypotheses})
    for (likelihood, names), refuted in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][1])):
        yield Phrase(
            "headline.cause" if len(names) == 1 else "headline.causes-equal",
            {
                "ids": [*names[:_MOST]],
                "likelihood": likelihood.value,
                "sessions": len(refuted),
                "refuted": min(refuted),
                "total": total,
            },
        )


def _proof(hypothesis: Hypothesis) -> int:
    return sum(p.state is PredictionState.CONFIRMED for p in hypothesis.predictions)
