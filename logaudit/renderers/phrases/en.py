"""Phrases in English: stages, chain, blind paths and the headline; joined with `en_causes` and `en_checks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.core.text import plural
from logaudit.renderers.phrases.en_causes import CAUSES, FOUND
from logaudit.renderers.phrases.en_checks import CHECKS, stage_of
from logaudit.renderers.phrases.fill import Template, conditions, fill, lowered, number, strings, text

_Params = Mapping[str, Data]

_CONDITIONS: Final[dict[str, Template]] = {
    "and": " and ",
    "condition.path": "the code path is {value}",
    "condition.line": "the line of code is {value}",
    "condition.pattern": "the close is worded as {value}",
    "condition.caller": "the last other code path before the close is {value}",
    "condition.preceding": "the line before the close is {value}",
    "condition.event": "the event before the close is {value}",
    "condition.reason": "the reason is {value}",
    "condition.side": "the side is {value}",
    "condition.symbol": "the symbol is {value}",
    "condition.run": "the run is {value}",
    "condition.hour": "the hour of the day is {value}",
    "condition.since-start": "the time since the run began is {value}",
    "condition.from": "the time is {value} or later",
    "condition.until": "the time is {value} or earlier",
}


def _chain_too_few(params: _Params) -> str:
    return (
        f"Whole surroundings of {number(params, 'with_recorded')} recorded and {number(params, 'with_missing')} lost "
        f"closes are too few to learn the recorder's chain from; at least {number(params, 'with_need')} of each are "
        "needed."
    )


def _too_few_closes(params: _Params) -> str:
    closes = number(params, "closes")
    have = "One trade is" if closes == 1 else f"{plural(closes, 'close')} are"
    return f"{have} too few to name a code path; at least {number(params, 'need')} are needed."


def _no_contrast(params: _Params) -> str:
    return (
        f"All {plural(number(params, 'closes'), 'close')} were lost and none was recorded: without a "
        "contrast no code "
        "path can be named."
    )


def _too_few_missing(params: _Params) -> str:
    return (
        f"{plural(number(params, 'missing'), 'lost trade')} of {plural(number(params, 'closes'), 'close')}: "
        "too few to "
        f"name a code path; at least {number(params, 'need')} lost ones are needed."
    )


def _nothing_separates(params: _Params) -> str:
    paths = strings(params, "paths")
    mixed = (
        f" {', '.join(paths)} {'both record and lose' if len(paths) > 1 else 'records and loses'} trades."
        if paths
        else ""
    )
    return (
        f"No code path, reason, symbol, side or time tells the {number(params, 'missing')} lost from the "
        f"{number(params, 'recorded')} recorded trades beyond chance.{mixed}"
    )


_PATHS: Final[dict[str, Template]] = {
    "chain.too-few": _chain_too_few,
    "chain.no-difference": (
        "The {missing} lost and the {recorded} recorded closes differ in no line around them beyond chance."
    ),
    "blind.too-few-closes": _too_few_closes,
    "blind.no-contrast": _no_contrast,
    "blind.too-few-missing": _too_few_missing,
    "blind.nothing-separates": _nothing_separates,
}


def _failure(params: _Params) -> str:
    said = {"contradicted": "contradicted"}.get(text(params.get("state")), "not observed")
    before = [f"{', '.join(strings(params, 'observed'))} observed"] if strings(params, "observed") else []
    if hidden := strings(params, "hidden"):
        before.append(f"{', '.join(hidden)} not observable")
    known = f"; {', '.join(before)}" if before else ""
    trades = plural(number(params, "trades"), "lost trade")
    return f"Failure point: {stage_of(params)}, {said} for {trades}{known}."


def _leaves(params: _Params) -> str:
    return (
        f"Every recorded close goes on to {', '.join(strings(params, 'emitters'))}; the "
        f"{number(params, 'closes')} lost "
        "ones do not."
    )


def _path(params: _Params) -> str:
    chance = f" (p = {text(params['p'])})" if params.get("p") is not None else ""
    if params.get("weak"):
        chance += "; so few closes could fall so by chance"
    recorded = number(params, "recorded")
    kept = "no recorded one" if not recorded else f"{recorded} recorded"
    which = conditions(params, _CONDITIONS, "; or ")
    missing, total = number(params, "missing"), plural(number(params, "total"), "lost trade")
    return f"Blind path: {which}: {missing} of {total}, {kept}{chance}."


def _cause(params: _Params) -> str:
    return f"Leading explanation{_judged(params)}"


def _causes_equal(params: _Params) -> str:
    return f"Not settled between{_judged(params)}"


def _judged(params: _Params) -> str:
    sessions = number(params, "sessions")
    several = f" in {sessions} sessions" if sessions > 1 else ""
    names = "; ".join(lowered(fill(CAUSES[f"{name}.title"], {})) for name in strings(params, "ids"))
    likelihood, refuted = text(params["likelihood"]), number(params, "refuted")
    others = f"{refuted} of {number(params, 'total')} explanations refuted"
    return f"{several}: {names} (likelihood {likelihood}; {others})."


_HEADLINE: Final[dict[str, Template]] = {
    "headline.failure": _failure,
    "headline.leaves": _leaves,
    "headline.path": _path,
    "headline.abstained": lambda p: (
        f"In {plural(number(p, 'sessions'), 'session')} the trades are too few, or too much alike, to name a code path."
    ),
    "headline.cause": _cause,
    "headline.causes-equal": _causes_equal,
}


PHRASES: Final[dict[str, Template]] = {
    **_CONDITIONS,
    **_PATHS,
    **_HEADLINE,
    **CHECKS,
    **CAUSES,
    **FOUND,
    "found.paths-separate": lambda p: (
        f"{conditions(p, _CONDITIONS, '; or ')}: so for {number(p, 'explained')} of "
        f"{plural(number(p, 'missing'), 'lost trade')} and {number(p, 'recorded')} recorded ones "
        f"({plural(number(p, 'closes'), 'close')} in all)."
    ),
    "path-never-calls-recorder.check-path": lambda p: (
        f"Read the code where {conditions(p, _CONDITIONS, '; or ')}: does it call the recorder with the "
        "trade's result?"
    ),
}
