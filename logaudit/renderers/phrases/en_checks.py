"""What to check next, in English: separations of causes, commands and log statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Data
from logaudit.renderers.phrases.en_causes import CAUSES
from logaudit.renderers.phrases.fill import Template, fill, lowered, strings, text, title

_Params = Mapping[str, Data]


def stage_of(params: _Params) -> str:
    """A stage by its letter and title."""
    return f"stage {text(params['stage'])} ({title(params, 'en')})"


def _names(params: _Params) -> tuple[str, str]:
    early, late = (lowered(fill(CAUSES[f"{text(params[k])}.title"], {})) for k in ("early", "late"))
    return early, late


def _at_start(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Look for the line of {stage_of(params)} in the logs of the run's start, and log it if there is "
        "none. If it "
        f"is there, the recorder was up and what remains is: {late}. If a complete log of the start lacks "
        f"it: {early}."
    )


def _at_close(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Add the log statement of {stage_of(params)} and wait for the next lost trade. If the line appears for it: "
        f"{late}. If it does not: {early}."
    )


def _same_place(params: _Params) -> str:
    early, late = _names(params)
    return f"Log every outcome of the recorder, errors included: only its own line tells whether {early}, or {late}."


def _no_stage(params: _Params) -> str:
    early, late = _names(params)
    return (
        "Log each call of the recorder with its outcome, and wait for the next lost trade: no call means "
        f"that {early}; "
        f"a call without a row, that {late}."
    )


def _start_check(params: _Params) -> str:
    terms = ", ".join(f"“{term}”" for term in strings(params, "terms"))
    return (
        f"Search the logs of the run's start, before {text(params['from'])}, in every stream "
        f"({', '.join(strings(params, 'streams'))}), for {terms}. If they turn up, put them beside the "
        "others and scan "
        "again."
    )


def _lines(params: _Params) -> str:
    early, late = _names(params)
    return (
        f"Look for the line of {stage_of(params)} in the logs of the run's start, and for a line of the recorder at "
        f"the lost trades in every stream that is not at hand. If such a line is there: {early}. If the start's line "
        f"is there without one: {late}."
    )


CHECKS: Final[dict[str, Template]] = {
    "separate.lines": _lines,
    "separate.at-start": _at_start,
    "separate.at-close": _at_close,
    "separate.same-place": _same_place,
    "separate.no-stage": _no_stage,
    "check.start": _start_check,
    "check.log-format": (
        "{lines} lines fit no known layout and may hold the recorder's own: state the bot's format string."
    ),
    "check.log-statement": lambda p: f"Add the log statement of {stage_of(p)} and restart the bot.",
}
