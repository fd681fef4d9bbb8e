"""The recorder was never initialised: nothing exists that could write a row."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction, PredictionState
from logaudit.core.events import EventKind
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

ID = "recorder-never-initialised"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by a ready line in each run with losses, or by rows of the same runs."""
    predictions = (_no_ready_line(facts), _no_row(facts), _no_ledger(facts))
    found = [p.state for p in predictions]
    return HypothesisDraft(
        id=ID,
        likelihood=_likelihood(found),
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.READY,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.READY),
    )


def _likelihood(found: list[PredictionState]) -> Likelihood:
    ready, row, _ = found
    if REFUTED in (ready, row):
        return Likelihood.REFUTED
    return Likelihood.HIGH if ready is CONFIRMED else Likelihood.LOW


def _no_ready_line(facts: SessionFacts) -> Prediction:
    predicts = f"{ID}.no-ready-line"
    session = facts.session
    if not session.profile.has(EventKind.RECORDER_READY):
        return predict(UNTESTABLE, predicts, "found.profile-cannot-tell")
    with_line = [run for run in facts.runs if session.events_in(run, EventKind.RECORDER_READY)]
    lines = facts.said(EventKind.RECORDER_READY)
    details: dict[str, Data] = {"count": len(with_line), "runs": len(facts.runs)}
    if len(with_line) == len(facts.runs):
        return predict(
            REFUTED, predicts, "found.ready-line", {**details, "at": lines[0].at.iso()}, lines_of(lines)
        )
    without = [run for run in facts.runs if run not in with_line]
    outside = [run for run in without if run.started is None]
    if outside:
        return predict(UNTESTABLE, predicts, "found.start-outside", {"from": iso(outside[0].start, SECOND)})
    places = [run.started.locations[0] for run in without if run.started]
    searched: dict[str, Data] = {"streams": list(session.evidence.stream_names)}
    return predict(CONFIRMED, predicts, "found.no-ready-line", {**details, **searched}, places)


def _no_row(facts: SessionFacts) -> Prediction:
    with_rows = [run for run in facts.runs if facts.rows_of([run])]
    rows = facts.rows_of(facts.runs)
    if len(with_rows) == len(facts.runs):
        details: dict[str, Data] = {"rows": len(rows), "file": str(rows[0].location.address)}
        return predict(REFUTED, f"{ID}.no-row", "found.rows-of-same-run", details, [r.location for r in rows])
    state = UNTESTABLE if with_rows else CONFIRMED
    return predict(state, f"{ID}.no-row", "found.no-row", {"missing": len(facts.missing)})


def _no_ledger(facts: SessionFacts) -> Prediction:
    """A file with nothing but its header: somebody opened it, in this run or in one before."""
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(CONFIRMED, f"{ID}.no-ledger", "found.no-ledger")
    details: dict[str, Data] = {"file": str(ledger.address), "rows": len(ledger.ledger.rows)}
    found = "found.ledger-with-rows" if ledger.ledger.rows else "found.ledger-header-only"
    return predict(UNTESTABLE, f"{ID}.no-ledger", found, details, [ledger_place(ledger)])
