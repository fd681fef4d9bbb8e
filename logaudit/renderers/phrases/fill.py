"""Fills one phrase template with its params, in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from logaudit.core.finding import Data

#: A format string with named params, or a function of them where plurals need one.
Template: TypeAlias = "str | Callable[[Mapping[str, Data]], str]"

_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?)")


def fill(template: Template, params: Mapping[str, Data]) -> str:
    """The sentence; braces inside params are plain text.

    Raises:
        KeyError: the template names a param that is not there.
    """
    if not isinstance(template, str):
        return template(params)
    return template.format_map({name: text(value) for name, value in params.items()})


def text(value: Data) -> str:
    """A param as it stands in a sentence: lists joined by commas, ISO times with a space for their ``T``."""
    if isinstance(value, list):
        return ", ".join(text(item) for item in value)
    if isinstance(value, str):
        time = _ISO.fullmatch(value)
        return f"{time[1]} {time[2]}" if time else value
    return "–" if value is None else str(value)


def number(params: Mapping[str, Data], name: str) -> int:
    """An integer param; 0 for anything else."""
    value = params.get(name)
    return value if isinstance(value, int) else 0


def strings(params: Mapping[str, Data], name: str) -> list[str]:
    """A list param as texts; empty for anything else."""
    value = params.get(name)
    return [text(item) for item in value] if isinstance(value, list) else []


def conditions(params: Mapping[str, Data], templates: Mapping[str, Template], between: str) -> str:
    """The param ``conditions``, groups of tests that hold together: tests joined by ``and``, groups by ``between``."""
    groups = params.get("conditions")
    joiner = fill(templates["and"], {})
    said = []
    for group in groups if isinstance(groups, list) else []:
        tests = [
            fill(templates[f"condition.{test['attribute']}"], {"value": test["value"]})
            for test in (group if isinstance(group, list) else [])
            if isinstance(test, dict)
        ]
        said.append(joiner.join(tests))
    return between.join(said)


def title(params: Mapping[str, Data], lang: str) -> str:
    """The param ``titles``, by language, English where the language has none."""
    titles = params.get("titles")
    if not isinstance(titles, dict):
        return ""
    return text(titles.get(lang) or titles.get("en") or next(iter(titles.values()), ""))


def lowered(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]
