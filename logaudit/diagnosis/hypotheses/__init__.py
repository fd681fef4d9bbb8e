"""The catalogue of causes: each judged by what it predicts, ranked by what survives."""

from __future__ import annotations

from typing import Final

from logaudit.diagnosis.hypotheses import (
    acknowledged_unwritten,
    another_date,
    another_folder,
    apparent_only,
    called_without_result,
    died_unflushed,
    exception_swallowed,
    lines_lost,
    logged_elsewhere,
    never_initialised,
    overwritten,
    path_never_calls,
    write_failed,
)
from logaudit.diagnosis.hypotheses.base import Draft, Facts, Judge
from logaudit.diagnosis.hypotheses.separate import separate
from logaudit.model.diagnosis import Hypothesis, Likelihood

__all__ = ["CATALOGUE", "Draft", "Facts", "drafts", "hypotheses", "separate"]

#: Equally likely causes come in this order: the nearer to the code of a close, the sooner.
CATALOGUE: Final[tuple[Judge, ...]] = (
    path_never_calls.judge,
    write_failed.judge,
    called_without_result.judge,
    exception_swallowed.judge,
    logged_elsewhere.judge,
    acknowledged_unwritten.judge,
    never_initialised.judge,
    another_date.judge,
    another_folder.judge,
    overwritten.judge,
    died_unflushed.judge,
    lines_lost.judge,
    apparent_only.judge,
)
_ORDER: Final = (Likelihood.HIGH, Likelihood.MEDIUM, Likelihood.LOW, Likelihood.REFUTED)


def drafts(facts: Facts) -> tuple[Draft, ...]:
    """Every cause that applies, the likeliest first; then what explains more, then what is proven better."""
    judged = [draft for judge in CATALOGUE if (draft := judge(facts)) is not None]
    return tuple(sorted(judged, key=lambda d: (_ORDER.index(d.likelihood), -d.explains, -d.confirmed)))


def hypotheses(facts: Facts, ranked: tuple[Draft, ...]) -> tuple[Hypothesis, ...]:
    """Ranked drafts as the outcome shows them."""
    return tuple(
        Hypothesis(
            session=facts.session.root,
            id=draft.id,
            rank=rank,
            likelihood=draft.likelihood,
            title=draft.title,
            predictions=draft.predictions,
            check=draft.check,
            log_statement=draft.log_statement,
        )
        for rank, draft in enumerate(ranked, 1)
    )
