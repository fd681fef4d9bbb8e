"""Sets suppressed findings apart, and reports suppressions that ended or cover nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from logaudit.audit.policy.policy import SuppressionRule
from logaudit.config import Suppression
from logaudit.core.finding import Finding
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.policy_result import Suppressed

_TOKEN: Final = lazy_pattern(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|.", re.DOTALL)
_SAID: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(pattern: str, path: str) -> bool:
    """Whether a ``/`` path fits; a pattern without ``/`` fits a name in any folder, as in ignore files."""
    return _regex(pattern).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    shaped = pattern.replace("\\", "/").removeprefix("./")
    if "/" not in shaped.rstrip("/"):
        shaped = f"**/{shaped}"
    if shaped.endswith("/"):
        shaped += "**"
    return re.compile("".join(_piece(token) for token in _TOKEN.findall(shaped)), re.DOTALL)


def _piece(token: str) -> str:
    if token in _SAID:
        return _SAID[token]
    if token.startswith("[") and token.endswith("]") and len(token) > 1:
        inner = token[1:-1]
        negated = inner.startswith("!")
        listed = inner.removeprefix("!").replace("\\", "\\\\").replace("^", "\\^").replace("[", "\\[")
        return f"[{'^' if negated else ''}{listed}]"
    return re.escape(token)


def suppress(
    findings: Sequence[Finding], rules: Sequence[SuppressionRule], today: date
) -> tuple[Sequence[Finding], list[Suppressed], list[Finding]]:
    """Kept findings, suppressed ones, and findings about the suppressions themselves.

    A suppression holds through its ``until`` day. Of several that cover a finding the first is named, and
    all count as used.
    """
    if not rules:
        return findings, [], []
    alive = [r for r in rules if r.suppression.until is None or today <= r.suppression.until]
    used: set[str] = set()
    kept: list[Finding] = []
    apart: list[Suppressed] = []
    for finding in findings:
        covering = [r for r in alive if _covers(r, finding)]
        used |= {r.origin for r in covering}
        if covering:
            apart.append(Suppressed(finding, covering[0].suppression.reason, covering[0].origin))
        else:
            kept.append(finding)
    return kept, apart, _about(rules, alive, used)


def _about(
    rules: Sequence[SuppressionRule], alive: Sequence[SuppressionRule], used: set[str]
) -> list[Finding]:
    """Findings about suppressions that have run out, or cover nothing."""
    from logaudit.rules.la903_expired_suppression import expired  # noqa: PLC0415 - see `logaudit.audit.policy.codes`
    from logaudit.rules.la904_unused_suppression import unused  # noqa: PLC0415 - as above

    about = [
        expired(r.origin, said(r.suppression), str(r.suppression.until), r.suppression.reason)
        for r in rules
        if r not in alive
    ]
    about += [
        unused(r.origin, said(r.suppression), r.suppression.reason) for r in alive if r.origin not in used
    ]
    return about


def said(item: Suppression) -> str:
    """What a suppression names, in words."""
    parts = (("rule", item.rule), ("path", item.path), ("fingerprint", item.fingerprint))
    return ", ".join(f"{name} {value}" for name, value in parts if value)


def _covers(rule: SuppressionRule, finding: Finding) -> bool:
    item = rule.suppression
    if rule.codes and finding.rule not in rule.codes:
        return False
    if item.fingerprint and item.fingerprint.lower() != finding.fingerprint:
        return False
    if not item.path:
        return True
    place = finding.locations[0] if finding.locations else None
    return place is not None and (matches(item.path, place.path) or matches(item.path, str(place.address)))
