"""The catalogue of causes: each judged by what it predicts, ranked by what survives."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Hypothesis, Likelihood
from logaudit.core.stopped import Stopped, stopped
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
from logaudit.diagnosis.hypotheses.base import HypothesisDraft, HypothesisTest, SessionFacts, statement
from logaudit.diagnosis.hypotheses.separate import separate

__all__ = ["CATALOGUE", "HypothesisDraft", "SessionFacts", "drafts", "hypotheses", "separate"]

#: Equally likely causes come in this order: the nearer to the code of a close, the sooner.
CATALOGUE: Final[dict[str, HypothesisTest]] = {
    path_never_calls.ID: path_never_calls.assess,
    write_failed.ID: write_failed.assess,
    called_without_result.ID: called_without_result.assess,
    exception_swallowed.ID: exception_swallowed.assess,
    logged_elsewhere.ID: logged_elsewhere.assess,
    acknowledged_unwritten.ID: acknowledged_unwritten.assess,
    never_initialised.ID: never_initialised.assess,
    another_date.ID: another_date.assess,
    another_folder.ID: another_folder.assess,
    overwritten.ID: overwritten.assess,
    died_unflushed.ID: died_unflushed.assess,
    lines_lost.ID: lines_lost.assess,
    apparent_only.ID: apparent_only.assess,
}
_ORDER: Final = (Likelihood.HIGH, Likelihood.MEDIUM, Likelihood.LOW, Likelihood.REFUTED)


def drafts(facts: SessionFacts) -> tuple[tuple[HypothesisDraft, ...], tuple[Stopped, ...]]:
    """Every cause that applies, the likeliest first; then what is shown itself, explains more, is proven better.

    A cause that cannot be judged is left out, and stands among those that stopped.
    """
    judged: list[HypothesisDraft] = []
    failed: list[Stopped] = []
    for name, assess in CATALOGUE.items():
        try:
            draft = assess(facts)
        except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
            failed.append(stopped(name, facts.session.root, error))
            continue
        if draft is not None:
            judged.append(draft)
    judged.sort(key=lambda d: (_ORDER.index(d.likelihood), not d.shown, -d.explains, -d.confirmed))
    return tuple(judged), tuple(failed)


def hypotheses(facts: SessionFacts, ranked: tuple[HypothesisDraft, ...]) -> tuple[Hypothesis, ...]:
    """Ranked drafts as the report shows them."""
    return tuple(
        Hypothesis(
            session=facts.session.root,
            id=draft.id,
            rank=rank,
            likelihood=draft.likelihood,
            title=draft.title,
            clause=draft.clause,
            predictions=draft.predictions,
            check=draft.check,
            log_statement=statement(facts, draft),
        )
        for rank, draft in enumerate(ranked, 1)
    )
