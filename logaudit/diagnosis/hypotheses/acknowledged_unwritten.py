"""The recorder says that it wrote the trade before it writes, or without writing at all."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.events import EventKind
from logaudit.core.finding import Data
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    acknowledged,
    lines_of,
    predict,
    statement,
)

ID = "acknowledged-without-writing"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by acknowledgements of lost trades, refuted where only the others have theirs."""
    predictions = (acknowledged(ID, facts), _counted(facts))
    told, counted = (p.state for p in predictions)
    acked = sum(bool(t.witness.acks) for t in facts.missing)
    if told is CONFIRMED:
        likelihood = Likelihood.HIGH if 2 * acked >= len(facts.missing) else Likelihood.MEDIUM
    elif told is REFUTED:
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.MEDIUM if counted is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=acked,
        breaks=RecorderStage.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.WRITTEN),
    )


def _counted(facts: SessionFacts) -> Prediction:
    """The recorder's own total against the rows of its runs."""
    predicts = f"{ID}.counted"
    said = [
        (counter, e)
        for e in facts.said(EventKind.TRADE_ACKNOWLEDGED)
        if (counter := e.captures.counter) is not None
    ]
    if not said or any(run.started is None for run in facts.runs):
        return predict(UNTESTABLE, predicts, "found.no-counter")
    total = rows = 0
    for run in facts.runs:
        total += max((counter for counter, e in said if run.holds(e.at.us)), default=0)
        rows += sum(run.holds(lc.log_time(r)) for lc in facts.session.ledgers for r in lc.own_rows)
    last = lines_of([said[-1][1]])
    details: dict[str, Data] = {"total": total, "rows": rows}
    if total > rows:
        return predict(CONFIRMED, predicts, "found.counter-over", details, last)
    return predict(REFUTED, predicts, "found.counter-agrees", details, last)
