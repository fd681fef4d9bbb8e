"""The one observation that tells the two likeliest causes apart."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Separation
from logaudit.core.message import Message, msg
from logaudit.diagnosis.hypotheses import logged_elsewhere
from logaudit.diagnosis.hypotheses.base import (
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    stage_at,
    statement,
)
from logaudit.diagnosis.wording import stage_named
from logaudit.profiles import Stage


def separate(facts: SessionFacts, ranked: tuple[HypothesisDraft, ...]) -> Separation | None:
    """Compares the first two that are not refuted; None when fewer are left.

    A cause says where the chain breaks. The earlier break of the two is the place to watch: if a lost trade
    gets past it, the later one is the cause. Lines that went elsewhere break nothing: there the trade's own
    line decides.
    """
    left = [d for d in ranked if d.likelihood is not Likelihood.REFUTED]
    if len(left) < 2:  # noqa: PLR2004 - a pair
        return None
    first, second = left[0], left[1]
    early, late = (first, second) if first.breaks <= second.breaks else (second, first)
    stage = stage_at(facts, early.breaks)
    if stage is not None and logged_elsewhere.ID in (first.id, second.id):
        other = second if first.id == logged_elsewhere.ID else first
        elsewhere = first if other is second else second
        observation = _lines(stage, elsewhere.clause, other.clause)
    elif stage is None or early.breaks == late.breaks:
        same_place = early.breaks == late.breaks
        observation = (_same_place if same_place else _no_stage)(early.clause, late.clause)
    elif early.breaks in (RecorderStage.READY, RecorderStage.OPENED):
        observation = _at_start(stage, early.clause, late.clause)
    else:
        observation = _at_close(stage, early.clause, late.clause)
    return Separation(
        session=facts.session.root,
        first=first.id,
        second=second.id,
        observation=observation,
        log_statement=stage.log_statement if stage else statement(facts, early),
    )


def _lines(stage: Stage, early: Message, late: Message) -> Message:
    return msg(
        "Look for the line of {stage} in the logs of the run's start, and for a line of the recorder at the lost "
        "trades in every stream that is not at hand. If such a line is there: {early}. If the start's line is there "
        "without one: {late}.",
        stage=stage_named(stage),
        early=early,
        late=late,
    )


def _same_place(early: Message, late: Message) -> Message:
    return msg(
        "Log every outcome of the recorder, errors included: only its own line tells whether {early}, or {late}.",
        early=early,
        late=late,
    )


def _no_stage(early: Message, late: Message) -> Message:
    return msg(
        "Log each call of the recorder with its outcome, and wait for the next lost trade: no call means that {early}; "
        "a call without a row, that {late}.",
        early=early,
        late=late,
    )


def _at_start(stage: Stage, early: Message, late: Message) -> Message:
    return msg(
        "Look for the line of {stage} in the logs of the run's start, and log it if there is none. If it is there, the "
        "recorder was up and what remains is: {late}. If a complete log of the start lacks it: {early}.",
        stage=stage_named(stage),
        early=early,
        late=late,
    )


def _at_close(stage: Stage, early: Message, late: Message) -> Message:
    return msg(
        "Add the log statement of {stage} and wait for the next lost trade. If the line appears for it: {late}. If it "
        "does not: {early}.",
        stage=stage_named(stage),
        early=early,
        late=late,
    )
