"""What a rule needs at hand to say anything about a session."""

from __future__ import annotations

from typing import Final

from logaudit.core.policy_result import RulePage
from logaudit.rules import REGISTRY

_LEDGER_ALONE: Final = frozenset({"LA203", "LA204", "LA206"})
_LOGS_ALONE: Final = frozenset(
    {
        "LA108",
        "LA111",
        "LA201",
        "LA304",
        "LA402",
        "LA403",
        "LA404",
        "LA405",
        "LA406",
        "LA407",
        "LA501",
        "LA502",
        "LA503",
    }
)
_NOTHING: Final = frozenset({"LA401", "LA901", "LA902", "LA903", "LA904", "LA905"})


def rulebook() -> tuple[RulePage, ...]:
    """Every rule with its page and its needs, in the order of codes."""
    return tuple(
        RulePage(
            code=r.rule.code,
            name=r.rule.name,
            severity=r.rule.severity,
            summary=r.rule.summary,
            page=r.page,
            needs_logs=r.rule.code not in _LEDGER_ALONE | _NOTHING,
            needs_ledger=r.rule.code not in _LOGS_ALONE | _NOTHING,
        )
        for r in REGISTRY
    )
