"""Tells logaudit's own reports, left beside the evidence, apart from it: they repeat its trades and its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

#: What only a report names itself by, in JSON of any version, SARIF, JSON lines, XML, HTML and Markdown.
_SIGNED: Final = lazy_pattern(
    r'"tool"\s*:\s*\{\s*(?:"driver"\s*:\s*\{\s*)?"name"\s*:\s*"logaudit"'
    r'|<testsuites name="logaudit"'
    r"|^\| Made by \| logaudit ",
    re.MULTILINE,
)
#: A finding in a document: the code of a rule as the value of its key.
_FINDING: Final = lazy_pattern(r'"(?:rule|check_name)"\s*:\s*"LA\d{3}(?: [a-z-]+)?"')
#: Columns that stand side by side in tables of findings, of positions and of trades only.
_COLUMNS: Final = (
    "status,severity,rule,name,session,run,",
    "duration_sec,reason,emitter,state,",
    "reason,emitter,state,missing,ambiguous,",
)


def is_own_output(lines: Sequence[str]) -> bool:
    """Whether a file that begins with these lines is a report, or another table that logaudit wrote."""
    if not lines:
        return False
    first = lines[0].lstrip("\ufeff \t")
    if any(columns in first for columns in _COLUMNS):
        return True
    if first[:1] not in ("{", "[", "<", "#"):
        return False
    text = "\n".join(lines)
    return _SIGNED.search(text) is not None or (first[:1] in "{[" and _FINDING.search(text) is not None)
