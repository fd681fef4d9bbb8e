"""One scan shown in every form there is: what absurd evidence must survive from the first byte to the last."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from logaudit.audit.diff import compare, of_report
from logaudit.audit.pipeline import run
from logaudit.audit.policy import apply_policy
from logaudit.audit.prepare import check
from logaudit.cache import Store
from logaudit.config import resolve
from logaudit.core.report import Report
from logaudit.ingest.executor import Progress
from logaudit.renderers import diff_json, diff_text, document, positions, registry, step_summary
from logaudit.renderers.style import RenderStyle
from logaudit.rules import rulebook

STYLE = RenderStyle(
    color=True, width=100, unicode=True, verbose=True, rulebook=rulebook, command="logaudit scan"
)
NOW = datetime(2026, 3, 1, tzinfo=UTC).isoformat()


def shown(outcome: Report) -> dict[str, str | bytes]:
    """The outcome in every form, by name."""
    same = compare(of_report(outcome, "a"), of_report(outcome, "b"))
    return {
        **{name: registry.renderer(name).render(outcome, STYLE) for name in registry.formats()},
        **{f"{form} ru": document.render(outcome, form, lang="ru") for form in ("md", "html")},
        **{
            f"{what} {form}": positions.render(outcome, what, form)
            for what in ("positions", "trades")
            for form in ("table", "csv", "json", "parquet")
        },
        "step summary": step_summary.render(outcome),
        "diff": diff_text.render(same, color=False, width=100, unicode=True) + diff_json.render(same),
    }


def everything(folder: Path, store: Store | None = None, **settings: object) -> Report:
    """The reviewed outcome of a folder, after every renderer has shown it; gates of age and coverage are on."""
    flags = {"jobs": 1, "max-age": "9w", "require-coverage": 0.5, **settings}
    resolved = resolve(flags, {}, folder, discover=False)
    options, policy = check(resolved, NOW)
    outcome = apply_policy(run([str(folder)], options, Progress, store), policy)
    shown(outcome)
    return outcome
