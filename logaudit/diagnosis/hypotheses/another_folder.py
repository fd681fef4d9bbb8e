"""The rows are written, but into a file in another folder: a relative path and another working directory."""

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
    lines_of,
    no_row_in_runs,
    predict,
    statement,
)
from logaudit.reconcile.ledgers import base_name

ID = "written-in-another-folder"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted by rows of the same runs at hand; likely only where a line names a file that is not."""
    predictions = (no_row_in_runs(ID, facts), _named(facts), _not_where_expected(facts))
    rows, named, _ = (p.state for p in predictions)
    likely = Likelihood.MEDIUM if named is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=Likelihood.REFUTED if rows is REFUTED else likely,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.OPENED),
    )


def _named(facts: SessionFacts) -> Prediction:
    opened = [e for e in facts.said(EventKind.LEDGER_OPENED) if e.captures.path]
    if not opened:
        return predict(UNTESTABLE, f"{ID}.named", "found.no-ledger-line")
    at_hand = {base_name(lc.address.member or lc.address.path) for lc in facts.session.ledgers}
    away = [e for e in opened if base_name(e.captures.path) not in at_hand]
    shown = (away or opened)[-1]
    details: dict[str, Data] = {"file": shown.captures.path, "at": shown.at.iso()}
    found = "found.opened-not-at-hand" if away else "found.opened-at-hand"
    return predict(CONFIRMED if away else UNTESTABLE, f"{ID}.named", found, details, lines_of([shown]))


def _not_where_expected(facts: SessionFacts) -> Prediction:
    """A ledger of this bot that lies where ledgers lie speaks against it, without ruling it out."""
    ledger = facts.ledger_of(facts.missing[0])
    if ledger is None:
        return predict(CONFIRMED, f"{ID}.expected", "found.no-ledger")
    details: dict[str, Data] = {"file": str(ledger.address), "rows": len(ledger.ledger.rows)}
    return predict(UNTESTABLE, f"{ID}.expected", "found.ledger-in-place", details, [ledger_place(ledger)])
