"""Findings as CSV: one line each, those set apart by settings included and marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding
from logaudit.core.location import Location
from logaudit.core.report import Report
from logaudit.core.verdict import Verdict
from logaudit.renderers.csv_cells import cell, table
from logaudit.renderers.not_judged import not_judged
from logaudit.renderers.style import PLAIN, RenderStyle

FIELDS: Final = (
    "status", "severity", "rule", "name", "session", "run", "symbol", "side", "closed", "net_pnl", "message",
    "path", "member", "line", "places", "fingerprint", "reason",
)  # fmt: skip
_NUMBERS: Final = frozenset({"net_pnl", "line", "places"})


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """A header, then ``new``, ``known`` and ``suppressed`` findings; unknown values are empty cells.

    Where nothing was judged a line of status ``not-judged`` comes first.
    """
    lines = [[cell(text, number=name in _NUMBERS) for name, text in row.items()] for row in _rows(report)]
    return table([FIELDS, *lines])


def _rows(report: Report) -> Iterator[dict[str, str]]:
    if told := not_judged(report):
        status = Verdict.NOT_JUDGED.value
        yield dict.fromkeys(FIELDS, "") | {"status": status, "message": str(told)}
    for finding in report.findings:
        yield _row("new", finding, "")
    for finding in report.review.baselined:
        yield _row("known", finding, "")
    for item in report.review.suppressed:
        yield _row("suppressed", item.finding, item.reason)


def _row(status: str, finding: Finding, reason: str) -> dict[str, str]:
    place = finding.locations[0] if finding.locations else Location("")
    values = {name: finding.data.get(name) for name in ("symbol", "side", "closed", "net_pnl")}
    row = {
        "status": status,
        "severity": finding.severity.value,
        "rule": finding.rule,
        "name": finding.name,
        "session": finding.session,
        "run": finding.run,
        **{name: value if isinstance(value, str) else "" for name, value in values.items()},
        "message": str(finding.message),
        "path": place.path,
        "member": place.member,
        "line": str(place.line or ""),
        "places": str(len(finding.locations)),
        "fingerprint": finding.fingerprint,
        "reason": reason,
    }
    return {name: row[name] for name in FIELDS}
