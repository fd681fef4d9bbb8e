"""The rows were written and later lost: the ledger was overwritten, truncated or restored from a copy."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.message import Place, msg
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    NO_LEDGER,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    acknowledged,
    predict,
    with_rows,
)
from logaudit.diagnosis.wording import lost_closes
from logaudit.reconcile.reconciled import ClosedTrade
from logaudit.reconcile.rewritten import rewrites

ID = "ledger-overwritten"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows that survived from before the losses: overwriting takes the oldest first."""
    predictions = (_oldest_gone(facts), acknowledged(facts))
    gone, told = (p.state for p in predictions)
    anew = sum(len(rewrite.gone) for rewrite in rewrites(facts.session))
    shown = 2 * anew >= len(facts.missing)
    if shown:
        likelihood = Likelihood.HIGH
    elif REFUTED in (gone, told):
        likelihood = Likelihood.REFUTED
    elif gone is CONFIRMED and told is CONFIRMED:
        likelihood = Likelihood.HIGH
    else:
        likelihood = Likelihood.MEDIUM if CONFIRMED in (gone, told) else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        title=msg("The rows were written and lost again: the ledger was overwritten or truncated"),
        clause=msg("the rows were written and lost again: the ledger was overwritten or truncated"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing) if shown else sum(not _outlived(facts, t) for t in facts.missing),
        breaks=RecorderStage.WRITTEN,
        check=msg("Check in which mode the ledger is opened, and whether anything else writes or copies it."),
        log_at=RecorderStage.OPENED,
        shown=shown,
    )


def _outlived(facts: SessionFacts, trade: ClosedTrade) -> bool:
    """Whether the trade's own run wrote a later row that is there: nothing opened the file anew in between."""
    last = facts.last_rows.get(trade.run)
    return last is not None and last[0] > trade.at.us


def _oldest_gone(facts: SessionFacts) -> Prediction:
    predicts = msg("Rows older than the losses are gone as well.")
    older = [row for trade in facts.missing if (row := _older(facts, trade)) is not None]
    survive = msg(
        "Older rows of the same file survive, for {n} of {lost}.",
        n=len(older),
        lost=lost_closes(len(facts.missing)),
    )
    if 2 * len(older) >= len(facts.missing):
        return predict(REFUTED, predicts, survive, [older[0].location])
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(UNTESTABLE, predicts, NO_LEDGER)
    if older or not ledger.ledger.rows:
        return predict(UNTESTABLE, predicts, survive if older else with_rows(ledger), [ledger.place])
    found = msg("{file} has no row older than the losses, and newer ones.", file=Place(ledger.address))
    return predict(CONFIRMED, predicts, found, [ledger.ledger.rows[0].location])


def _older(facts: SessionFacts, trade: ClosedTrade) -> LedgerEntry | None:
    """A row of the file in force that is older than the lost trade."""
    ledger, at = facts.ledger_of(trade), trade.at.us
    if ledger is None or ledger.span is None or ledger.span[0] >= at:
        return None
    return next((r for r in ledger.own_rows if ledger.log_time(r) < at), None)
