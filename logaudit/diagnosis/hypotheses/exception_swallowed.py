"""The recorder is called, raises, and the exception is swallowed without a line."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import msg, plural_in
from logaudit.diagnosis.blind_paths import is_code
from logaudit.diagnosis.close_context import NearbyCall
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    predict,
    silence,
)
from logaudit.diagnosis.wording import lost_closes
from logaudit.reconcile.reconciled import ClosedTrade

ID = "exception-swallowed"
_ERRORS: Final = frozenset({"ERROR", "CRITICAL", "FATAL"})


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Never refuted for want of a line: that is what swallowing means. Unlikely where one path loses all."""
    predictions = (silence(facts), _errors_near(facts))
    silent, near = (p.state for p in predictions)
    lost_by_path = len({name for p in facts.blind.paths if is_code(p) for name in p.trades})
    if silent is REFUTED:
        likelihood = Likelihood.REFUTED
    elif near is CONFIRMED:
        likelihood = Likelihood.HIGH
    else:
        likelihood = Likelihood.LOW if lost_by_path == len(facts.missing) else Likelihood.MEDIUM
    return HypothesisDraft(
        id=ID,
        title=msg("The recorder raises, and the exception is swallowed"),
        clause=msg("the recorder raises, and the exception is swallowed"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.WRITTEN,
        check=msg(
            "Log the exception in every except of the recorder and of its callers, and check that the level of "
            "its logger is not above ERROR."
        ),
    )


def _errors_near(facts: SessionFacts) -> Prediction:
    """Errors logged right after lost closes and not after recorded ones."""
    lost = [step for t in facts.silent for step in _errors(facts, t)[:1]]
    kept = [t for t in facts.recorded if _errors(facts, t)]
    predicts = msg("Errors are logged right after lost closes, and not after recorded ones.")
    often = 2 * len(lost) >= len(facts.silent) and 4 * len(kept) <= len(facts.recorded)
    if lost and often:
        places = [step.location for step in lost]
        found = msg(
            "After {n} of {lost}, and after {recorded}.",
            n=len(lost),
            lost=lost_closes(len(facts.silent)),
            recorded=plural_in("after", "{n} recorded one", "{n} recorded ones", len(kept)),
        )
        return predict(CONFIRMED, predicts, found, places)
    found = msg("Not observed; a swallowed exception leaves no line, so this refutes nothing.")
    return predict(UNTESTABLE, predicts, found)


def _errors(facts: SessionFacts, trade: ClosedTrade) -> list[NearbyCall]:
    around = facts.contexts.get(trade.id)
    return around.after.at(_ERRORS) if around else []
