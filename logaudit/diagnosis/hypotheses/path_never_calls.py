"""A code path that closes positions never calls the recorder."""

from __future__ import annotations

from logaudit.core.diagnosis import BlindPath, Likelihood, Phrase, Prediction
from logaudit.core.finding import Data
from logaudit.diagnosis.blind_paths import WEAK, is_code
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    predict,
    silence,
    statement,
)
from logaudit.reconcile.reconciled import ClosedTrade

ID = "path-never-calls-recorder"
#: What the search for blind paths says when closes enough were there and nothing set them apart.
_MIXED = "blind.nothing-separates"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by code paths whose closes are all missing; refuted where paths record and lose alike."""
    paths = [p for p in facts.blind.paths if is_code(p)]
    explained = len({name for p in paths for name in p.trades})
    predictions = (_separate(facts, paths, explained), silence(ID, facts), _leaves(facts))
    apart, silent, _ = (p.state for p in predictions)
    if REFUTED in (apart, silent):
        likelihood = Likelihood.REFUTED
    elif apart is CONFIRMED:
        sure = 2 * explained >= len(facts.missing) and all(p.p_value <= WEAK for p in paths)
        likelihood = Likelihood.HIGH if sure else Likelihood.MEDIUM
    else:
        likelihood = Likelihood.MEDIUM if silent is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=explained or len(facts.silent),
        breaks=RecorderStage.CALLED,
        check=Phrase(f"{ID}.check-path", {"conditions": _conditions(paths)})
        if paths
        else Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.CALLED),
    )


def _separate(facts: SessionFacts, paths: list[BlindPath], explained: int) -> Prediction:
    predicts = f"{ID}.separate"
    if paths:
        details: dict[str, Data] = {
            "conditions": _conditions(paths),
            "explained": explained,
            "missing": len(facts.missing),
            "recorded": sum(p.recorded for p in paths),
            "closes": len(facts.missing) + len(facts.recorded),
        }
        places = [place for p in paths for place in p.locations[:1]]
        return predict(CONFIRMED, predicts, "found.paths-separate", details, places)
    why = facts.blind.abstained
    if why is not None and why.code == _MIXED and why.params.get("paths"):
        return Prediction(Phrase(predicts), Phrase("found.paths-mixed", why.params), REFUTED)
    if mixed := _recorded_alike(facts):
        return predict(REFUTED, predicts, "found.paths-mixed", {"paths": mixed})
    if why is None:
        return predict(UNTESTABLE, predicts, "found.not-by-code")
    return Prediction(Phrase(predicts), why, UNTESTABLE)


def _recorded_alike(facts: SessionFacts) -> list[Data]:
    """The code paths of the losses, when each of them records closes for the same reasons as it loses."""
    kept = {_origin(t) for t in facts.recorded}
    lost = [_origin(t) for t in facts.missing]
    paths: list[Data] = list(dict.fromkeys(path for path, _ in lost))
    return paths if all(origin in kept for origin in lost) else []


def _origin(trade: ClosedTrade) -> tuple[str, str]:
    close = trade.close
    return close.emitter.path or close.pattern, close.fields.reason


def _conditions(paths: list[BlindPath]) -> list[Data]:
    return [[{"attribute": c.attribute, "value": c.value} for c in p.conditions] for p in paths]


def _leaves(facts: SessionFacts) -> Prediction:
    """The learned chain: what follows recorded closes and no lost one."""
    predicts = f"{ID}.leaves"
    lost = [s for s in facts.divergence.lost if s.place == "after"]
    if lost:
        details: dict[str, Data] = {
            "count": len(lost),
            "emitters": list(dict.fromkeys(s.emitter or s.template for s in lost)),
        }
        return predict(CONFIRMED, predicts, "found.steps-lost", details, [s.example for s in lost])
    why = facts.divergence.abstained or Phrase("found.no-steps-lost")
    return Prediction(Phrase(predicts), why, UNTESTABLE)
