"""Puts the sections of a report in their order."""

from __future__ import annotations

from logaudit.model.location import Role
from logaudit.outputs.report.document import Document, Section
from logaudit.outputs.report.labels import COLUMNS
from logaudit.outputs.report.long_tables import Appendices
from logaudit.outputs.report.sections.closing import (
    checks,
    evidence,
    reproduce,
    statistics,
    todo,
    verification,
)
from logaudit.outputs.report.sections.failure_points import failure_points
from logaudit.outputs.report.sections.findings import findings
from logaudit.outputs.report.sections.health import collection, ledgers, works
from logaudit.outputs.report.sections.hypotheses import hypotheses
from logaudit.outputs.report.sections.impact import impact
from logaudit.outputs.report.sections.lead import lead
from logaudit.outputs.report.sections.limits import limits
from logaudit.outputs.report.sections.paths import blind_paths, divergence
from logaudit.outputs.report.sections.reconciliation import reconciliation
from logaudit.outputs.report.sections.summary import summary, title
from logaudit.outputs.report.sections.timeline import timeline
from logaudit.outputs.report.view import View

#: Words that renderers need themselves.
_WORDS = ("contents", "skip", "data", "evidence", "unread", "not-shown", "whole", "utc-unknown", "here")
_REGISTER = ("line", "byte", "role", "written", "utc", "sha256", "path", "member", "bytes", "records")


def compose(view: View) -> Document:
    """The whole report; sections that have nothing to say are left out."""
    appendices = Appendices()
    sections: list[Section | None] = [
        summary(view),
        impact(view, appendices),
        findings(view, appendices),
        timeline(view, appendices),
        reconciliation(view, appendices),
        failure_points(view),
        divergence(view, appendices),
        blind_paths(view),
        hypotheses(view),
        works(view),
        collection(view),
        ledgers(view, appendices),
        limits(view, appendices),
        todo(view),
        checks(view),
        verification(view, appendices),
        statistics(view),
        evidence(view, appendices),
        reproduce(view),
    ]
    sections.append(appendices.section(view))
    words = {key: view.text(f"word.{key}") for key in _WORDS}
    words |= {key: view.text(COLUMNS[key]) for key in _REGISTER}
    words |= {f"role.{role.value}": view.text(f"role.{role.value}") for role in Role}
    return Document(
        lang=view.speech.lang,
        title=title(view),
        lead=lead(view),
        sections=tuple(section for section in sections if section is not None),
        words=words,
    )
