"""The few sentences that a terminal report shows: where, by which path, and most likely why.

Sessions that say the same are told in one sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from logaudit.core.diagnosis import (
    BlindPath,
    BlindPaths,
    Divergence,
    FailurePoint,
    Hypothesis,
    Likelihood,
    PredictionState,
    StageState,
    StageView,
)
from logaudit.core.message import (
    Joiner,
    Listed,
    Message,
    Param,
    Probability,
    Text,
    codes,
    label,
    msg,
    plural,
    plural_in,
)
from logaudit.diagnosis.blind_paths import WEAK
from logaudit.diagnosis.wording import stage_of

#: Sentences of one sort; a scan of many bots has its reports for the rest.
_MOST: Final = 3

_LIKELIHOOD: Final = {
    Likelihood.HIGH: label("likelihood", "high"),
    Likelihood.MEDIUM: label("likelihood", "medium"),
    Likelihood.LOW: label("likelihood", "low"),
    Likelihood.REFUTED: label("likelihood", "refuted"),
}


def headline(
    points: Sequence[FailurePoint],
    divergences: Sequence[Divergence],
    blind: Sequence[BlindPaths],
    hypotheses: Sequence[Hypothesis],
    code: Sequence[Message] = (),
) -> tuple[Message, ...]:
    """Failure points, blind paths and leading hypotheses; nothing where nothing was lost.

    ``code`` is what the bot's source shows; with it no sentence is due on why statistics show nothing.
    """
    sorts = (
        [*_failures(points), *_leavings(points, divergences)],
        code,
        [*_paths(p for b in blind for p in b.paths), *([] if code else _abstentions(blind))],
        list(_causes(hypotheses)),
    )
    return tuple(phrase for sort in sorts for phrase in sort[:_MOST])


def _failures(points: Iterable[FailurePoint]) -> Iterator[Message]:
    """Lost trades by the stage at which their chain breaks, with what is known of the stages before."""
    views: dict[tuple[str, str, tuple[tuple[str, StageState], ...]], StageView] = {}
    counts: Counter[tuple[str, str, tuple[tuple[str, StageState], ...]]] = Counter()
    for point in points:
        if point.kind == "trade" and point.stage:
            index = next(i for i, s in enumerate(point.stages) if s.id == point.stage)
            before = tuple((s.id, s.state) for s in point.stages[:index])
            key = point.stage, str(point.stages[index].title), before
            views.setdefault(key, point.stages[index])
            counts[key] += 1
    for key, trades in sorted(counts.items(), key=lambda item: (-item[1], item[0][0])):
        yield _failure(views[key], key[-1], trades)


def _failure(stage: StageView, before: Sequence[tuple[str, StageState]], trades: int) -> Message:
    seen = [name for name, state in before if state is StageState.OBSERVED]
    hidden = [name for name, state in before if state is StageState.NOT_OBSERVABLE]
    known = []
    if seen:
        known.append(plural("{stages} observed", "{stages} observed", len(seen), stages=_letters(seen)))
    if hidden:
        known.append(msg("{stages} not observable", stages=_letters(hidden)))
    given: dict[str, Param] = {
        "stage": stage_of(stage.id, stage.title),
        "trades": plural_in("of", "{n} lost trade", "{n} lost trades", trades),
    }
    if stage.state is StageState.CONTRADICTED:
        if not known:
            return msg("Failure point: {stage}, contradicted for {trades}.", **given)
        return msg(
            "Failure point: {stage}, contradicted for {trades}; {known}.", known=Listed(tuple(known)), **given
        )
    if not known:
        return msg("Failure point: {stage}, not observed for {trades}.", **given)
    return msg(
        "Failure point: {stage}, not observed for {trades}; {known}.", known=Listed(tuple(known)), **given
    )


def _letters(stages: Sequence[str]) -> Listed:
    return Listed(tuple(Text(name) for name in stages))


def _leavings(points: Iterable[FailurePoint], divergences: Iterable[Divergence]) -> Iterator[Message]:
    """For bots whose recorder the profile does not know: what follows recorded closes only."""
    after = [(one, [s for s in one.lost if s.place == "after"]) for one in divergences]
    staged = {p.session for p in points if p.stage} if any(lost for _, lost in after) else set()
    for one, lost in after:
        if lost and one.session not in staged:
            yield msg(
                "Every recorded close goes on to {emitters}; the {closes} lost ones do not.",
                emitters=codes([*dict.fromkeys(s.emitter or s.template for s in lost)]),
                closes=lost[0].of_missing,
            )


def _paths(paths: Iterable[BlindPath]) -> Iterator[Message]:
    groups: dict[tuple[object, ...], list[BlindPath]] = defaultdict(list)
    for path in paths:
        groups[path.conditions].append(path)
    for members in sorted(groups.values(), key=lambda m: -sum(p.missing for p in m)):
        yield _path(members)


def _path(members: Sequence[BlindPath]) -> Message:
    recorded = sum(p.recorded for p in members)
    given: dict[str, Param] = {
        "condition": members[0].condition,
        "missing": sum(p.missing for p in members),
        "lost": plural_in("of", "{n} lost trade", "{n} lost trades", sum(p.total_missing for p in members)),
        "kept": msg("{n} recorded", n=recorded) if recorded else msg("no recorded one"),
    }
    if len(members) > 1:
        return msg("Blind path: {condition}: {missing} of {lost}, {kept}.", **given)
    p = members[0].p_value
    if p > WEAK:
        return msg(
            "Blind path: {condition}: {missing} of {lost}, {kept} (p = {p}); so few closes could fall so by chance.",
            p=Probability(p),
            **given,
        )
    return msg("Blind path: {condition}: {missing} of {lost}, {kept} (p = {p}).", p=Probability(p), **given)


def _abstentions(blind: Sequence[BlindPaths]) -> Iterator[Message]:
    """Why no path is named, where there is nothing else to say about paths."""
    why = [b.abstained for b in blind if b.abstained is not None]
    if len(why) == len(blind) == 1:
        yield why[0]
    elif why:
        yield plural(
            "In {n} session the trades are too few, or too much alike, to name a code path.",
            "In {n} sessions the trades are too few, or too much alike, to name a code path.",
            len(why),
        )


def _causes(hypotheses: Sequence[Hypothesis]) -> Iterator[Message]:
    """The leading causes of each session; several where the evidence holds them equal."""
    groups: dict[tuple[Likelihood, tuple[str, ...]], list[int]] = defaultdict(list)
    for _, some in groupby(hypotheses, key=lambda one: one.session):
        ranked = tuple(some)
        first = ranked[0]
        if first.likelihood is Likelihood.REFUTED:
            continue
        equal = tuple(h.id for h in ranked if h.likelihood is first.likelihood and _proof(h) == _proof(first))
        groups[first.likelihood, equal].append(sum(h.likelihood is Likelihood.REFUTED for h in ranked))
    total = len({one.id for one in hypotheses})
    clauses = {one.id: one.clause for one in hypotheses}
    for (likelihood, names), refuted in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][1])):
        given: dict[str, Param] = {
            "causes": Listed(tuple(clauses[name] for name in names[:_MOST]), Joiner.SEMICOLON),
            "likelihood": _LIKELIHOOD[likelihood],
            "refuted": min(refuted),
            "total": total,
        }
        yield _cause(given, len(refuted)) if len(names) == 1 else _equal(given, len(refuted))


def _cause(given: dict[str, Param], sessions: int) -> Message:
    if sessions == 1:
        return msg(
            "Leading explanation: {causes} (likelihood {likelihood}; {refuted} of {total} explanations refuted).",
            **given,
        )
    return msg(
        "Leading explanation in {sessions} sessions: {causes} (likelihood {likelihood}; {refuted} of {total} "
        "explanations refuted).",
        sessions=sessions,
        **given,
    )


def _equal(given: dict[str, Param], sessions: int) -> Message:
    if sessions == 1:
        return msg(
            "Not settled between: {causes} (likelihood {likelihood}; {refuted} of {total} explanations refuted).",
            **given,
        )
    return msg(
        "Not settled between in {sessions} sessions: {causes} (likelihood {likelihood}; {refuted} of {total} "
        "explanations refuted).",
        sessions=sessions,
        **given,
    )


def _proof(hypothesis: Hypothesis) -> int:
    return sum(p.state is PredictionState.CONFIRMED for p in hypothesis.predictions)
