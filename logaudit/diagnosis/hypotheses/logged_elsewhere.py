"""The recorder was initialised, but its lines went to a stream, level or time that is not at hand."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.core.timestamp import SECOND, iso
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    ledger_place,
    lines_of,
    predict,
    statement,
)
from logaudit.diagnosis.observability import RECORDER

ID = "logged-elsewhere"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by any line of the recorder in the runs with losses: its lines are here.

    It explains why the recorder is not heard, not why the row is missing.
    """
    predictions = (_unheard(facts), _not_at_hand(facts), _ledger_exists(facts))
    unheard, outside, _ = (p.state for p in predictions)
    if unheard is REFUTED:
        likelihood = Likelihood.REFUTED
    elif unheard is CONFIRMED:
        likelihood = Likelihood.HIGH if outside is CONFIRMED else Likelihood.MEDIUM
    else:
        likelihood = Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.READY,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.READY),
    )


def _unheard(facts: SessionFacts) -> Prediction:
    predicts = f"{ID}.unheard"
    if not facts.knows_recorder:
        return predict(UNTESTABLE, predicts, "found.profile-cannot-tell")
    said = facts.said(*RECORDER)
    levels = sorted({level for s in facts.session.evidence.streams for level in s.levels if level})
    details: dict[str, Data] = {
        "count": len(said),
        "streams": list(facts.watch.streams_of(said) if said else facts.session.evidence.stream_names),
        "levels": list(levels),
    }
    if said:
        return predict(REFUTED, predicts, "found.recorder-heard", details, lines_of(said))
    return predict(CONFIRMED, predicts, "found.recorder-unheard", details)


def _not_at_hand(facts: SessionFacts) -> Prediction:
    outside = [run for run in facts.runs if run.started is None]
    if outside:
        details: dict[str, Data] = {"from": iso(outside[0].start, SECOND)}
        return predict(CONFIRMED, f"{ID}.outside", "found.start-outside", details)
    places = [run.started.locations[0] for run in facts.runs if run.started]
    return predict(UNTESTABLE, f"{ID}.outside", "found.start-covered", None, places)


def _ledger_exists(facts: SessionFacts) -> Prediction:
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(UNTESTABLE, f"{ID}.ledger-exists", "found.no-ledger")
    details: dict[str, Data] = {"file": str(ledger.address), "rows": len(ledger.ledger.rows)}
    found = "found.ledger-with-rows" if ledger.ledger.rows else "found.ledger-header-only"
    return predict(CONFIRMED, f"{ID}.ledger-exists", found, details, [ledger_place(ledger)])
