"""SARIF 2.1.0, as GitHub code scanning reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from logaudit.core.docs_url import rule_url
from logaudit.core.finding import Data, Finding, Severity
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.core.policy_result import RulePage
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.verdict import Verdict
from logaudit.renderers.json_text import dumps
from logaudit.renderers.locations import Places, cited, numbered, uri
from logaudit.renderers.not_judged import not_judged
from logaudit.renderers.style import RenderStyle

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
#: GitHub refuses a file with more results.
_RESULTS: Final = 25_000
_RELATED: Final = 50
#: How grave alerts of a severity are to GitHub, which sorts by it.
_PROBLEM: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_BRACKETS: Final = lazy_pattern(r"[\[\]]")


def render(report: Report, style: RenderStyle) -> str:
    """The findings as SARIF; those a baseline knows are marked unchanged, suppressed ones are left out.

    A result's first location is a stable name (`places.Places.stable`), so that an alert stays one alert
    while its log is rotated; the real file, member and line stand in its message and related locations.
    """
    places = Places(report)
    rulebook = style.rulebook()
    index = {rule.code: number for number, rule in enumerate(rulebook)}
    known = {id(finding) for finding in report.review.baselined}
    findings = sorted([*report.findings, *report.review.baselined], key=lambda finding: finding.severity.rank)
    results = [
        _result(finding, number, places, index, _state(report, known=id(finding) in known))
        for finding, number in numbered(findings[:_RESULTS])
    ]
    return dumps(
        {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "logaudit",
                            "version": report.tool_version,
                            "semanticVersion": report.tool_version,
                            "rules": [_rule(rule) for rule in rulebook],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "invocations": [_invocation(report, len(findings) - len(results))],
                    "results": results,
                }
            ],
        }
    )


def _rule(rule: RulePage) -> Data:
    sections = _sections(rule.page)
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(sections.get("What it finds", rule.summary).split())},
        "helpUri": rule_url(rule.code),
        "help": {"text": rule.page, "markdown": rule.page.replace("\n# ", "\n## ")},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": ["ledger", rule.name], "problem.severity": _PROBLEM[rule.severity]},
    }


def _sections(page: str) -> Mapping[str, str]:
    """Heading → text of a rule's page."""
    parts = re.split(r"^# (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def _state(report: Report, *, known: bool) -> str:
    """SARIF's word for a finding against the baseline; empty without one."""
    return "" if not report.review.baseline else "unchanged" if known else "new"


def _result(finding: Finding, number: int, places: Places, index: Mapping[str, int], state: str) -> Data:
    evidence = f"\nEvidence: {cited(finding.locations)}" if finding.locations else ""
    result: dict[str, Data] = {"ruleId": finding.rule}
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    result |= {
        "level": finding.severity.value,
        "message": {"text": _text(printable(str(finding.message)) + evidence)},
        "locations": [{"physicalLocation": _physical(places.stable(places.of(finding)), places.of(finding))}],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.fingerprint}:{number}"},
    }
    related: list[Data] = [_related(i, place) for i, place in enumerate(finding.locations[:_RELATED])]
    if related:
        result["relatedLocations"] = related
    if state:
        result["baselineState"] = state
    return result


def _related(number: int, place: Location) -> Data:
    quoted = f": {printable(place.text)}" if place.text else ""
    return {
        "id": number,
        "physicalLocation": _physical(place.path, place),
        "message": {"text": _text(f"{place.role.value} {printable(place.cite())}{quoted}")},
    }


def _physical(path: str, place: Location) -> Data:
    line = max(place.line, 1)
    return {
        "artifactLocation": {"uri": uri(path)},
        "region": {
            "startLine": line,
            "startColumn": 1,
            "endLine": line,
            "endColumn": max(len(place.text), 1) + 1,
        },
    }


def _invocation(report: Report, left_out: int) -> Data:
    if told := not_judged(report):
        said: Data = {"level": "error", "message": {"text": _text(str(told))}}
        return {
            "executionSuccessful": False,
            "exitCode": report.review.exit_code,
            "exitCodeDescription": Verdict.NOT_JUDGED.value,
            "toolExecutionNotifications": [said],
        }
    if not left_out:
        return {"executionSuccessful": True}
    words = f"{left_out:,} findings of the lowest severity are left out: a file holds at most {_RESULTS:,}."
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": words}}],
    }


def _text(text: str) -> str:
    """Plain message text: brackets would make links."""
    return _BRACKETS.sub(r"\\\g<0>", text)
