"""The rows are written, but into a file in another folder: a relative path and another working directory."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.events import EventKind
from logaudit.core.message import msg
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    NO_LEDGER,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    in_place,
    lines_of,
    no_row_in_runs,
    opened_elsewhere,
    opened_here,
    predict,
)
from logaudit.reconcile.ledgers import base_name

ID = "written-in-another-folder"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows of the same runs at hand; likely only where a line names a file that is not."""
    predictions = (no_row_in_runs(facts), _named(facts), _not_where_expected(facts))
    rows, named, _ = (p.state for p in predictions)
    likely = Likelihood.MEDIUM if named is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        title=msg("The rows are written into a file in another folder"),
        clause=msg("the rows are written into a file in another folder"),
        likelihood=Likelihood.REFUTED if rows is REFUTED else likely,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        check=msg(
            "Check the directory that the bot runs in: a relative path leads elsewhere from another one. Look "
            "for further ledgers of the same name."
        ),
    )


def _named(facts: SessionFacts) -> Prediction:
    predicts = msg("The recorder names a ledger that is not at hand.")
    opened = [e for e in facts.said(EventKind.LEDGER_OPENED) if e.captures.path]
    if not opened:
        return predict(UNTESTABLE, predicts, msg("No line names the ledger."))
    at_hand = {base_name(lc.address.member or lc.address.path) for lc in facts.session.ledgers}
    away = [e for e in opened if base_name(e.captures.path) not in at_hand]
    shown = (away or opened)[-1]
    found = opened_elsewhere(shown) if away else opened_here(shown)
    return predict(CONFIRMED if away else UNTESTABLE, predicts, found, lines_of([shown]))


def _not_where_expected(facts: SessionFacts) -> Prediction:
    """A ledger of this bot that lies where ledgers lie speaks against it, without ruling it out."""
    predicts = msg("No ledger lies where ledgers of this bot lie.")
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(CONFIRMED, predicts, NO_LEDGER)
    return predict(UNTESTABLE, predicts, in_place(ledger), [ledger.place])
