"""Puts the sections of a report in their order."""

from __future__ import annotations

from logaudit.renderers.document.document import Document, Section
from logaudit.renderers.document.labels import COLUMNS
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.closing import (
    checks,
    exhibits,
    reproduce,
    statistics,
    todo,
    verification,
)
from logaudit.renderers.document.sections.failure_points import failure_points
from logaudit.renderers.document.sections.findings import findings
from logaudit.renderers.document.sections.health import collection, ledgers, works
from logaudit.renderers.document.sections.hypotheses import hypotheses
from logaudit.renderers.document.sections.impact import impact
from logaudit.renderers.document.sections.lead import lead
from logaudit.renderers.document.sections.limits import limits
from logaudit.renderers.document.sections.no_trades import no_trades
from logaudit.renderers.document.sections.paths import blind_paths, divergence
from logaudit.renderers.document.sections.reconciliation import reconciliation
from logaudit.renderers.document.sections.summary import summary, title, verdict
from logaudit.renderers.document.sections.timeline import timeline
from logaudit.renderers.document.state_labels import PAGE_WORDS, ROLES
from logaudit.renderers.document.view import View

#: Columns of the register of evidence.
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
        no_trades(view, appendices),
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
        exhibits(view, appendices),
        reproduce(view),
    ]
    sections.append(appendices.section(view))
    words = {key: view.text(word) for key, word in PAGE_WORDS.items()}
    words |= {key: view.text(COLUMNS[key]) for key in _REGISTER}
    words |= {f"role.{role.value}": view.text(word) for role, word in ROLES.items()}
    return Document(
        lang=view.translator.lang,
        title=title(view),
        lead=(verdict(view), *lead(view)),
        sections=tuple(section for section in sections if section is not None),
        words=words,
    )
