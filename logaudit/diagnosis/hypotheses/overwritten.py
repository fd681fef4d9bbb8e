"""The rows were written and later lost: the ledger was overwritten, truncated or restored from a copy."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    acknowledged,
    ledger_place,
    predict,
    statement,
)
from logaudit.reconcile.reconciled import ClosedTrade

ID = "ledger-overwritten"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows that survived from before the losses: overwriting takes the oldest first."""
    predictions = (_oldest_gone(facts), acknowledged(ID, facts))
    gone, told = (p.state for p in predictions)
    if REFUTED in (gone, told):
        likelihood = Likelihood.REFUTED
    elif gone is CONFIRMED and told is CONFIRMED:
        likelihood = Likelihood.HIGH
    else:
        likelihood = Likelihood.MEDIUM if CONFIRMED in (gone, told) else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.WRITTEN,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.OPENED),
    )


def _oldest_gone(facts: SessionFacts) -> Prediction:
    predicts = f"{ID}.oldest-gone"
    older = [row for trade in facts.missing if (row := _older(facts, trade)) is not None]
    details: dict[str, Data] = {"count": len(older), "missing": len(facts.missing)}
    if 2 * len(older) >= len(facts.missing):
        places = [older[0].location]
        return predict(REFUTED, predicts, "found.older-rows", details, places)
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(UNTESTABLE, predicts, "found.no-ledger")
    details = {**details, "file": str(ledger.address), "rows": len(ledger.ledger.rows)}
    if older or not ledger.ledger.rows:
        found = "found.older-rows" if older else "found.ledger-header-only"
        return predict(UNTESTABLE, predicts, found, details, [ledger_place(ledger)])
    return predict(CONFIRMED, predicts, "found.no-older-rows", details, [ledger.ledger.rows[0].location])


def _older(facts: SessionFacts, trade: ClosedTrade) -> LedgerEntry | None:
    """A row of the file in force that is older than the lost trade."""
    ledger = facts.ledger_of(trade)
    if ledger is None:
        return None
    at = trade.at.us
    return next((r for r in ledger.own_rows if ledger.log_time(r) < at), None)
