"""Why trades were lost, from the case alone: stages, the learned chain, blind code paths, hypotheses, impact."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.rows import joined_rows
from logaudit.core.stopped import stopped
from logaudit.diagnosis.blind_paths import find_blind_paths
from logaudit.diagnosis.chain import diverge
from logaudit.diagnosis.close_context import close_contexts
from logaudit.diagnosis.code_paths import shown_by_code
from logaudit.diagnosis.facts import gather
from logaudit.diagnosis.headline import headline
from logaudit.diagnosis.hypotheses import drafts, hypotheses, separate
from logaudit.diagnosis.impact import impact_of
from logaudit.diagnosis.next_checks import next_checks
from logaudit.diagnosis.stages import failure_points
from logaudit.reconcile.reconciled import Case, Session

__all__ = ["diagnose", "find_blind_paths", "joined"]


def diagnose(case: Case, session: Session) -> Diagnosis:
    """Everything that can be said about why a session lost closes; empty when it lost none.

    Pure: the same case gives the same diagnosis. Trades and runs are named as outcomes name them. The headline is what
    the bot's source shows; `joined` has all of it.
    """
    found = _isolated(case, session) if session.missing else Diagnosis()
    try:
        shown = shown_by_code(case, session)
    except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
        return replace(found, stopped=(*found.stopped, stopped("diagnosis", "", error)))
    return found if shown is None else replace(found, headline=(shown,))


def joined(parts: Sequence[Diagnosis]) -> Diagnosis:
    """The diagnoses of all sessions, with the few sentences on all of them."""
    whole = Diagnosis(
        failure_points=joined_rows(p.failure_points for p in parts),
        divergences=joined_rows(p.divergences for p in parts),
        blind_paths=joined_rows(p.blind_paths for p in parts),
        hypotheses=joined_rows(p.hypotheses for p in parts),
        separations=joined_rows(p.separations for p in parts),
        impacts=joined_rows(p.impacts for p in parts),
        next_checks=joined_rows(p.next_checks for p in parts),
        stopped=tuple(x for p in parts for x in p.stopped),
    )
    shown = [message for part in parts for message in part.headline]
    try:
        said = headline(whole.failure_points, whole.divergences, whole.blind_paths, whole.hypotheses, shown)
    except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
        return replace(whole, stopped=(*whole.stopped, stopped("diagnosis", "", error)))
    return replace(whole, headline=said)


def _isolated(case: Case, session: Session) -> Diagnosis:
    """As `_session`; where it fails, nothing but that."""
    try:
        return _session(case, session)
    except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
        return Diagnosis(stopped=(stopped("diagnosis", session.root, error),))


def _session(case: Case, session: Session) -> Diagnosis:
    around = close_contexts(session)
    blind = find_blind_paths(session, around)
    divergence = diverge(session, around)
    facts = gather(case, session, around, blind, divergence)
    points = failure_points(session, facts.code)
    ranked, failed = drafts(facts)
    apart = separate(facts, ranked)
    return Diagnosis(
        failure_points=points,
        divergences=(divergence,),
        blind_paths=(blind,),
        hypotheses=hypotheses(facts, ranked),
        separations=(apart,) if apart else (),
        impacts=(impact_of(session),),
        next_checks=next_checks(facts, ranked, points),
        stopped=failed,
    )
