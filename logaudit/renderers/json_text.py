"""Writes JSON that any terminal may show: control, bidi and other unprintable characters are escaped."""

from __future__ import annotations

import json
from decimal import Decimal

from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.money import format_decimal


def dumps(value: Data) -> str:
    r"""``value`` as JSON text: keys in the order given, two spaces a level, a newline at the end.

    Letters of every alphabet stay readable; what `str.isprintable` refuses becomes ``\uXXXX``, as a
    surrogate pair above U+FFFF, so a parser reads the same text back.
    """
    return escape_unprintable(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def escape_unprintable(text: str) -> str:
    """JSON text with what is not printable escaped; newlines, by now the layout's own, stay."""
    hostile = {ord(c): json.dumps(c)[1:-1] for c in set(text) if not c.isprintable() and c != "\n"}
    return text.translate(hostile)


def null_if_empty(text: str) -> str | None:
    """``text``, or None where the empty string stands for something that is not known."""
    return text or None


def digits(value: Decimal | None) -> str | None:
    """A number with its own digits, None where it is not known."""
    return None if value is None else format_decimal(value)


def location(place: Location | None) -> Data:
    """A cited place as an object, None for none."""
    if place is None:
        return None
    return {
        "path": place.path,
        "member": null_if_empty(place.member),
        "line": place.line or None,
        "role": place.role.value,
        "text": place.text,
    }
