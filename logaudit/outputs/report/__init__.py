"""The incident report: an outcome in, a Markdown or HTML page out, in one of two languages."""

from __future__ import annotations

from typing import Final

from logaudit.model.outcome import Outcome
from logaudit.outputs.report import markdown
from logaudit.outputs.report.compose import compose
from logaudit.outputs.report.evidence import collect
from logaudit.outputs.report.speech import Speech
from logaudit.outputs.report.texts import TEXTS
from logaudit.outputs.report.view import View

#: Formats and languages that `render` takes.
FORMATS: Final = ("md", "html")
LANGUAGES: Final = tuple(TEXTS)


def render(outcome: Outcome, form: str, *, lang: str = "en", command: str = "logaudit report") -> str:
    """The report as text, byte for byte the same for the same outcome, language and command.

    Args:
        outcome: what scan found; text from logs in it is escaped here for the format.
        form: one of `FORMATS`.
        lang: one of `LANGUAGES`.
        command: what a reader types to make the report again.
    """
    document = compose(View(outcome, Speech(lang), command))
    evidence = collect(document, outcome)
    if form == "html":
        from logaudit.outputs.report import page  # noqa: PLC0415 - Markdown needs no template engine

        return page.render(document, evidence)
    return markdown.render(document, evidence)
