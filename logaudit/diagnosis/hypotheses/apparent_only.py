"""The loss is only apparent: the ledger that holds the rows is not among the files at hand."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.events import EventKind
from logaudit.core.message import Text, msg
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    in_place,
    no_row_in_runs,
    opened_elsewhere,
    opened_here,
    predict,
)
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.reconciled import ClosedTrade
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

ID = "apparent-only"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by the ledger in force being at hand, as its own line or rows of the same runs show."""
    predictions = (_not_at_hand(facts), no_row_in_runs(facts))
    away, rows = (p.state for p in predictions)
    if REFUTED in (away, rows):
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.HIGH if away is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        title=msg("The loss is only apparent: the ledger that holds the rows is not at hand"),
        clause=msg("the loss is only apparent: the ledger that holds the rows is not at hand"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        log_at=None,
        check=msg("Look on the bot's machine for the ledger of that day, and scan again with it."),
    )


def _not_at_hand(facts: SessionFacts) -> Prediction:
    predicts = msg("The ledger in force is not among the files at hand.")
    opened = [e for e in facts.said(EventKind.LEDGER_OPENED) if e.captures.path]
    at_hand = {base_name(lc.address.member or lc.address.path): lc for lc in facts.session.ledgers}
    away = [e for e in opened if base_name(e.captures.path) not in at_hand]
    if away:
        return predict(CONFIRMED, predicts, opened_elsewhere(away[-1]), away[-1].locations[:1])
    if opened:
        return predict(REFUTED, predicts, opened_here(opened[-1]), opened[-1].locations[:1])
    days = [ledger for t in facts.missing if (ledger := _of_day(facts, t)) is not None]
    if len(days) < len(facts.missing):
        without = [t for t in facts.missing if _of_day(facts, t) is None]
        found = msg(
            "No ledger of {date} is at hand: whether it was never written or not collected cannot be told from here.",
            date=Text(without[0].close.at.day.isoformat()),
        )
        return predict(UNTESTABLE, predicts, found)
    ledger = days[0]
    return predict(REFUTED, predicts, in_place(ledger), [ledger.place])


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
