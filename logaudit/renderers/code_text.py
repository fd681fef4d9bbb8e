"""What the bot's source says of its closes: on a terminal sheet, as JSON, or as SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from logaudit.core.finding import Data
from logaudit.core.report import Report
from logaudit.core.source_code import PathChange, PathEnd, SourceAnalysis
from logaudit.core.text import plural
from logaudit.renderers import sarif
from logaudit.renderers.json_fields import data_of
from logaudit.renderers.json_report import SCHEMA_VERSION, code_data
from logaudit.renderers.json_text import dumps
from logaudit.renderers.style import RenderStyle
from logaudit.renderers.terminal import Sheet

_WORDS: Final = {
    PathEnd.DROPPED: ("blind", "bold red"),
    PathEnd.BROKEN: ("broken", "bold red"),
    PathEnd.UNKNOWN: ("unknown", "yellow"),
    PathEnd.CONDITIONAL: ("conditional", "yellow"),
    PathEnd.RECORDED: ("recorded", "green"),
}


def render(report: Report, changes: Sequence[PathChange], form: str, style: RenderStyle) -> str:
    """The source of a report that has one; ``changes`` are those from an earlier version."""
    (analysis,) = report.code.values()
    if form == "sarif":
        return sarif.render(report, style)
    if form == "json":
        content: dict[str, Data] = {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "logaudit", "version": report.tool_version},
            "code": code_data(report.code),
            "findings": data_of(report.findings),
        }
        return dumps(content | ({"changes": data_of(tuple(changes))} if changes else {}))
    return _text(analysis, changes, style)


def _text(analysis: SourceAnalysis, changes: Sequence[PathChange], style: RenderStyle) -> str:
    sheet = Sheet(width=style.width, color=style.color, unicode=style.unicode)
    sheet.paragraph((_verdict(analysis), "bold"))
    sheet.blank()
    sheet.line(
        f"{plural(analysis.files, 'file')}, recorder: {', '.join(analysis.recorders) or 'not found'}",
        indent=2,
    )
    if not analysis.basis:
        sheet.line("Name the function that records trades: --recorder Class.method", indent=2)
    for end, (word, styled) in _WORDS.items():
        sites = [site for site in analysis.sites if site.end is end]
        if sites:
            sheet.heading(word.capitalize(), plural(len(sites), "place"))
        for site in sites:
            sheet.line((site.place.cite(), styled), f"  {site.function}", indent=2)
            sheet.clipped(site.place.text, indent=4)
            sheet.paragraph(f"{site.closer} closes. {site.why}", indent=4)
    _changes(sheet, changes)
    if analysis.problems:
        sheet.heading("Passed over", plural(len(analysis.problems), "file"))
        for problem in analysis.problems:
            place = f"{problem.path}:{problem.line}" if problem.line else problem.path
            sheet.paragraph(f"{place}: {problem.reason}", indent=2)
    return sheet.render()


def _verdict(analysis: SourceAnalysis) -> str:
    if not analysis.sites:
        return (
            f"{analysis.name}: nothing can be said."
            if not analysis.basis
            else f"{analysis.name}: no close is logged."
        )
    counts = Counter(site.end for site in analysis.sites)
    told = ", ".join(f"{counts[end]:,} {word}" for end, (word, _) in _WORDS.items() if counts[end])
    blind = len(analysis.blind)
    head = f"{plural(blind, 'path')} {'loses' if blind == 1 else 'lose'} closes" if blind else "No blind path"
    return f"{analysis.name}: {head}. Of {plural(len(analysis.sites), 'place')}: {told}."


def _changes(sheet: Sheet, changes: Sequence[PathChange]) -> None:
    """The places that differ between two versions, and how many do not."""
    changed = [c for c in changes if c.before is not c.after]
    if changes:
        sheet.heading("Changed", f"{len(changed):,} of {plural(len(changes), 'place')}")
    for change in changed:
        before = _WORDS[change.before][0] if change.before else "not there"
        after = _WORDS[change.after][0] if change.after else "not there"
        sheet.paragraph(f"{change.place.cite()}  {change.name}: {before}, now {after}", indent=2)
