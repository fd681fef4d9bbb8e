"""The recorder was initialised, but its lines went to a stream, level or time that is not at hand."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import Listed, Text, codes, label, msg, plural
from logaudit.diagnosis.hypotheses.base import (
    CANNOT_TELL,
    CONFIRMED,
    NO_LEDGER,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    began_outside,
    lines_of,
    predict,
    with_rows,
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
        title=msg("The recorder was initialised, but its lines went to another stream, level or time"),
        clause=msg("the recorder was initialised, but its lines went to another stream, level or time"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.READY,
        check=msg(
            "Look through every stream of the run, its start included, and compare the sinks' levels and "
            "filters with the recorder's module. This would explain the missing lines; the missing row needs "
            "one of the other causes besides."
        ),
    )


def _unheard(facts: SessionFacts) -> Prediction:
    predicts = msg("No line of the recorder at all stands in the streams at hand.")
    if not facts.knows_recorder:
        return predict(UNTESTABLE, predicts, CANNOT_TELL)
    said = facts.said(*RECORDER)
    if said:
        found = plural(
            "{n} line of the recorder in {streams}.",
            "{n} lines of the recorder in {streams}.",
            len(said),
            streams=codes(facts.watch.streams_of(said)),
        )
        return predict(REFUTED, predicts, found, lines_of(said))
    streams = facts.session.evidence.stream_names
    levels = sorted({level for s in facts.session.evidence.streams for level in s.levels if level})
    found = msg(
        "Not observed in {streams}, levels {levels}.",
        streams=codes(streams) if streams else msg("any stream"),
        levels=Listed(tuple(map(Text, levels))) if levels else label("levels", "not shown"),
    )
    return predict(CONFIRMED, predicts, found)


def _not_at_hand(facts: SessionFacts) -> Prediction:
    predicts = msg("The lines that are missing belong where nothing is at hand.")
    outside = [run for run in facts.runs if run.started is None]
    if outside:
        return predict(CONFIRMED, predicts, began_outside(outside[0]))
    places = [run.started.locations[0] for run in facts.runs if run.started]
    return predict(UNTESTABLE, predicts, msg("The runs' starts are in the logs at hand."), places)


def _ledger_exists(facts: SessionFacts) -> Prediction:
    predicts = msg("The recorder worked all the same: its ledger exists.")
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(UNTESTABLE, predicts, NO_LEDGER)
    return predict(CONFIRMED, predicts, with_rows(ledger), [ledger.place])
