"""JSON lines: one object a line, told apart by ``type``; the objects are those of JSON, version 1."""

from __future__ import annotations

import json
from collections.abc import Iterator

from logaudit.model.finding import Data
from logaudit.model.outcome import Outcome
from logaudit.outputs import json_v1
from logaudit.outputs.jsontext import shown
from logaudit.outputs.review_json import known_data


def render(outcome: Outcome) -> str:
    """A ``scan`` line, then ``finding``, ``baselined``, ``suppressed``, ``vanished`` and ``trade`` lines."""
    return "".join(
        shown(json.dumps(item, ensure_ascii=False, allow_nan=False)) + "\n" for item in _items(outcome)
    )


def _items(outcome: Outcome) -> Iterator[dict[str, Data]]:
    review = outcome.review
    yield {
        "type": "scan",
        "schema_version": json_v1.SCHEMA_VERSION,
        "tool": {"name": "logaudit", "version": outcome.tool_version},
        "summary": json_v1.summary_data(outcome),
    }
    for finding in outcome.findings:
        yield {"type": "finding", **json_v1.finding_data(finding)}
    for finding in review.baselined:
        yield {"type": "baselined", **json_v1.finding_data(finding)}
    for item in review.suppressed:
        yield {"type": "suppressed", **json_v1.finding_data(item.finding), "reason": item.reason}
    for known in review.vanished:
        yield {"type": "vanished", **known_data(known)}
    for trade in outcome.trades:
        yield {"type": "trade", **json_v1.trade_data(trade)}
