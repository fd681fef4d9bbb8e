"""JSON lines: one object a line, told apart by ``type``; the objects are those of a scan's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from logaudit.core.finding import Data
from logaudit.core.report import Report
from logaudit.core.verdict import verdict_of
from logaudit.renderers import json_report
from logaudit.renderers.json_fields import struct_data
from logaudit.renderers.json_text import escape_unprintable
from logaudit.renderers.style import PLAIN, RenderStyle


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """A ``scan`` line, then ``finding``, ``baselined``, ``suppressed``, ``vanished`` and ``trade`` lines."""
    return "".join(
        escape_unprintable(json.dumps(item, ensure_ascii=False, allow_nan=False)) + "\n"
        for item in _items(report)
    )


def _items(report: Report) -> Iterator[dict[str, Data]]:
    review = report.review
    yield {
        "type": "scan",
        "schema_version": json_report.SCHEMA_VERSION,
        "tool": {"name": "logaudit", "version": report.tool_version},
        "verdict": verdict_of(report).value,
        "summary": json_report.summary_data(report),
    }
    for finding in report.findings:
        yield {"type": "finding", **struct_data(finding)}
    for finding in review.baselined:
        yield {"type": "baselined", **struct_data(finding)}
    for item in review.suppressed:
        yield {"type": "suppressed", **struct_data(item.finding), "reason": item.reason}
    for known in review.vanished:
        yield {"type": "vanished", **struct_data(known)}
    for trade in report.trades:
        yield {"type": "trade", **struct_data(trade)}
