"""The catalogue of causes: each judged by what it predicts, ranked by what survives."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Hypothesis, Likelihood
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
from logaudit.diagnosis.hypotheses.base import HypothesisDraft, HypothesisTest, SessionFacts
from logaudit.diagnosis.hypotheses.separate import separate

__all__ = ["CATALOGUE", "HypothesisDraft", "SessionFacts", "drafts", "hypotheses", "separate"]

#: Equally likely causes come in this order: the nearer to the code of a close, the sooner.
CATALOGUE: Final[tuple[HypothesisTest, ...]] = (
    path_never_calls.assess,
    write_failed.assess,
    called_without_result.assess,
    exception_swallowed.assess,
    logged_elsewhere.assess,
    acknowledged_unwritten.assess,
    never_initialised.assess,
    another_date.assess,
    another_folder.assess,
    overwritten.assess,
    died_unflushed.assess,
    lines_lost.assess,
    apparent_only.assess,
)
_ORDER: Final = (Likelihood.HIGH, Likelihood.MEDIUM, Likelihood.LOW, Likelihood.REFUTED)


def drafts(facts: SessionFacts) -> tuple[HypothesisDraft, ...]:
    """Every cause that applies, the likeliest first; then what explains more, then what is proven better."""
    judged = [draft for judge in CATALOGUE if (draft := judge(facts)) is not None]
    return tuple(sorted(judged, key=lambda d: (_ORDER.index(d.likelihood), -d.explains, -d.confirmed)))


def hypotheses(facts: SessionFacts, ranked: tuple[HypothesisDraft, ...]) -> tuple[Hypothesis, ...]:
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
