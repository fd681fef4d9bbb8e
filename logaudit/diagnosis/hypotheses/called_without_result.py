"""The recorder's caller has no trade result to hand over, and skips the call in silence."""

from __future__ import annotations

import re
from typing import Final

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import msg
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
from logaudit.diagnosis.wording import lost_closes

ID = "called-without-result"
_NOTHING: Final = re.compile(r"\b(?:None(?:Type)?|null|undefined)\b")


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by a line that names the missing result; silence alone leaves it possible."""
    predictions = (_named(facts), silence(facts))
    named, silent = (p.state for p in predictions)
    if named is CONFIRMED:
        likelihood = Likelihood.HIGH
    elif silent is REFUTED:
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.MEDIUM
    return HypothesisDraft(
        id=ID,
        title=msg("The recorder's caller has no trade result (None or malformed) and skips the call"),
        clause=msg("the recorder's caller has no trade result (None or malformed) and skips the call"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.RESULT,
        check=msg(
            "Log what the closing function returns and what the check before the recorder's call sees, its else "
            "branch included."
        ),
        log_statement=statement(facts, RecorderStage.RESULT),
    )


def _named(facts: SessionFacts) -> Prediction:
    predicts = msg("A line says that there was no result.")
    said = [
        e
        for t in facts.missing
        for e in t.witness.failures
        if _NOTHING.search(e.captures.detail or e.locations[0].text)
    ]
    if said:
        found = msg("Said at {n} of {lost}.", n=len(said), lost=lost_closes(len(facts.missing)))
        return predict(CONFIRMED, predicts, found, lines_of(said))
    return predict(UNTESTABLE, predicts, msg("No such line; the code may skip without a word."))
