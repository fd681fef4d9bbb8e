"""Captured texts → typed values: the one place where a log's numbers, sides and counts are parsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.events import Captures, Value, captures_of
from logaudit.core.fields import NUMBERS, FieldName, PositionSide, Unread
from logaudit.core.money import parse_decimal
from logaudit.core.text import quote

_NUMBERS: Final = frozenset(NUMBERS)
_QUOTED: Final = 80
_LONGEST_COUNT: Final = 18


def capture(texts: Mapping[FieldName, str], sides: Mapping[str, str]) -> Captures:
    """The values of one line.

    Args:
        texts: what a pattern captured, none of it empty.
        sides: lower-case word → ``long`` or ``short``.
    """
    return captures_of({name: _value(name, text, sides) for name, text in texts.items()})


def _value(name: FieldName, text: str, sides: Mapping[str, str]) -> Value:
    if name in _NUMBERS:
        number = parse_decimal(text)
        return _unread(name, text) if number is None else number
    if name is FieldName.SIDE:
        word = sides.get(text.strip().lower())
        return _unread(name, text) if word is None else PositionSide(word)
    if name is FieldName.COUNTER:
        digits = text.replace(",", "")
        return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_COUNT else _unread(name, text)
    return text


def _unread(name: FieldName, text: str) -> Unread:
    return Unread(name, quote(text, _QUOTED))
