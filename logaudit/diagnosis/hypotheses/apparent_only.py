"""The loss is only apparent: the ledger that holds the rows is not among the files at hand."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.events import EventKind
from logaudit.core.finding import Data
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    ledger_place,
    no_row_in_runs,
    predict,
)
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.reconciled import ClosedTrade, ReconciledLedger

ID = "apparent-only"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by the ledger in force being at hand, as its own line or rows of the same runs show."""
    predictions = (_not_at_hand(facts), no_row_in_runs(ID, facts))
    away, rows = (p.state for p in predictions)
    if REFUTED in (away, rows):
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.HIGH if away is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        check=Phrase(f"{ID}.check"),
    )


def _not_at_hand(facts: SessionFacts) -> Prediction:
    predicts = f"{ID}.not-at-hand"
    opened = [e for e in facts.said(EventKind.LEDGER_OPENED) if e.captures.path]
    at_hand = {base_name(lc.address.member or lc.address.path): lc for lc in facts.session.ledgers}
    away = [e for e in opened if base_name(e.captures.path) not in at_hand]
    if away:
        details: dict[str, Data] = {"file": away[-1].captures.path, "at": away[-1].at.iso()}
        return predict(CONFIRMED, predicts, "found.opened-not-at-hand", details, away[-1].locations[:1])
    if opened:
        details = {"file": opened[-1].captures.path, "at": opened[-1].at.iso()}
        return predict(REFUTED, predicts, "found.opened-at-hand", details, opened[-1].locations[:1])
    without = [t for t in facts.missing if _of_day(facts, t) is None]
    if not without:
        ledger = _of_day(facts, facts.missing[0])
        places = [ledger_place(ledger)] if ledger else []
        details = {
            "file": str(ledger.address) if ledger else "",
            "rows": len(ledger.ledger.rows) if ledger else 0,
        }
        return predict(REFUTED, predicts, "found.ledger-in-place", details, places)
    close = without[0].close
    return predict(UNTESTABLE, predicts, "found.day-not-at-hand", {"date": close.at.day.isoformat()})


def _of_day(facts: SessionFacts, trade: ClosedTrade) -> ReconciledLedger | None:
    """A ledger named for the day of a close, or one without a date that has rows."""
    close = trade.close
    return next(
        (
            lc
            for lc in facts.session.ledgers
            if lc.ledger.name_date == close.at.day or (lc.ledger.name_date is None and lc.ledger.rows)
        ),
        None,
    )
