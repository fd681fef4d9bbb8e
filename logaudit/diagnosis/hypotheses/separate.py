"""The one observation that tells the two likeliest causes apart."""

from __future__ import annotations

from logaudit.core.diagnosis import Likelihood, Phrase, Separation
from logaudit.core.finding import Data
from logaudit.diagnosis.hypotheses import logged_elsewhere
from logaudit.diagnosis.hypotheses.base import HypothesisDraft, RecorderStage, SessionFacts, stage_at


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
    details: dict[str, Data] = {"early": early.id, "late": late.id}
    if stage is not None and logged_elsewhere.ID in (first.id, second.id):
        other = second if first.id == logged_elsewhere.ID else first
        details = {"early": logged_elsewhere.ID, "late": other.id}
        observation = Phrase("separate.lines", {**details, "stage": stage.id, "titles": _titles(stage.title)})
    elif stage is None or early.breaks == late.breaks:
        code = "separate.same-place" if early.breaks == late.breaks else "separate.no-stage"
        observation = Phrase(code, {**details, "stage": stage.id if stage else ""})
    elif early.breaks in (RecorderStage.READY, RecorderStage.OPENED):
        observation = Phrase(
            "separate.at-start", {**details, "stage": stage.id, "titles": _titles(stage.title)}
        )
    else:
        observation = Phrase(
            "separate.at-close", {**details, "stage": stage.id, "titles": _titles(stage.title)}
        )
    return Separation(
        session=facts.session.root,
        first=first.id,
        second=second.id,
        observation=observation,
        log_statement=stage.log_statement if stage else early.log_statement,
    )


def _titles(by_language: dict[str, str]) -> dict[str, Data]:
    return {**by_language}
