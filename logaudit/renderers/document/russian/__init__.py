"""Says in Russian, from their data, what rules and statements say in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from logaudit.core.finding import Finding
from logaudit.renderers.document.russian import findings_logs
from logaudit.renderers.document.russian.finding_data import Told
from logaudit.renderers.document.russian.remarks import profile_evidence, remark
from logaudit.renderers.document.russian.statements import statement
from logaudit.renderers.document.translator import Translator

__all__ = ["finding", "profile_evidence", "remark", "statement"]

_FINDINGS: Final[dict[str, Callable[[Finding, Translator], Told]]] = {
    **findings_logs.FINDINGS,
}


def finding(one: Finding, say: Translator) -> Told | None:
    """A finding's message and remedy; None for a rule that is not known here, or a finding without data."""
    make = _FINDINGS.get(one.rule)
    return make(one, say) if make is not None and one.data else None
