"""The recorder was never initialised: nothing exists that could write a row."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction, PredictionState
from logaudit.core.events import Event, EventKind
from logaudit.core.message import Message, Time, codes, msg
from logaudit.diagnosis.hypotheses.base import (
    CANNOT_TELL,
    CONFIRMED,
    NO_LEDGER,
    NO_ROW,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    began_outside,
    lines_of,
    predict,
    rows_of_same_run,
    with_rows,
)

ID = "recorder-never-initialised"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by a ready line in each run with losses, or by rows of the same runs."""
    predictions = (_no_ready_line(facts), _no_row(facts), _no_ledger(facts))
    found = [p.state for p in predictions]
    return HypothesisDraft(
        id=ID,
        title=msg("The recorder was never initialised"),
        clause=msg("the recorder was never initialised"),
        likelihood=_likelihood(found),
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.READY,
        check=msg("Look for the recorder's initialisation in the logs of the run's start, and log it."),
    )


def _likelihood(found: list[PredictionState]) -> Likelihood:
    ready, row, _ = found
    if REFUTED in (ready, row):
        return Likelihood.REFUTED
    return Likelihood.HIGH if ready is CONFIRMED else Likelihood.LOW


def _no_ready_line(facts: SessionFacts) -> Prediction:
    predicts = msg("The runs with losses show no line of the recorder's initialisation.")
    session = facts.session
    if not session.profile.has(EventKind.RECORDER_READY):
        return predict(UNTESTABLE, predicts, CANNOT_TELL)
    with_line = [run for run in facts.runs if session.events_in(run, EventKind.RECORDER_READY)]
    lines = facts.said(EventKind.RECORDER_READY)
    if len(with_line) == len(facts.runs):
        return predict(REFUTED, predicts, _ready(lines[0], len(facts.runs)), lines_of(lines))
    without = [run for run in facts.runs if run not in with_line]
    outside = [run for run in without if run.started is None]
    if outside:
        return predict(UNTESTABLE, predicts, began_outside(outside[0]))
    places = [run.started.locations[0] for run in without if run.started]
    found = msg(
        "The runs' starts are in the logs and show none. Searched: {streams}.",
        streams=codes(session.evidence.stream_names),
    )
    return predict(CONFIRMED, predicts, found, places)


def _ready(line: Event, runs: int) -> Message:
    if runs == 1:
        return msg("The recorder reported that it was ready, first at {at}.", at=Time(line.at))
    return msg(
        "The recorder reported that it was ready, first at {at}, in each of {runs} runs with losses.",
        at=Time(line.at),
        runs=runs,
    )


def _no_row(facts: SessionFacts) -> Prediction:
    with_rows = [run for run in facts.runs if facts.rows_of([run])]
    rows = facts.rows_of(facts.runs)
    if len(with_rows) == len(facts.runs):
        return predict(REFUTED, NO_ROW, rows_of_same_run(rows), [r.location for r in rows])
    return predict(UNTESTABLE if with_rows else CONFIRMED, NO_ROW, msg("No row."))


def _no_ledger(facts: SessionFacts) -> Prediction:
    """A file with nothing but its header: somebody opened it, in this run or in one before."""
    predicts = msg("No ledger was created.")
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(CONFIRMED, predicts, NO_LEDGER)
    return predict(UNTESTABLE, predicts, with_rows(ledger), [ledger.place])
