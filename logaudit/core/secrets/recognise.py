"""Finds the credentials in a text, by name or by form, in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.forms import CHECKED, by_form
from logaudit.core.secrets.kinds import BEFORE, BEHIND, SUFFIX, SecretKind, SecretName
from logaudit.core.secrets.prefilter import may_hold_secret
from logaudit.core.secrets.tongues import ASCII_STEMS, BY_STEM
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
    spans = [*_by_name(view.text, lower), *by_form(view.text, lower)]
    if any(letters in lower for letters in CHECKED):
        from logaudit.core.secrets.checked_forms import by_checked_form  # noqa: PLC0415 - most scans find none

        spans += by_checked_form(view.text, lower)
    if spans:
        from logaudit.core.secrets.partners import keys_beside  # noqa: PLC0415 - as above

        spans = sorted([*spans, *keys_beside(view.text, spans)])
    return tuple(
        Secret(*view.original(start, end), kind, view.text[start:end])
        for start, end, kind in _apart(spans)
        if not _MARK.fullmatch(view.text, start, end)
    )


def _by_name(text: str, lower: str) -> Iterator[tuple[int, int, SecretKind]]:
    """Values behind names; a name within a value is part of it."""
    behind = looked = 0
    stems = ASCII_STEMS if text.isascii() else BY_STEM
    for place, stem in sorted((at, text) for text in stems if text in lower for at in _places(text, lower)):
        if place < behind:
            continue
        for name in BY_STEM[stem]:
            match = name.pattern.search(lower, max(place - BEFORE, behind), place + BEHIND)
            if match is None or not match.start() <= place < match.end():
                continue
            if not name.glued and not _stands_alone(text, match.start()):
                continue
            if name.upper and not text[match.start() : match.end()].isupper():
                continue
            value = _behind(text, match, name)
            further, reached = _further(text, match.end(), name, value, looked=looked)
            looked = max(looked, reached)
            yield from ((*span, name.kind) for span in further)
            if value is not None:
                yield *value, name.kind
                behind = max(value[1], *(end for _, end in further)) if further else value[1]
                break


def _places(text: str, lower: str) -> Iterator[int]:
    at = lower.find(text)
    while at >= 0:
        yield at
        at = lower.find(text, at + len(text))


def _further(
    text: str, at: int, name: SecretName, value: tuple[int, int] | None, *, looked: int
) -> tuple[list[tuple[int, int]], int]:
    """More values of a name that ends at ``at``, and how far was looked for them: lists that were not looked at yet."""
    from logaudit.core.secrets.held import following, held  # noqa: PLC0415 - most texts hold no name

    found, reached = held(text, at, name) if at >= looked else ([], at)
    if value is not None:
        found += following(text, value[1], name, plural=text[at : at + 1] in {"s", "S"})
    return found, reached


def _behind(text: str, match: re.Match[str], name: SecretName) -> tuple[int, int] | None:
    """The value behind a name."""
    from logaudit.core.secrets.values import value_behind  # noqa: PLC0415 - most texts hold none

    start, end = match.span()
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
