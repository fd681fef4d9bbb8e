"""GitLab Code Quality: the JSON that a merge request's widget compares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Data, Finding, Severity, fingerprint
from logaudit.core.location import Location
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.verdict import Verdict
from logaudit.renderers.json_text import dumps
from logaudit.renderers.locations import Places, cited, numbered
from logaudit.renderers.not_judged import not_judged
from logaudit.renderers.style import PLAIN, RenderStyle

_SEVERITY: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """A list of issues, one for each finding; equal fingerprints are told apart, or GitLab would merge them."""
    places = Places(report)
    issues = [_issue(finding, number, places) for finding, number in numbered(report.findings)]
    return dumps([*_not_judged(report, places), *issues])


def _not_judged(report: Report, places: Places) -> Iterator[Data]:
    """An issue that nothing was judged: an empty list would look like success."""
    if (told := not_judged(report)) is not None and report.not_judged is not None:
        yield {
            "description": str(told),
            "check_name": Verdict.NOT_JUDGED.value,
            "fingerprint": fingerprint(Verdict.NOT_JUDGED.value, report.not_judged.reason.value),
            "severity": _SEVERITY[Severity.ERROR],
            "location": {"path": places.stable(Location("")), "lines": {"begin": 1}},
        }


def _issue(finding: Finding, number: int, places: Places) -> Data:
    place = places.of(finding)
    evidence = f" [{cited(finding.locations)}]" if finding.locations else ""
    return {
        "description": printable(str(finding.message)) + evidence,
        "check_name": f"{finding.rule} {finding.name}",
        "fingerprint": _fingerprint(finding.fingerprint, number),
        "severity": _SEVERITY[finding.severity],
        "location": {"path": printable(places.stable(place)), "lines": {"begin": max(place.line, 1)}},
    }


def _fingerprint(text: str, number: int) -> str:
    return text if number == 1 else hashlib.sha256(f"{text}:{number}".encode()).hexdigest()[: len(text)]
