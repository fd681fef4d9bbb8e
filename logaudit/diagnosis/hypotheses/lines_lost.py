"""Rotation or compression lost the recorder's lines: it spoke, and what it said is gone."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import codes, msg, plural
from logaudit.core.timestamp import SECOND
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    closes_of,
    predict,
)
from logaudit.diagnosis.observability import RECORDER
from logaudit.diagnosis.wording import lost_closes

ID = "log-lines-lost"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted where the logs go on without a break around every loss and all of them could be read."""
    predictions = (_broken(facts), _unreadable(facts))
    broken, unread = (p.state for p in predictions)
    if broken is CONFIRMED:
        likelihood = Likelihood.MEDIUM
    else:
        likelihood = Likelihood.LOW if unread is CONFIRMED else Likelihood.REFUTED
    return HypothesisDraft(
        id=ID,
        title=msg("Rotation or compression lost the recorder's lines"),
        clause=msg("rotation or compression lost the recorder's lines"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.READY,
        log_at=None,
        check=msg(
            "Test the archives, and compare the last line of each part with the first one of the next."
        ),
    )


def _broken(facts: SessionFacts) -> Prediction:
    window = round(facts.session.profile.ledger.window * SECOND)
    torn = [
        t
        for t in facts.silent
        if facts.watch.between(RECORDER, t.close.at.us, t.close.at.end + window).hidden
    ]
    predicts = msg("The logs break off where the recorder would have spoken.")
    if torn:
        found = msg("They do, at {n} of {lost}.", n=len(torn), lost=lost_closes(len(facts.missing)))
        return predict(CONFIRMED, predicts, found, closes_of(torn))
    found = msg(
        "They go on without a break around every lost close, in {streams}.",
        streams=codes(facts.session.evidence.stream_names),
    )
    return predict(REFUTED, predicts, found, closes_of(facts.missing)[:1])


def _unreadable(facts: SessionFacts) -> Prediction:
    predicts = msg("Parts of the logs cannot be read.")
    if facts.problems:
        places = [p.address.as_location() for p in facts.problems]
        found = plural(
            "{n} part could not be read whole.", "{n} parts could not be read whole.", len(facts.problems)
        )
        return predict(CONFIRMED, predicts, found, places)
    found = plural(
        "{n} log source was read whole.",
        "All {n} log sources were read whole.",
        sum(len(s.sources) for s in facts.session.evidence.streams),
    )
    return predict(REFUTED if facts.session.evidence.streams else UNTESTABLE, predicts, found)
