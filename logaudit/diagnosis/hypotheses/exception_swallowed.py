"""The recorder is called, raises, and the exception is swallowed without a line."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
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
    statement,
)
from logaudit.reconcile.reconciled import ClosedTrade

ID = "exception-swallowed"
_ERRORS: Final = frozenset({"ERROR", "CRITICAL", "FATAL"})


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Never refuted for want of a line: that is what swallowing means. Unlikely where one path loses all."""
    predictions = (silence(ID, facts), _errors_near(facts))
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
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.WRITTEN),
    )


def _errors_near(facts: SessionFacts) -> Prediction:
    """Errors logged right after lost closes and not after recorded ones."""
    lost = [step for t in facts.silent for step in _errors(facts, t)[:1]]
    kept = [t for t in facts.recorded if _errors(facts, t)]
    details: dict[str, Data] = {"count": len(lost), "missing": len(facts.silent), "recorded": len(kept)}
    often = 2 * len(lost) >= len(facts.silent) and 4 * len(kept) <= len(facts.recorded)
    if lost and often:
        places = [step.location for step in lost]
        return predict(CONFIRMED, f"{ID}.errors-near", "found.errors-near", details, places)
    return predict(UNTESTABLE, f"{ID}.errors-near", "found.no-errors-near", details)


def _errors(facts: SessionFacts, trade: ClosedTrade) -> list[NearbyCall]:
    around = facts.contexts.get(trade.id)
    return around.after.at(_ERRORS) if around else []
