"""What settings made of the findings, as plain data for JSON."""

from __future__ import annotations

from collections.abc import Callable

from logaudit.core.finding import Data, Finding
from logaudit.core.policy_result import KnownFinding
from logaudit.core.report import Report


def review_data(report: Report, finding_data: Callable[[Finding], dict[str, Data]]) -> dict[str, Data]:
    """The review's lists, keys in the documented order; ``finding_data`` lays one finding out."""
    review = report.review
    return {
        "baseline": review.baseline or None,
        "baselined": [finding_data(finding) for finding in review.baselined],
        "suppressed": [
            {**finding_data(item.finding), "reason": item.reason, "suppression": item.origin}
            for item in review.suppressed
        ],
        "vanished": [known_data(known) for known in review.vanished],
        "left_out": list(review.left_out),
        "hidden": review.hidden,
        "inconclusive": review.inconclusive,
    }


def known_data(known: KnownFinding) -> dict[str, Data]:
    """A finding that is only remembered."""
    return {
        "rule": known.rule,
        "name": known.name,
        "severity": known.severity.value,
        "message": known.message,
        "fingerprint": known.fingerprint,
    }
