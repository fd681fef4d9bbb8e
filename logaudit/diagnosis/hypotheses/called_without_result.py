"""The recorder's caller has no trade result to hand over, and skips the call in silence."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import msg
from logaudit.diagnosis.close_context import NearbyCall
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    lines_of,
    predict,
    silence,
)
from logaudit.diagnosis.wording import lost_closes
from logaudit.reconcile.reconciled import ClosedTrade

ID = "called-without-result"
_NOTHING: Final = lazy_pattern(r"\b(?:None(?:Type)?|null|undefined)\b")


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by a line that names the missing result; silence alone leaves it possible."""
    read = _on_condition(facts)
    predictions = (_named(facts), silence(facts), *([read] if read else []))
    named, silent, *_ = (p.state for p in predictions)
    if named is CONFIRMED:
        likelihood = Likelihood.HIGH
    elif silent is REFUTED or (read is not None and read.state is REFUTED):
        likelihood = Likelihood.REFUTED
    else:
        likelihood = Likelihood.MEDIUM
    return HypothesisDraft(
        id=ID,
        title=msg("The recorder's caller has no trade result (None or malformed) and skips the call"),
        clause=msg("the recorder's caller has no trade result (None or malformed) and skips the call"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.silent),
        breaks=RecorderStage.RESULT,
        check=msg(
            "Log what the closing function returns and what the check before the recorder's call sees, its else "
            "branch included."
        ),
        shown=named is CONFIRMED,
    )


def _on_condition(facts: SessionFacts) -> Prediction | None:
    """What the source shows of a check before the recorder's call; None where it says nothing of the lost closes."""
    code = facts.code
    if code is None or not any(code.sites.get(t.id) for t in facts.missing):
        return None
    predicts = msg("In the source, a condition stands before the call of the recorder.")
    found = [sites for t in facts.missing if (sites := code.conditional(t))]
    places = dict.fromkeys(site.place for sites in found for site in sites)
    if found:
        said = msg("So for {n} of {lost}.", n=len(found), lost=lost_closes(len(facts.missing)))
        return predict(CONFIRMED, predicts, said, places)
    if all(code.blind(t) or code.recorded(t) for t in facts.missing):
        return predict(REFUTED, predicts, msg("No condition stands there."))
    return predict(UNTESTABLE, predicts, msg("The source does not settle it."))


def _named(facts: SessionFacts) -> Prediction:
    predicts = msg("A line says that there was no result.")
    said = [
        e
        for t in facts.missing
        for e in t.witness.failures
        if _NOTHING.search(e.captures.detail or e.locations[0].text)
    ]
    places = lines_of(said) or [step.location for t in facts.silent if (step := _after(facts, t)) is not None]
    # What follows recorded closes as well speaks of something else.
    usual = [t for t in facts.recorded if _after(facts, t) is not None]
    if said or (2 * len(places) >= len(facts.silent) > 0 and 4 * len(usual) <= len(facts.recorded)):
        found = msg("Said at {n} of {lost}.", n=len(places), lost=lost_closes(len(facts.missing)))
        return predict(CONFIRMED, predicts, found, places)
    return predict(UNTESTABLE, predicts, msg("No such line; the code may skip without a word."))


def _after(facts: SessionFacts, trade: ClosedTrade) -> NearbyCall | None:
    """The first record after a close that says that something is None."""
    around = facts.contexts.get(trade.id)
    return around.after.first(lambda call: _says_nothing(call[1])) if around else None


@lru_cache(maxsize=1024)
def _says_nothing(template: str) -> bool:
    """Whether a line says that something is None; around all closes much the same is said."""
    return _NOTHING.search(template) is not None
