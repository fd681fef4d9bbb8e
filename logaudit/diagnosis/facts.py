"""Gathers what hypotheses look at, once for each session with losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from logaudit.core.diagnosis import BlindPaths, Divergence
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.close_context import CloseContext
from logaudit.diagnosis.code_paths import code_facts
from logaudit.diagnosis.hypotheses import SessionFacts
from logaudit.diagnosis.observability import ObservabilityCheck
from logaudit.diagnosis.stages import stages_of
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session


def gather(
    case: Case,
    session: Session,
    around: Mapping[str, CloseContext],
    blind: BlindPaths,
    divergence: Divergence,
) -> SessionFacts:
    """The facts of a session that has losses."""
    missing = session.missing
    recorded = tuple(t for t in session.closed if t.row is not None)
    with_losses = {t.run for t in missing}
    return SessionFacts(
        session=session,
        missing=missing,
        silent=tuple(t for t in missing if not t.witness.acks and not t.witness.failures),
        recorded=recorded,
        runs=tuple(run for run in session.runs if run.id in with_losses),
        stages=stages_of(session.profile),
        blind=blind,
        divergence=divergence,
        contexts=dict(around),
        watch=ObservabilityCheck(session),
        zone=case.zone,
        day_rows=_day_rows(recorded),
        last_rows={t.run: (t.at.us, t.row) for t in recorded if t.row},
        code=code_facts(case, session),
        problems=tuple(p for p in case.problems if case.home_of(p.address.path) == session.root),
    )


def _day_rows(recorded: Sequence[ClosedTrade]) -> dict[tuple[str, date], LedgerEntry]:
    found: dict[tuple[str, date], LedgerEntry] = {}
    for trade in recorded:
        if trade.row is not None:
            found.setdefault((trade.run, trade.at.day), trade.row)
    return found
