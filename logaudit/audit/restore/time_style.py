"""How a column of a ledger writes its times, found by writing times that are known and comparing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import SECOND, Stamp

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DATES: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y",
)  # fmt: skip
_JOINS: Final = ("T", " ", "_", ", ", "")
_CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%H%M%S")
_FRACTION: Final = lazy_pattern(r"(?:(?<=:\d\d)|(?<=\d{6}))([.,])(\d{1,9})(?=\D|$)")
_SUFFIX: Final = lazy_pattern(r"(?:Z|\s?(?:UTC|GMT)|\s?[+-]\d\d:?\d\d|\s[A-Z]{3,4})$")
_NUMBER: Final = lazy_pattern(r"\d{9,19}(?:\.(\d+))?", re.ASCII)
#: Digits of a fraction that a time with so many µs a step prints.
_DIGITS: Final = {1: 6, 10: 5, 100: 4, 1_000: 3, 10_000: 2, 100_000: 1}


class TimeStyle(Struct, frozen=True):
    """How times are written.

    Attributes:
        pattern: for `strftime`; empty for a number since 1970.
        sign: of the fraction; digits: of the fraction, the most that are written, or of the number's fraction.
        suffix: what follows, such as ``Z``.
        per_second: units of the number a second.
    """

    pattern: str
    sign: str = "."
    digits: int = 0
    suffix: str = ""
    per_second: int = 0

    def text(self, at: Stamp) -> str:
        """``at`` as the column writes it; no digit is written that ``at`` does not have."""
        if not self.pattern:
            whole, rest = divmod(at.us * self.per_second, SECOND)
            fraction = f"{rest:06d}"[: self.digits].ljust(self.digits, "0") if self.digits else ""
            return f"{whole}.{fraction}" if fraction else str(whole)
        moment = _EPOCH + timedelta(microseconds=at.us)
        known = min(self.digits, _DIGITS.get(at.precision, 0))
        fraction = f"{self.sign}{moment.microsecond:06d}"[: known + 1] if known else ""
        return moment.strftime(self.pattern) + fraction + self.suffix


#: Where no row shows a style.
ISO: Final = TimeStyle("%Y-%m-%dT%H:%M:%S", digits=6)


def time_style(samples: Sequence[tuple[str, Stamp]]) -> TimeStyle | None:
    """The style in which every sample (text, what it means) is written; None where there is none."""
    if not samples:
        return ISO
    return _number_style(samples) or _text_style(samples)


def _number_style(samples: Sequence[tuple[str, Stamp]]) -> TimeStyle | None:
    matches = [_NUMBER.fullmatch(text) for text, _ in samples]
    digits = {len(match[1] or "") for match in matches if match}
    if None in matches or len(digits) != 1:
        return None
    found = (TimeStyle("", digits=min(digits), per_second=unit) for unit in (1, 1_000, 1_000_000))
    return next((style for style in found if all(style.text(at) == text for text, at in samples)), None)


def _text_style(samples: Sequence[tuple[str, Stamp]]) -> TimeStyle | None:
    suffixes = {_suffix(text) for text, _ in samples}
    if len(suffixes) != 1:
        return None
    suffix = suffixes.pop()
    bare = [(text.removesuffix(suffix), at) for text, at in samples]
    fractions = [match for text, _ in bare if (match := _FRACTION.search(text))]
    whole = [(_FRACTION.sub("", text), _EPOCH + timedelta(microseconds=at.us)) for text, at in bare]
    pattern = next((p for p in _patterns() if all(at.strftime(p) == text for text, at in whole)), None)
    if pattern is None:
        return None
    digits = max((len(match[2]) for match in fractions), default=0)
    return TimeStyle(pattern, fractions[0][1] if fractions else ".", digits, suffix)


def _patterns() -> Iterable[str]:
    yield from (date + join + clock for date, join, clock in product(_DATES, _JOINS, _CLOCKS))
    yield from _CLOCKS
    yield from _DATES


def _suffix(text: str) -> str:
    match = _SUFFIX.search(text)
    return match[0] if match and ":" in text else ""
