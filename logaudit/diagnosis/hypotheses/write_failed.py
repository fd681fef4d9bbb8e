"""The write failed, and the recorder said so: no riddle, but the ledger lacks the row all the same."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase
from logaudit.core.finding import Data
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    lines_of,
    predict,
    statement,
)

ID = "write-failed"


def assess(facts: SessionFacts) -> HypothesisDraft | None:
    """Only where the recorder logged a failed write of a missing trade."""
    failed = [t for t in facts.missing if t.witness.failures]
    if not failed:
        return None
    details: dict[str, Data] = {"count": len(failed), "missing": len(facts.missing)}
    lines = lines_of(e for t in failed for e in t.witness.failures[:1])
    return HypothesisDraft(
        id=ID,
        likelihood=Likelihood.HIGH if 2 * len(failed) >= len(facts.missing) else Likelihood.MEDIUM,
        predictions=(predict(CONFIRMED, f"{ID}.logged", "found.failures-logged", details, lines),),
        explains=len(failed),
        breaks=RecorderStage.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.WRITTEN),
    )
