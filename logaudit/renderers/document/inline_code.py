"""Sets names of functions and variables apart as code in the words of a profile's author."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.renderers.document.document import CodeSpan, Inline, Span, TextSpan

_IDENTIFIERS: Final = lazy_pattern(r"[\w.]*\w\(\)|\b\w*_\w+\b")


def identifiers(sentence: str) -> Inline:
    """A profile's own words, with what looks like code set apart."""
    return tuple(_split(sentence))


def _split(sentence: str) -> Iterator[Span]:
    at = 0
    for match in _IDENTIFIERS.finditer(sentence):
        if match.start() > at:
            yield TextSpan(sentence[at : match.start()])
        yield CodeSpan(match[0])
        at = match.end()
    if at < len(sentence):
        yield TextSpan(sentence[at:])
