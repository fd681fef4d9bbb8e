"""The incident report: a `Report` in, a Markdown or HTML page out, in one of two languages."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from logaudit import locale
from logaudit.core.report import Report
from logaudit.renderers.document import markdown
from logaudit.renderers.document.compose import compose
from logaudit.renderers.document.evidence_file import evidence_link
from logaudit.renderers.document.exhibits import collect
from logaudit.renderers.document.explorer import explorer_data
from logaudit.renderers.document.page_limits import limited
from logaudit.renderers.document.translator import Translator
from logaudit.renderers.document.view import View
from logaudit.renderers.style import RenderStyle

#: Languages that `render` takes.
LANGUAGES: Final = locale.LANGUAGES


def as_markdown(report: Report, style: RenderStyle) -> str:
    """The report as an output format of a scan: Markdown, English."""
    return render(report, "md", command=style.command)


def as_html(report: Report, style: RenderStyle) -> str:
    """The report as an output format of a scan: HTML, English."""
    return render(report, "html", command=style.command)


def render(report: Report, form: str, *, lang: str = "en", command: str = "logaudit report") -> str:
    """The report as text, byte for byte the same for the same report, language and command.

    Args:
        report: what scan found; text from logs in it is escaped here for the format.
        form: ``md`` or ``html``.
        lang: one of `LANGUAGES`.
        command: what a reader types to make the report again.
    """
    # Pages tell of one session after another: what is packed would be unpacked for each of them.
    report = replace(
        report,
        trades=tuple(report.trades),
        repeats=tuple(report.repeats),
        positions=tuple(report.positions),
    )
    view = View(report, Translator(lang), command)
    document = compose(view)
    if form == "html":
        from logaudit.renderers.document import page  # noqa: PLC0415 - Markdown needs no template engine

        document = limited(view, document)
        evidence = collect(document, report)
        return page.render(document, evidence, explorer_data(view, evidence), evidence_link(report, evidence))
    return markdown.render(document, collect(document, report))
