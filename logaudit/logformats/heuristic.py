"""Recognises lines that begin like a record although no log format at hand explains them."""

from __future__ import annotations

import re
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.logformats.fields import USUAL_LEVELS

#: A date with a time, a bracketed time, or a time with a fraction, after at most a bracket and a level.
_STAMPED: Final = lazy_pattern(
    rf"""
    [\[(<{{"']{{0,2}}\s?
    (?:(?i:{"|".join(USUAL_LEVELS)})[\])]?[\s|:\-]{{1,3}}[\[(]?\s?)?
    (?:
        (?:
            [0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}
          | [0-9]{{1,2}}[-/.](?:[0-9]{{1,2}}|[A-Za-z]{{3}})[-/.](?:[0-9]{{4}}|[0-9]{{2}})
          | (?:[A-Z][a-z]{{2}},?\s)?[A-Z][a-z]{{2}}\s{{1,2}}[0-9]{{1,2}}(?:,?\s[0-9]{{4}})?
          | (?:[A-Z][a-z]{{2}},?\s)?[0-9]{{1,2}}\s[A-Z][a-z]{{2}}\s[0-9]{{4}}
        )
        (?:T|_|-|,?\s{{1,2}}(?:at\s)?)[0-9]{{1,2}}[:.-][0-9]{{2}}
      | (?<=[\[(])[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}
      | [0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:[.,][0-9]{{3}}|\s[|\-\[]|\s[A-Z]{{4,8}}\b)
    )
    """,
    re.VERBOSE,
)
_JSON_START: Final = lazy_pattern(r'\{\s?"text":\s?"')


def looks_stamped(line: str) -> bool:
    """Whether a line begins like a record of some log format, known or not: with a date or a bracketed time."""
    return (_STAMPED.match(line, 0, 80) or _JSON_START.match(line)) is not None
