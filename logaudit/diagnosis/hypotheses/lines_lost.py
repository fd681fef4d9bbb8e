"""Rotation or compression lost the recorder's lines: it spoke, and what it said is gone."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.core.location import Location
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
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.READY,
        check=Phrase(f"{ID}.check"),
    )


def _broken(facts: SessionFacts) -> Prediction:
    window = round(facts.session.profile.ledger.window * SECOND)
    torn = [
        t
        for t in facts.silent
        if facts.watch.between(RECORDER, t.close.at.us, t.close.at.end + window).hidden
    ]
    details: dict[str, Data] = {
        "count": len(torn),
        "missing": len(facts.missing),
        "streams": list(facts.session.evidence.stream_names),
    }
    if torn:
        return predict(CONFIRMED, f"{ID}.broken", "found.broken-around", details, closes_of(torn))
    return predict(REFUTED, f"{ID}.broken", "found.whole-around", details, closes_of(facts.missing)[:1])


def _unreadable(facts: SessionFacts) -> Prediction:
    details: dict[str, Data] = {
        "count": len(facts.problems),
        "sources": sum(len(s.sources) for s in facts.session.evidence.streams),
    }
    if facts.problems:
        places = [Location(p.address.path, p.address.member) for p in facts.problems]
        return predict(CONFIRMED, f"{ID}.unreadable", "found.unreadable", details, places)
    state = REFUTED if facts.session.evidence.streams else UNTESTABLE
    return predict(state, f"{ID}.unreadable", "found.all-read", details)
