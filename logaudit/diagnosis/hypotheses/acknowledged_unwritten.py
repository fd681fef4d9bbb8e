"""The recorder says that it wrote the trade before it writes, or without writing at all."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.events import EventKind
from logaudit.core.message import Text, msg
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
)

ID = "acknowledged-without-writing"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by acknowledgements of lost trades, refuted where only the others have theirs."""
    predictions = (acknowledged(facts), _counted(facts))
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
        title=msg("The recorder acknowledges a trade before it writes, or without writing"),
        clause=msg("the recorder acknowledges a trade before it writes, or without writing"),
        likelihood=likelihood,
        predictions=predictions,
        explains=acked,
        breaks=RecorderStage.WRITTEN,
        check=msg("Acknowledge after the row is flushed, with the path and the number of the row."),
    )


def _counted(facts: SessionFacts) -> Prediction:
    """The recorder's own total against the rows of its runs."""
    predicts = msg("The recorder's running total counts more trades than there are rows.")
    said = [
        (counter, e)
        for e in facts.said(EventKind.TRADE_ACKNOWLEDGED)
        if (counter := e.captures.counter) is not None
    ]
    if not said or any(run.started is None for run in facts.runs):
        return predict(UNTESTABLE, predicts, msg("The recorder's total was not observed from its start."))
    total = rows = 0
    for run in facts.runs:
        total += max((counter for counter, e in said if run.holds(e.at.us)), default=0)
        rows += sum(run.holds(lc.log_time(r)) for lc in facts.session.ledgers for r in lc.own_rows)
    last = lines_of([said[-1][1]])
    shown = Text(str(total))
    if total > rows:
        found = msg("The total stands at {total}; {rows} rows.", total=shown, rows=rows)
        return predict(CONFIRMED, predicts, found, last)
    found = msg("The total stands at {total}, and there are {rows} rows.", total=shown, rows=rows)
    return predict(REFUTED, predicts, found, last)
