"""Every format a scan can be written in, by name, and the one place that knows which module makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from logaudit.model.outcome import Outcome
from logaudit.model.review import RulePage
from logaudit.outputs import findings_csv, github, gitlab, json_v1, jsonl, junit, sarif, text


@dataclass(frozen=True, slots=True)
class Style:
    """What formats need beside the outcome.

    Attributes:
        color, width, unicode, verbose: of the text report.
        rulebook: every rule, for formats that explain codes.
        command: what makes the report again, for the reports.
    """

    color: bool
    width: int
    unicode: bool
    verbose: bool
    rulebook: Sequence[RulePage]
    command: str


def _text(outcome: Outcome, style: Style) -> str:
    return text.render(
        outcome, color=style.color, width=style.width, unicode=style.unicode, verbose=style.verbose
    )


def _report(outcome: Outcome, form: str, style: Style) -> str:
    from logaudit.outputs import report  # noqa: PLC0415 - its texts load slowly, and few scans need them

    return report.render(outcome, form, command=style.command)


_RENDER: Final[dict[str, Callable[[Outcome, Style], str]]] = {
    "text": _text,
    "json": lambda outcome, _: json_v1.render(outcome),
    "jsonl": lambda outcome, _: jsonl.render(outcome),
    "sarif": lambda outcome, style: sarif.render(outcome, style.rulebook),
    "github": lambda outcome, _: github.render(outcome),
    "gitlab": lambda outcome, _: gitlab.render(outcome),
    "junit": lambda outcome, style: junit.render(outcome, style.rulebook),
    "markdown": lambda outcome, style: _report(outcome, "md", style),
    "html": lambda outcome, style: _report(outcome, "html", style),
    "csv": lambda outcome, _: findings_csv.render(outcome),
}
FORMATS: Final = tuple(_RENDER)


def render(outcome: Outcome, form: str, style: Style) -> str:
    """The outcome in the format of this name; raises KeyError for a name not in `FORMATS`."""
    return _RENDER[form](outcome, style)
