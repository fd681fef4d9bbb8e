"""Writes JSON that any terminal may show: control, bidi and other unprintable characters are escaped."""

from __future__ import annotations

import json

from logaudit.model.finding import Data
from logaudit.model.location import Location


def dumps(value: Data) -> str:
    r"""``value`` as JSON text: keys in the order given, two spaces a level, a newline at the end.

    Letters of every alphabet stay readable; what `str.isprintable` refuses becomes ``\uXXXX``, as a
    surrogate pair above U+FFFF, so a parser reads the same text back.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    # Newlines inside strings are escaped by now: those that are left are the layout's own.
    hostile = {ord(c): json.dumps(c)[1:-1] for c in set(text) if not c.isprintable() and c != "\n"}
    return text.translate(hostile) + "\n"


def known(text: str) -> str | None:
    """``text``, or None where the empty string stands for something that is not known."""
    return text or None


def location(place: Location | None) -> Data:
    """A cited place as an object, None for none."""
    if place is None:
        return None
    return {
        "path": place.path,
        "member": known(place.member),
        "line": place.line or None,
        "role": place.role.value,
        "text": place.text,
    }
