"""Every format a scan can be written in, by name, and the one place that knows which module makes it."""

# ruff: noqa: PLC0415 - a scan writes one or two of these formats, so each loads when it is asked for

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.policy_result import RulePage
from logaudit.core.report import Report


class RenderStyle(Struct, frozen=True):
    """What formats need beside the outcome.

    Attributes:
        color, width, unicode, verbose: of the text report.
        rulebook: gives every rule, for formats that explain codes.
        command: what makes the report again, for the reports.
    """

    color: bool
    width: int
    unicode: bool
    verbose: bool
    rulebook: Callable[[], Sequence[RulePage]]
    command: str


def _text(outcome: Report, style: RenderStyle) -> str:
    from logaudit.renderers import text

    return text.render(
        outcome, color=style.color, width=style.width, unicode=style.unicode, verbose=style.verbose
    )


def _json(outcome: Report, _style: RenderStyle) -> str:
    from logaudit.renderers import json_v1

    return json_v1.render(outcome)


def _jsonl(outcome: Report, _style: RenderStyle) -> str:
    from logaudit.renderers import jsonl

    return jsonl.render(outcome)


def _sarif(outcome: Report, style: RenderStyle) -> str:
    from logaudit.renderers import sarif

    return sarif.render(outcome, style.rulebook())


def _github(outcome: Report, _style: RenderStyle) -> str:
    from logaudit.renderers import github

    return github.render(outcome)


def _gitlab(outcome: Report, _style: RenderStyle) -> str:
    from logaudit.renderers import gitlab

    return gitlab.render(outcome)


def _junit(outcome: Report, style: RenderStyle) -> str:
    from logaudit.renderers import junit

    return junit.render(outcome, style.rulebook())


def _markdown(outcome: Report, style: RenderStyle) -> str:
    from logaudit.renderers import document

    return document.render(outcome, "md", command=style.command)


def _html(outcome: Report, style: RenderStyle) -> str:
    from logaudit.renderers import document

    return document.render(outcome, "html", command=style.command)


def _csv(outcome: Report, _style: RenderStyle) -> str:
    from logaudit.renderers import findings_csv

    return findings_csv.render(outcome)


_RENDER: Final[dict[str, Callable[[Report, RenderStyle], str]]] = {
    "text": _text,
    "json": _json,
    "jsonl": _jsonl,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "markdown": _markdown,
    "html": _html,
    "csv": _csv,
}
FORMATS: Final = tuple(_RENDER)
#: Those that show the hashes of what was read.
SHOW_SUMS: Final = frozenset({"json", "markdown", "html"})


def render(outcome: Report, form: str, style: RenderStyle) -> str:
    """The outcome in the format of this name; raises KeyError for a name not in `FORMATS`."""
    return _RENDER[form](outcome, style)
