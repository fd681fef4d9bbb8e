"""The rows were written to a buffer, and the process died before the buffer reached the file."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.core.timestamp import MINUTE, SECOND, iso
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    predict,
    statement,
)

ID = "died-before-flush"
#: A process that logs on for longer than this after a loss did not die of it.
_SOON: Final = MINUTE


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows written after the losses in the same run: a buffer empties in order."""
    predictions = (_nothing_after(facts), _ends_soon(facts))
    after, soon = (p.state for p in predictions)
    if after is REFUTED:
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.MEDIUM if after is soon is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.WRITTEN),
    )


def _nothing_after(facts: SessionFacts) -> Prediction:
    rows = [
        last[1]
        for trade in facts.missing
        if (last := facts.last_rows.get(trade.run)) and last[0] > trade.at.us
    ]
    followed = len(rows)
    details: dict[str, Data] = {"count": followed, "missing": len(facts.missing)}
    if not followed:
        return predict(CONFIRMED, f"{ID}.nothing-after", "found.no-later-rows", details)
    state = REFUTED if 2 * followed >= len(facts.missing) else UNTESTABLE
    return predict(state, f"{ID}.nothing-after", "found.later-rows", details, [r.location for r in rows[:1]])


def _ends_soon(facts: SessionFacts) -> Prediction:
    last = max(facts.missing, key=lambda t: t.at.us)
    run = facts.session.run(last.run)
    end = run.end if run else last.close.at.us
    details: dict[str, Data] = {"to": iso(end, SECOND), "seconds": max(0, end - last.close.at.us) // SECOND}
    soon = end - last.close.at.us <= _SOON
    return predict(
        CONFIRMED if soon else UNTESTABLE,
        f"{ID}.ends-soon",
        "found.log-ends" if soon else "found.log-goes-on",
        details,
        [last.close.location],
    )
