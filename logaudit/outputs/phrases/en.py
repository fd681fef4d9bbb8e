"""Every phrase in English."""

from __future__ import annotations

from typing import Final

from logaudit.outputs.phrases.fill import Template

_CONDITIONS: Final[dict[str, Template]] = {
    "and": " and ",
    "condition.path": "the code path is {value}",
    "condition.line": "the line of code is {value}",
    "condition.pattern": "the wording of the close is {value}",
    "condition.caller": "the last other code path before it is {value}",
    "condition.preceding": "the line before it is {value}",
    "condition.event": "the event before it is {value}",
    "condition.reason": "the reason is {value}",
    "condition.side": "the side is {value}",
    "condition.symbol": "the symbol is {value}",
    "condition.run": "the run is {value}",
    "condition.hour": "the hour is {value}",
    "condition.since-start": "the time since the run's start is {value}",
    "condition.from": "the time is {value} or later",
    "condition.until": "the time is {value} or earlier",
}

PHRASES: Final[dict[str, Template]] = {**_CONDITIONS}
