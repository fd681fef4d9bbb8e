"""The write failed, and the recorder said so: no riddle, but the ledger lacks the row all the same."""

from __future__ import annotations

from logaudit.diagnosis.hypotheses.base import CONFIRMED, Draft, Facts, Place, lines_of, predict, statement
from logaudit.model.diagnosis import Likelihood, Phrase
from logaudit.model.finding import Data

ID = "write-failed"


def judge(facts: Facts) -> Draft | None:
    """Only where the recorder logged a failed write of a missing trade."""
    failed = [t for t in facts.missing if t.witness.failures]
    if not failed:
        return None
    details: dict[str, Data] = {"count": len(failed), "missing": len(facts.missing)}
    lines = lines_of(e for t in failed for e in t.witness.failures[:1])
    return Draft(
        id=ID,
        likelihood=Likelihood.HIGH if 2 * len(failed) >= len(facts.missing) else Likelihood.MEDIUM,
        predictions=(predict(CONFIRMED, f"{ID}.logged", "found.failures-logged", details, lines),),
        explains=len(failed),
        breaks=Place.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, Place.WRITTEN),
    )
