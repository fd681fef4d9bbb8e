"""What single cells of a table say: blanks, numbers, words for yes and no."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.money import parse_decimal, total

#: How writers print a value they do not have.
BLANK_WORDS: Final = frozenset(
    {"", "none", "null", "nan", "nat", "<na>", "n/a", "na", "#n/a", "-", "--", "—", "–"}
)
YES: Final = frozenset({"1", "1.0", "true", "t", "yes", "y"})
NO: Final = frozenset({"0", "0.0", "false", "f", "no", "n"})
_WITH_UNIT: Final = lazy_pattern(r"(\S+)\s+[A-Za-z]{2,10}")
_CLOCKWISE: Final = lazy_pattern(r"(\d{1,9}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)", re.ASCII)


def is_blank(text: str) -> bool:
    """Whether a cell shows that there is no value."""
    return not text or text.strip().lower() in BLANK_WORDS


def unusual_number(name: str, text: str) -> Decimal | None:
    """Less usual spellings: a currency after the number, ``0:20:12`` as a duration."""
    if name == "duration_sec":
        clock = _CLOCKWISE.fullmatch(text)
        parts = clock and (int(clock[1]) * 3600, int(clock[2]) * 60, clock[3])
        return total(map(Decimal, parts)) if parts else None
    unit = _WITH_UNIT.fullmatch(text)
    return None if unit is None else parse_decimal(unit[1])
