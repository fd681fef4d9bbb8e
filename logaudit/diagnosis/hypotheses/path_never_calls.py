"""A code path that closes positions never calls the recorder."""

from __future__ import annotations

from logaudit.core.diagnosis import BlindPath, Likelihood, Prediction
from logaudit.core.message import Message, codes, msg, plural, plural_in
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
)
from logaudit.diagnosis.wording import any_of, lost_closes
from logaudit.reconcile.reconciled import ClosedTrade

ID = "path-never-calls-recorder"


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Confirmed by code paths whose closes are all missing; refuted where paths record and lose alike."""
    paths = [p for p in facts.blind.paths if is_code(p)]
    explained = len({name for p in paths for name in p.trades})
    read = _in_source(facts)
    predictions = (
        _separate(facts, paths, explained),
        silence(facts),
        _leaves(facts),
        *([read] if read else []),
    )
    apart, silent, *_ = (p.state for p in predictions)
    if read is not None and read.state is CONFIRMED:
        likelihood = Likelihood.HIGH
    elif REFUTED in (apart, silent) or (read is not None and read.state is REFUTED):
        likelihood = Likelihood.REFUTED
    elif apart is CONFIRMED:
        sure = 2 * explained >= len(facts.missing) and all(p.p_value <= WEAK for p in paths)
        likelihood = Likelihood.HIGH if sure else Likelihood.MEDIUM
    else:
        likelihood = Likelihood.MEDIUM if silent is CONFIRMED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        title=msg("A code path that closes positions never calls the recorder"),
        clause=msg("a code path that closes positions never calls the recorder"),
        likelihood=likelihood,
        predictions=predictions,
        explains=explained or len(facts.silent),
        breaks=RecorderStage.CALLED,
        check=msg(
            "Read the code where {conditions}: does it call the recorder with the trade's result?",
            conditions=any_of(paths),
        )
        if paths
        else msg("Read each function that closes positions: does it call the recorder?"),
        shown=read is not None and read.state is CONFIRMED,
    )


def _in_source(facts: SessionFacts) -> Prediction | None:
    """What the source shows of the lost closes; None without a source that says anything of them."""
    code = facts.code
    if code is None or not any(code.sites.get(t.id) for t in facts.missing):
        return None
    predicts = msg("In the source, the calls by which the lost closes came lead to no call of the recorder.")
    lost = lost_closes(len(facts.missing))
    blind = [sites for t in facts.missing if (sites := code.blind(t))]
    if blind:
        places = dict.fromkeys(site.place for sites in blind for site in sites)
        return predict(CONFIRMED, predicts, msg("So for {n} of {lost}.", n=len(blind), lost=lost), places)
    kept = [sites for t in facts.missing if (sites := code.recorded(t))]
    places = dict.fromkeys(site.place for sites in kept for site in sites)
    if len(kept) == len(facts.missing):
        return predict(REFUTED, predicts, msg("All of them lead to the recorder."), places)
    return predict(UNTESTABLE, predicts, msg("The source does not settle it."), places)


def _separate(facts: SessionFacts, paths: list[BlindPath], explained: int) -> Prediction:
    predicts = msg("Lost trades come from code paths that record none.")
    if paths:
        places = [place for p in paths for place in p.locations[:1]]
        return predict(CONFIRMED, predicts, _apart(facts, paths, explained), places)
    if mixed := facts.blind.mixed or _recorded_alike(facts):
        found = msg("{paths}: trades of the same code path are recorded and lost.", paths=codes([*mixed]))
        return predict(REFUTED, predicts, found)
    if facts.blind.abstained is None:
        return predict(UNTESTABLE, predicts, msg("What sets the lost trades apart is not the code path."))
    return predict(UNTESTABLE, predicts, facts.blind.abstained)


def _apart(facts: SessionFacts, paths: list[BlindPath], explained: int) -> Message:
    missing = len(facts.missing)
    return msg(
        "{conditions}: so for {explained} of {lost} and {recorded} recorded ones ({closes} in all).",
        conditions=any_of(paths),
        explained=explained,
        lost=plural_in("of", "{n} lost trade", "{n} lost trades", missing),
        recorded=sum(p.recorded for p in paths),
        closes=plural("{n} close", "{n} closes", missing + len(facts.recorded)),
    )


def _recorded_alike(facts: SessionFacts) -> tuple[str, ...]:
    """The code paths of the losses, when each of them records closes for the same reasons as it loses."""
    kept = {_origin(t) for t in facts.recorded}
    lost = [_origin(t) for t in facts.missing]
    return tuple(dict.fromkeys(path for path, _ in lost)) if all(origin in kept for origin in lost) else ()


def _origin(trade: ClosedTrade) -> tuple[str, str]:
    close = trade.close
    return close.emitter.path or close.pattern, close.fields.reason


def _leaves(facts: SessionFacts) -> Prediction:
    """The learned chain: what follows recorded closes and no lost one."""
    predicts = msg("Lines follow the recorded closes that follow no lost one.")
    lost = [s for s in facts.divergence.lost if s.place == "after"]
    if lost:
        found = plural(
            "{n} line follows recorded closes only, by {emitters}.",
            "{n} lines follow recorded closes only, by {emitters}.",
            len(lost),
            emitters=codes([*dict.fromkeys(s.emitter or s.template for s in lost)]),
        )
        return predict(CONFIRMED, predicts, found, [s.example for s in lost])
    return predict(
        UNTESTABLE, predicts, facts.divergence.abstained or msg("No line follows recorded closes only.")
    )
