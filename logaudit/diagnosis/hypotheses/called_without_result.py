"""The recorder's caller has no trade result to hand over, and skips the call in silence."""

from __future__ import annotations

import re
from typing import Final

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    lines_of,
    predict,
    silence,
    statement,
)

ID = "called-without-result"
_NOTHING: Final = re.compile(r"\b(?:None(?:Type)?|null|undefined)\b")


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by a line that names the missing result; silence alone leaves it possible."""
    predictions = (_named(facts), silence(ID, facts))
    named, silent = (p.state for p in predictions)
    if named is CONFIRMED:
        likelihood = Likelihood.HIGH
    elif silent is REFUTED:
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.MEDIUM
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.RESULT,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.RESULT),
    )


def _named(facts: SessionFacts) -> Prediction:
    said = [
        e
        for t in facts.missing
        for e in t.witness.failures
        if _NOTHING.search(e.captures.detail or e.locations[0].text)
    ]
    if said:
        details: dict[str, Data] = {"count": len(said), "missing": len(facts.missing)}
        return predict(CONFIRMED, f"{ID}.named", "found.no-result-named", details, lines_of(said))
    return predict(UNTESTABLE, f"{ID}.named", "found.no-line-for-it")
