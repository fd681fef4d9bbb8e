"""Marks in place of credentials, and the numbers that tell equal ones within a report.

While sources are read a mark holds a tag of its value, which tells equal values of different sources. Whatever is
shown or kept holds numbers in place of tags, in order of place: `Numbering` sees to that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import is_not
from types import NoneType
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.rows import Rows
from logaudit.core.secrets.kinds import SecretKind
from logaudit.core.secrets.recognise import Secret, find_secrets

_KINDS: Final = frozenset(kind.value for kind in SecretKind)

_TAG_BYTES: Final = 6
_BEGIN: Final = "«redacted:"
#: What every mark begins with, UTF-8.
MARK_BYTES: Final = _BEGIN.encode()
#: Types of values that hold no text.
_PLAIN: Final = frozenset({NoneType, bool, int, float, Decimal, date})
_MARK: Final = lazy_pattern(r"«redacted:([a-z-]{1,20})#(t?[0-9a-f]{1,12})»")


def redact(text: str) -> str:
    """``text`` with each credential replaced by a mark that tells equal values; not for output as it is."""
    return _replaced(text, lambda secret: mark(secret.kind, secret.value))


def mark(kind: SecretKind, value: str) -> str:
    """What stands in place of a credential, as `redact` has it."""
    return f"{_BEGIN}{kind.value}#t{_tag(value)}»"


def redact_unnumbered(text: str) -> str:
    """``text`` with each credential replaced by its kind: for wordings that are compared and masked."""
    return _replaced(text, lambda secret: f"{_BEGIN}{secret.kind.value}»")


def cut(text: str, limit: int, end: str) -> str:
    """The first ``limit`` characters, ``end`` included where more follow; a mark is cut as a whole."""
    if len(text) <= limit:
        return text
    kept = text[: limit - len(end)]
    begin = kept.rfind(_BEGIN[0])
    torn = (
        begin >= 0 and "»" not in kept[begin:] and kept[begin:].startswith(_BEGIN[: limit - len(end) - begin])
    )
    return (kept[:begin] if torn else kept) + end


def kinds_marked(text: str) -> list[SecretKind]:
    """The kinds of the marks in a text, each once."""
    if _BEGIN not in text:
        return []
    return sorted({SecretKind(match[1]) for match in _MARK.finditer(text) if match[1] in _KINDS})


def without_numbers(text: str) -> str:
    """``text`` with marks that tell the kind alone: what is the same in every report."""
    return _MARK.sub(rf"{_BEGIN}\1»", text) if _BEGIN in text else text


class Numbering:
    """Numbers the marks of one report in the order in which it meets them, and marks what was not redacted yet."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._harmless: set[str] = set()

    def text(self, text: str) -> str:
        """``text`` without credentials, its marks numbered."""
        if text in self._harmless:
            return text
        shown = redact(text)
        if _BEGIN in shown:
            return _MARK.sub(self._numbered, shown)
        self._harmless.add(text)
        return shown

    def _numbered(self, match: re.Match[str]) -> str:
        number = self._numbers.setdefault(match[2], len(self._numbers) + 1)
        return f"{_BEGIN}{match[1]}#{number}»"


def walk(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - the type of what goes in
    """Structs, tuples, lists and dicts with each of their texts changed; what does not change stays the same object.

    Enums and the names of fields stay as they are. A report of many losses holds millions of values: plain ones are
    told by their type first.
    """
    kind = type(value)
    if kind is str:
        return change(value)
    if kind in _PLAIN or not value:
        return value
    fresh = value = tuple(value) if kind is Rows else value
    if isinstance(value, Struct):
        pairs = [(name, getattr(value, name)) for name in value.__struct_fields__]
        changed = {name: new for name, old in pairs if (new := walk(old, change)) is not old}
        fresh = replace(value, **changed) if changed else value
    elif isinstance(value, tuple | list):
        items = [walk(item, change) for item in value]
        if any(map(is_not, items, value)):
            fresh = items if isinstance(value, list) else _tuple_like(value, items)
    elif isinstance(value, dict):
        named = [(walk(key, change), walk(item, change)) for key, item in value.items()]
        if any(a is not b or c is not d for (a, c), (b, d) in zip(named, value.items(), strict=True)):
            fresh = dict(named)
    return fresh


def _tuple_like(value: tuple[Any, ...], items: list[Any]) -> tuple[Any, ...]:
    make = getattr(value, "_make", tuple)
    made: tuple[Any, ...] = make(items)
    return made


def _tag(value: str) -> str:
    return hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=_TAG_BYTES).hexdigest()


def _replaced(text: str, marked: Callable[[Secret], str]) -> str:
    found = find_secrets(text)
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for secret in found:
        parts += (text[at : secret.start], marked(secret))
        at = secret.end
    return "".join((*parts, text[at:]))
