"""Failure points: the recorder's chain of each run and of the lost trades, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.diagnosis import FailurePoint, StageState, StageView
from logaudit.core.message import msg, plural
from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Chain,
    Inline,
    Link,
    Listing,
    Para,
    Section,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.inline_code import identifiers
from logaudit.renderers.document.state_labels import STAGE_STATES
from logaudit.renderers.document.translator import code, join, words
from logaudit.renderers.document.view import View

TONES: Final = {
    StageState.OBSERVED: Tone.GOOD,
    StageState.NOT_OBSERVED: Tone.BAD,
    StageState.CONTRADICTED: Tone.BAD,
    StageState.NOT_OBSERVABLE: Tone.MUTED,
}
#: Trades named under a chain that they share.
_NAMED: Final = 5
#: Places cited for one stage.
_PLACES: Final = 3


def failure_points(view: View) -> Section | None:
    """Where something was lost and the profile declares the recorder's stages."""

    def make(name: str) -> Iterator[Block]:
        points = [point for point in view.diagnosis.failure_points if point.session == name]
        for alike in _alike(points):
            yield from _chain(view, alike)

    return view.per_session(
        "failure-points",
        msg("Failure points"),
        make,
        msg(
            "The recorder's stages in order, as the profile declares them. The failure point is the "
            "first stage that was not observed or is contradicted."
        ),
    )


def _alike(points: Sequence[FailurePoint]) -> list[list[FailurePoint]]:
    """Points whose chains look the same, those of trades first, then by how many share them."""
    groups: dict[tuple[str, tuple[tuple[str, StageState], ...]], list[FailurePoint]] = {}
    for point in points:
        key = point.stage, tuple((stage.id, stage.state) for stage in point.stages)
        groups.setdefault(key, []).append(point)
    return sorted(groups.values(), key=lambda group: (all(p.kind == "run" for p in group), -len(group)))


def _chain(view: View, alike: Sequence[FailurePoint]) -> Iterator[Block]:
    trades = [point for point in alike if point.kind == "trade"]
    runs = [point for point in alike if point.kind != "trade"]
    shown = trades or runs
    first = shown[0]
    count = plural("{n} lost trade", "{n} lost trades", len(shown))
    yield view.sub(count if trades else plural("{n} run", "{n} runs", len(shown)))
    same = (
        (
            *view.translate(
                msg("The same chain holds for {n}: "), n=plural("{n} run", "{n} runs", len(runs))
            ),
            *_named(runs),
            TextSpan("."),
        )
        if trades and runs
        else ()
    )
    yield Para((*_named(shown), TextSpan(". "), *same))
    here = next((stage for stage in first.stages if stage.id == first.stage), None)
    if here is not None:
        yield view.para(
            msg("Failure point **{stage}**: {title} — {state}."),
            stage=here.id,
            title=identifiers(_title(view, here)),
            state=_state(view, here.state),
        )
    elif first.stages:
        yield view.para(
            msg("No failure point: every stage was observed, or nothing can be said of those that were not.")
        )
    yield Chain(
        view.text(msg("The recorder's chain")),
        tuple(
            Link(stage.id, _title(view, stage), TONES[stage.state], _word(view, stage.state), stage is here)
            for stage in first.stages
        ),
    )
    rows = tuple(_row(view, number, stage, shown) for number, stage in enumerate(first.stages))
    yield view.table(
        ("stage", "what_happens=", "state", "why=", "evidence"), rows, msg("Stages of the chain")
    )
    if here is not None and here.log_statement:
        yield view.para(msg("What to log to see stage {stage} the next time:"), stage=here.id)
        yield Listing(here.log_statement, "python")


def _named(alike: Sequence[FailurePoint]) -> Inline:
    names: list[Inline] = [code(point.subject) for point in alike[:_NAMED]]
    rest = words(f" +{len(alike) - _NAMED}") if len(alike) > _NAMED else ()
    return (*join(names, ", "), *rest)


def _row(view: View, number: int, stage: StageView, alike: Sequence[FailurePoint]) -> tuple[Inline, ...]:
    places = [place for point in alike for place in point.stages[number].locations]
    why = view.translate(stage.why)
    if stage.searched and "streams" not in dict(stage.why.params):
        streams = join([code(name) for name in stage.searched], ", ")
        why = (*why, *view.translate(msg(" [searched: {streams}]"), streams=streams))
    shown = cell(*list(dict.fromkeys(places))[:_PLACES])
    return (
        words(stage.id, strong=True),
        identifiers(_title(view, stage)),
        (_state(view, stage.state),),
        why,
        shown,
    )


def _title(view: View, stage: StageView) -> str:
    return view.text(stage.title) or stage.id


def _state(view: View, state: StageState) -> Badge:
    return Badge(TONES[state], _word(view, state))


def _word(view: View, state: StageState) -> str:
    return view.text(STAGE_STATES[state])
