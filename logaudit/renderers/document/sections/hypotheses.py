"""Hypotheses: what each cause predicts, what was found, which survive, and what would separate the closest two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.diagnosis import Hypothesis, Likelihood, Prediction, PredictionState, Separation
from logaudit.core.message import msg
from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Inline,
    Listing,
    Para,
    Section,
    Sub,
    Table,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.state_labels import LIKELIHOODS, PREDICTION_STATES, TALLIES
from logaudit.renderers.document.translator import words
from logaudit.renderers.document.view import View

_LIKELY: Final = {
    Likelihood.HIGH: Tone.WARN,
    Likelihood.MEDIUM: Tone.INFO,
    Likelihood.LOW: Tone.MUTED,
    Likelihood.REFUTED: Tone.BAD,
}
_STATES: Final = {
    PredictionState.CONFIRMED: Tone.GOOD,
    PredictionState.REFUTED: Tone.BAD,
    PredictionState.UNTESTABLE: Tone.MUTED,
}
_PLACES: Final = 4


def hypotheses(view: View) -> Section | None:
    """Where something was lost: the survivors by rank, then the refuted with what refutes them."""

    def make(name: str) -> Iterator[Block]:
        mine = sorted((h for h in view.diagnosis.hypotheses if h.session == name), key=lambda h: h.rank)
        alive = [one for one in mine if one.likelihood is not Likelihood.REFUTED]
        refuted = [one for one in mine if one.likelihood is Likelihood.REFUTED]
        if mine:
            yield _overview(view, mine)
        shown: dict[str, str] = {}
        for one in alive:
            yield from _one(view, one)
            yield from _statement(view, one.log_statement, f"H{one.rank}", shown)
        found = [s for s in view.diagnosis.separations if s.session == name]
        yield from _separations(view, found, mine, shown)
        if refuted:
            yield view.sub(msg("Refuted hypotheses"))
            for one in refuted:
                yield from _one(view, one, level=4)

    return view.per_session(
        "hypotheses",
        msg("Hypotheses"),
        make,
        msg(
            "Possible causes, each with the facts that it predicts. What the evidence refutes is "
            "shown with the evidence; a prediction that cannot be tested refutes nothing."
        ),
    )


def _overview(view: View, mine: Sequence[Hypothesis]) -> Table:
    rows = tuple(
        (
            words(f"H{one.rank}", strong=True),
            view.translate(one.title),
            (_likelihood(view, one),),
            words(_tally(view, one.predictions)),
        )
        for one in mine
    )
    return view.table(
        ("rank", "hypothesis=", "likelihood", "predictions"), rows, msg("Hypotheses by what survives")
    )


def _tally(view: View, predictions: Sequence[Prediction]) -> str:
    counts = [(state, sum(p.state is state for p in predictions)) for state in PredictionState]
    return ", ".join(view.text(TALLIES[state], n=count) for state, count in counts if count) or "–"


def _likelihood(view: View, one: Hypothesis) -> Badge:
    return Badge(_LIKELY[one.likelihood], view.text(LIKELIHOODS[one.likelihood]))


def _one(view: View, one: Hypothesis, *, level: int = 3) -> Iterator[Block]:
    yield Sub((TextSpan(f"H{one.rank}. "), *view.translate(one.title)), level)
    yield Para((*view.translate(msg("Likelihood:")), TextSpan(" "), _likelihood(view, one)))
    if one.predictions:
        rows = tuple(_prediction(view, prediction) for prediction in one.predictions)
        columns = view.columns("predicts=", "found=", "verdict", "evidence")
        yield Table(columns, rows, view.text(msg("Predictions of H{n}"), n=one.rank))
    if one.likelihood is not Likelihood.REFUTED:
        yield Para((*view.translate(msg("**Check:**")), TextSpan(" "), *view.translate(one.check)))


def _statement(view: View, statement: str, name: str, shown: dict[str, str]) -> Iterator[Block]:
    """A log statement where it is met first; later only where it stands."""
    if statement in shown:
        yield view.para(
            msg("The log statement shown for {name} would settle this as well."), name=shown[statement]
        )
    elif statement:
        shown[statement] = name
        yield view.para(msg("The log statement that would settle it:"))
        yield Listing(statement, "python")


def _prediction(view: View, one: Prediction) -> tuple[Inline, ...]:
    return (
        view.translate(one.predicts),
        view.translate(one.found),
        (Badge(_STATES[one.state], view.text(PREDICTION_STATES[one.state])),),
        cell(*one.locations[:_PLACES]),
    )


def _separations(
    view: View, found: Sequence[Separation], mine: Sequence[Hypothesis], shown: dict[str, str]
) -> Iterator[Block]:
    by_id = {one.id: one for one in mine}
    for one in found:
        first, second = by_id.get(one.first), by_id.get(one.second)
        if first is None or second is None:
            continue
        yield view.sub(
            msg("What would separate {first} from {second}"),
            first=f"H{first.rank}",
            second=f"H{second.rank}",
        )
        yield view.para(one.observation)
        yield from _statement(view, one.log_statement, f"H{first.rank}", shown)
