"""JSON, version 2: the whole report for machines, as docs/json.md and its schema describe it."""

from __future__ import annotations

from collections.abc import Mapping

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Data
from logaudit.core.report import Report
from logaudit.core.source_code import SourceAnalysis
from logaudit.core.verdict import verdict_of
from logaudit.renderers.json_fields import data_of, struct_data
from logaudit.renderers.json_text import dumps_parts
from logaudit.renderers.style import PLAIN, RenderStyle

SCHEMA_VERSION = 2


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """The report as JSON text, byte for byte the same for the same report.

    Money is a decimal string with its printed digits; times are ISO 8601 as written; what is not known is
    null. The scanned roots are left out: they are paths of one machine.
    """
    content: dict[str, object] = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "logaudit", "version": report.tool_version},
        "profile": ", ".join(dict.fromkeys(choice.name for choice in report.profiles)),
        "summary": summary_data(report),
        "runs": report.runs,
        "ledgers": report.ledgers,
        "clocks": report.clocks,
        "coverage": report.coverage,
        "healthy": report.healthy,
        "trades": report.trades,
        "diagnosis": _diagnosis(report.diagnosis),
        "findings": report.findings,
        "skipped": report.skipped,
        "verdict": verdict_of(report).value,
        "unjudged": report.unjudged,
        "sources": report.sources,
        "profiles": report.profiles,
        "review": _review(report),
        "repeats": report.repeats,
        "files": report.files,
    }
    if report.code:
        content["code"] = code_data(report.code)
    # Only of the diagnosis people read the sentences.
    return dumps_parts(content, lambda key, value: data_of(value, spaced=key == "diagnosis"))


def code_data(code: Mapping[str, SourceAnalysis]) -> Data:
    """What the bot's source says, session by session."""
    return [{"session": session, **struct_data(analysis)} for session, analysis in code.items()]


def summary_data(report: Report) -> dict[str, Data]:
    """The totals, with how many findings settings set apart."""
    review = report.review
    return struct_data(report.summary) | {
        "baselined": len(review.baselined),
        "suppressed": len(review.suppressed),
        "vanished": len(review.vanished),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, object]:
    """Every part, its sentences as people read them."""
    return {
        "blind_paths": tuple(path for session in diagnosis.blind_paths for path in session.paths),
        "failure_points": diagnosis.failure_points,
        "hypotheses": diagnosis.hypotheses,
        "divergences": diagnosis.divergences,
        "impact": diagnosis.impacts,
        "separations": diagnosis.separations,
        "next_checks": diagnosis.next_checks,
        "headline": diagnosis.headline,
        "abstained": tuple(
            {"session": one.session, "why": one.abstained}
            for one in diagnosis.blind_paths
            if one.abstained is not None
        ),
    }


def _review(report: Report) -> Data:
    """What settings made of the findings."""
    review = report.review
    return {
        "baseline": review.baseline or None,
        "baselined": data_of(review.baselined),
        "suppressed": [
            struct_data(item.finding) | {"reason": item.reason, "suppression": item.origin}
            for item in review.suppressed
        ],
        "vanished": data_of(review.vanished),
        "left_out": list(review.left_out),
        "hidden": review.hidden,
        "inconclusive": review.inconclusive,
    }
