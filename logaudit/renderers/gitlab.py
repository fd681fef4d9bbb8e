"""GitLab Code Quality: the JSON that a merge request's widget compares."""

from __future__ import annotations

import hashlib
from typing import Final

from logaudit.core.finding import Data, Finding, Severity
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.renderers.json_text import dumps
from logaudit.renderers.locations import Places, cited, numbered

_SEVERITY: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report) -> str:
    """A list of issues, one for each finding; equal fingerprints are told apart, or GitLab would merge them."""
    places = Places(report)
    return dumps([_issue(finding, number, places) for finding, number in numbered(report.findings)])


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
