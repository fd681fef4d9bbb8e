"""Finds the credentials in a text, by name or by form, in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.forms import by_form
from logaudit.core.secrets.kinds import BEFORE, BEHIND, BY_STEM, SUFFIX, SecretKind, SecretName
from logaudit.core.secrets.prefilter import may_hold_secret
from logaudit.core.secrets.view import view_of

#: What stands in place of a credential that was found before.
_MARK: Final = lazy_pattern(r"«redacted:[a-z-]+(?:#\w+)?»[\W_]*")
#: A quote, and what may stand between it and a name: the rest of one word.
_QUOTED: Final = lazy_pattern(r"['\"][\w.-]*$")
#: Characters before a name in which the option that it ends begins.
_OPTION_FROM: Final = 70
#: The last so many texts with what looks like a credential, of so many characters at most, are remembered.
_REMEMBERED: Final = 4_096
_SHORT: Final = 1_024


class Secret(Struct, frozen=True, order=True):
    """A credential in a text.

    Attributes:
        start, end: where it stands, escapes and invisible characters included.
        value: what it is without those.
    """

    start: int
    end: int
    kind: SecretKind
    value: str


def find_secrets(text: str) -> list[Secret]:
    """The credentials of a text in their order; none overlaps another."""
    if not may_hold_secret(text):
        return []
    return list(_known(text) if len(text) <= _SHORT else _found(text))


@lru_cache(maxsize=_REMEMBERED)
def _known(text: str) -> tuple[Secret, ...]:
    """Remembered, as a line with a credential is quoted in many places."""
    return _found(text)


def _found(text: str) -> tuple[Secret, ...]:
    view = view_of(text)
    lower = _lower(view.text)
    spans = sorted([*_by_name(view.text, lower), *by_form(view.text, lower)])
    return tuple(
        Secret(*view.original(start, end), kind, view.text[start:end])
        for start, end, kind in _apart(spans)
        if not _MARK.fullmatch(view.text, start, end)
    )


def _by_name(text: str, lower: str) -> Iterator[tuple[int, int, SecretKind]]:
    """Values behind names; a name within a value is part of it."""
    behind = 0
    for place, stem in sorted((at, text) for text in BY_STEM if text in lower for at in _places(text, lower)):
        if place < behind:
            continue
        for name in BY_STEM[stem]:
            match = name.pattern.search(text, max(place - BEFORE, behind), place + BEHIND)
            if match is None or not match.start() <= place < match.end():
                continue
            if (value := _behind(text, match, name)) is not None:
                yield *value, name.kind
                behind = value[1]
                break


def _places(text: str, lower: str) -> Iterator[int]:
    at = lower.find(text)
    while at >= 0:
        yield at
        at = lower.find(text, at + len(text))


def _behind(text: str, match: re.Match[str], name: SecretName) -> tuple[int, int] | None:
    """The value behind a name."""
    from logaudit.core.secrets.values import value_behind  # noqa: PLC0415 - most texts hold none

    start, end = match.span()
    if not name.glued and not _stands_alone(text, start):
        return None
    option = _is_option(text, start)
    listed = _QUOTED.search(text, max(start - _OPTION_FROM, 0), start) is not None
    value = value_behind(text, end, name, option=option, listed=listed)
    suffix = None if name.stem == "cred" else SUFFIX.match(text, end)  # a credential (a key): where it stands
    if value is None and suffix is not None and suffix.end() > end:
        value = value_behind(text, suffix.end(), name, option=option, listed=listed)
    return value


def _lower(text: str) -> str:
    """The text in lower case, as many characters long."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)
    )


def _is_option(text: str, start: int) -> bool:
    """Whether a name is, or ends, that of a command's option: ``--okx-api-key``."""
    return (
        re.search(r"(?:^|\s)--?(?:\w{1,20}-){0,3}$", text[max(start - _OPTION_FROM, 0) : start]) is not None
    )


def _stands_alone(text: str, start: int) -> bool:
    """Whether a name begins a word: no letter stands before it, or the case changes there (``botToken``)."""
    if not start:
        return True
    before, first = text[start - 1], text[start]
    escaped = (
        before in "nrt" and text[start - 2 : start - 1] == "\\"
    )  # a line's end or a tab, as texts in quotes write it
    return escaped or not before.isalnum() or before.isdigit() or (before.islower() and first.isupper())


def _apart(spans: list[tuple[int, int, SecretKind]]) -> Iterator[tuple[int, int, SecretKind]]:
    """Spans in their order, overlapping ones as one; empty ones are left out."""
    last: tuple[int, int, SecretKind] | None = None
    for start, end, kind in spans:
        if start >= end:
            continue
        if last is not None and start < last[1]:
            last = (last[0], max(last[1], end), last[2])
            continue
        if last is not None:
            yield last
        last = (start, end, kind)
    if last is not None:
        yield last
