"""The write failed, and the recorder said so: no riddle, but the ledger lacks the row all the same."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood
from logaudit.core.message import msg
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    lines_of,
    predict,
)
from logaudit.diagnosis.wording import lost_closes

ID = "write-failed"


def assess(facts: SessionFacts) -> HypothesisDraft | None:
    """Only where the recorder logged a failed write of a missing trade."""
    failed = [t for t in facts.missing if t.witness.failures]
    if not failed:
        return None
    predicts = msg("The recorder logged errors at the lost closes.")
    found = msg("At {n} of {lost}.", n=len(failed), lost=lost_closes(len(facts.missing)))
    lines = lines_of(e for t in failed for e in t.witness.failures[:1])
    return HypothesisDraft(
        id=ID,
        title=msg("The write failed, and the recorder logged it"),
        clause=msg("the write failed, and the recorder logged it"),
        likelihood=Likelihood.HIGH if 2 * len(failed) >= len(facts.missing) else Likelihood.MEDIUM,
        predictions=(predict(CONFIRMED, predicts, found, lines),),
        explains=len(failed),
        breaks=RecorderStage.WRITTEN,
        check=msg("Read the recorder's error: disk, permission, path or lock."),
    )
