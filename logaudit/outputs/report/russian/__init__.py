"""Says in Russian, from their data, what rules and statements say in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from logaudit.model.finding import Finding
from logaudit.outputs.report.russian import findings_ledgers, findings_logs
from logaudit.outputs.report.russian.given import Told
from logaudit.outputs.report.russian.remarks import evidence, remark
from logaudit.outputs.report.russian.statements import statement
from logaudit.outputs.report.speech import Speech

__all__ = ["evidence", "finding", "remark", "statement"]

_FINDINGS: Final[dict[str, Callable[[Finding, Speech], Told]]] = {
    **findings_ledgers.FINDINGS,
    **findings_logs.FINDINGS,
}


def finding(one: Finding, say: Speech) -> Told | None:
    """A finding's message and remedy; None for a rule that is not known here, or a finding without data."""
    make = _FINDINGS.get(one.rule)
    return make(one, say) if make is not None and one.data else None
