"""Reads a finding's or statement's data for a sentence: missing values become dashes, never errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from logaudit.core.finding import Data
from logaudit.core.money import parse_printed
from logaudit.renderers.document.document import Inline
from logaudit.renderers.document.translator import Translator, code, join, money, probability
from logaudit.renderers.wording import format_time

#: A message and what to do about it.
Told: TypeAlias = "tuple[Inline, Inline]"


class FindingData:
    """Data by key."""

    def __init__(self, data: Mapping[str, Data], say: Translator) -> None:
        self._data = data
        self.translator = say

    def text(self, key: str) -> str:
        """As text, empty where it is not given."""
        value = self._data.get(key)
        return "" if value is None or isinstance(value, list | dict) else str(value)

    def count(self, key: str) -> int:
        """A whole number, 0 where it is none."""
        value = self._data.get(key)
        return value if isinstance(value, int) else 0

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self._data.get(key)
        return value if isinstance(value, bool) else default

    def strings(self, key: str) -> list[str]:
        """A list of texts."""
        value = self._data.get(key)
        return [str(item) for item in value] if isinstance(value, list) else []

    def items(self, key: str) -> list[FindingData]:
        """A list of objects."""
        value = self._data.get(key)
        found = value if isinstance(value, list) else []
        return [FindingData(item, self.translator) for item in found if isinstance(item, dict)]

    def time(self, key: str) -> str:
        """A time with a space for its ``T``."""
        return format_time(self.text(key)) or "–"

    def money(self, key: str) -> str:
        """A signed amount."""
        return money(parse_printed(self.text(key)))

    def small(self, key: str) -> str:
        """A probability with two significant digits."""
        value = parse_printed(self.text(key))
        return "–" if value is None else probability(value)

    def names(self, key: str) -> Inline:
        """Names as code, joined by commas."""
        return join([code(name) for name in self.strings(key)], ", ") or self.translator.translate("none")

    def side(self) -> str:
        """``long``, ``short`` or that it is not known."""
        return self.text("side") or self.translator.text("unknown")
