"""The rows were written to a buffer, and the process died before the buffer reached the file."""

from __future__ import annotations

from typing import Final

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import Duration, Time, msg
from logaudit.core.timestamp import MINUTE, SECOND, Stamp
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    predict,
)
from logaudit.diagnosis.wording import lost_closes

ID = "died-before-flush"
#: A process that logs on for longer than this after a loss did not die of it.
_SOON: Final = MINUTE


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows written after the losses in the same run: a buffer empties in order."""
    predictions = (_nothing_after(facts), _ends_soon(facts))
    after, soon = (p.state for p in predictions)
    shown = after is CONFIRMED and _died_of_it(facts)
    if after is REFUTED:
        likelihood = Likelihood.REFUTED
    elif shown:
        likelihood = Likelihood.HIGH
    else:
        likelihood = Likelihood.MEDIUM if after is soon is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        title=msg("The process died before a buffer reached the file"),
        clause=msg("the process died before a buffer reached the file"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.WRITTEN,
        check=msg("Flush after each row, and look at how the process ended."),
        shown=shown,
    )


def _died_of_it(facts: SessionFacts) -> bool:
    """Whether each run with losses wrote rows, ended with acknowledged closes and was followed by another start."""
    runs = facts.session.runs
    for run in facts.runs:
        lost = [t for t in facts.missing if t.run == run.id]
        followed = any(later.started is not None and later.start > run.start for later in runs)
        ended = run.end - max(t.at.us for t in lost) <= _SOON
        if not (followed and ended and run.id in facts.last_rows and all(t.witness.acks for t in lost)):
            return False
    return True


def _nothing_after(facts: SessionFacts) -> Prediction:
    rows = [
        last[1]
        for trade in facts.missing
        if (last := facts.last_rows.get(trade.run)) and last[0] > trade.at.us
    ]
    followed = len(rows)
    predicts = msg("No row of the run was written after the losses.")
    if not followed:
        return predict(CONFIRMED, predicts, msg("No later row of the same run."))
    state = REFUTED if 2 * followed >= len(facts.missing) else UNTESTABLE
    found = msg(
        "Later rows of the same run are in the ledger, for {n} of {lost}.",
        n=followed,
        lost=lost_closes(len(facts.missing)),
    )
    return predict(state, predicts, found, [r.location for r in rows[:1]])


def _ends_soon(facts: SessionFacts) -> Prediction:
    last = max(facts.missing, key=lambda t: t.at.us)
    run = facts.session.run(last.run)
    end = run.end if run else last.close.at.us
    predicts, to = msg("The log ends right after the losses."), Time(Stamp(end, SECOND))
    after = end - last.close.at.us
    if after <= _SOON:
        return predict(CONFIRMED, predicts, msg("The log ends at {to}.", to=to), [last.close.location])
    found = msg(
        "The log goes on for {span} after the last loss, to {to}.",
        span=Duration(after // SECOND * SECOND),
        to=to,
    )
    return predict(UNTESTABLE, predicts, found, [last.close.location])
