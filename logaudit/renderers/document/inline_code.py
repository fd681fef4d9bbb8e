"""Sets names, paths and quoted values apart as code in a sentence that was made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from logaudit.core.diagnosis import Condition
from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.text import printable, quote
from logaudit.renderers.document.document import CodeSpan, Inline, Span, TextSpan
from logaudit.renderers.phrases import condition

#: Plain words, figures and times stay words.
_PLAIN: Final = re.compile(r"[\d\s.,:+\-T/%–]*(?:e[+-]?\d+)?|[a-zа-яё]{1,12}|[A-Z][a-z]+", re.IGNORECASE)
_TELLING: Final = re.compile(r"[_./\\:!=(){}\[\]<>|`*#$&\"]|-")
_ISO: Final = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
#: Names of functions and variables in the words of a profile's author.
_IDENTIFIERS: Final = re.compile(r"[\w.]*\w\(\)|\b\w*_\w+\b")
#: As rules cut what they quote.
_QUOTED: Final = 200


def marked(sentence: str, values: Iterable[str], known: Iterable[str] = ()) -> Inline:
    """``sentence`` as words, with every value that looks like a name, and every known name, as code.

    ISO times lose their ``T``.
    """
    sentence = _ISO.sub(r"\1 \2", sentence)
    names = {form for value in values for form in _forms(value)} | {name for name in known if name}
    if not names:
        return (TextSpan(sentence),)
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    pattern = re.compile(rf"(?<![\w/])(?:{alternatives})(?![\w/])")
    return tuple(_split(sentence, pattern))


def conditioned(conditions: Sequence[Condition], lang: str) -> Inline:
    """``the code path is x and the reason is y``; the bare names where the catalogue lacks a word."""
    try:
        sentence = condition(conditions, lang)
    except KeyError:
        sentence = ", ".join(f"{one.attribute}: {one.value}" for one in conditions)
    return marked(sentence, [one.value for one in conditions])


def identifiers(sentence: str) -> Inline:
    """A profile's own words, with what looks like code set apart."""
    return tuple(_split(sentence, _IDENTIFIERS))


def names_in(sentence: str) -> list[str]:
    """What looks like code in a profile's own words."""
    return _IDENTIFIERS.findall(sentence)


def texts(data: Data) -> Iterator[str]:
    """Every text in a finding's or phrase's data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from texts(item)
    elif isinstance(data, dict):
        for item in data.values():
            yield from texts(item)


def names_of(places: Iterable[Location]) -> Iterator[str]:
    """How sentences may name a place."""
    for place in places:
        yield from (place.cite(), str(place.address), place.path, place.path.rpartition("/")[2])
        if place.member:
            yield from (place.member, place.member.rpartition("/")[2])


def _forms(value: str) -> Iterator[str]:
    if not value or _PLAIN.fullmatch(value) or not _TELLING.search(value):
        return
    yield from (value, printable(value), printable(quote(value, _QUOTED)))


def _split(sentence: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    for match in pattern.finditer(sentence):
        if match.start() > at:
            yield TextSpan(sentence[at : match.start()])
        yield CodeSpan(match[0])
        at = match.end()
    if at < len(sentence):
        yield TextSpan(sentence[at:])
