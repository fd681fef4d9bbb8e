"""A baseline for people: how much of which rule it knows, then every entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from logaudit.core.policy_result import KnownFinding
from logaudit.core.text import plural, printable


def render(name: str, tool_version: str, findings: Sequence[KnownFinding]) -> str:
    """Lines of text, printable whatever the baseline quotes."""
    by = f", made by logaudit {printable(tool_version)}" if tool_version else ""
    lines = [f"{printable(name)}: {plural(len(findings), 'known finding')}{by}"]
    counts = Counter((known.rule, known.name) for known in findings)
    lines += [
        f"  {count:>5,}  {printable(rule)} {printable(title)}"
        for (rule, title), count in sorted(counts.items())
    ]
    lines += [
        printable(f"{known.fingerprint}  {known.severity.value:<7}  {known.rule}  {known.message}")
        for known in findings
    ]
    return "\n".join(lines) + "\n"
