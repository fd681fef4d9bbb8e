"""Fills messages: the one walk over a message's text and parameters, and plain text made of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from string import Formatter
from typing import Final, NamedTuple, assert_never

from logaudit.core.message import (
    Authored,
    Code,
    Duration,
    Joiner,
    Leaf,
    Listed,
    Message,
    Money,
    Number,
    Param,
    Place,
    Probability,
    Share,
    Size,
    Text,
    Time,
    label,
)
from logaudit.core.money import format_decimal as digits
from logaudit.core.money import format_signed
from logaudit.locale import ENGLISH, Language

_UNKNOWN: Final = label("amount", "unknown")
_JOINERS: Final = {
    Joiner.COMMA: Message(", "),
    Joiner.SEMICOLON: Message("; "),
    Joiner.AND: label("list", " and "),
    Joiner.OR: label("list", "; or "),
    Joiner.SENTENCE: Message(" "),
}


class OpenField(NamedTuple):
    """A field that a message leaves open, for what only a renderer can put there: a badge, a link."""

    name: str


def pieces(message: Message, language: Language = ENGLISH) -> Iterator[str | Leaf | OpenField]:
    """The words of a message in a language, and between them the parameters that a renderer formats."""
    given = dict(message.params)
    for words, name in _parsed(_text(message, language)):
        if words:
            yield words
        if name is None:
            continue
        if name in given:
            yield from _filled(given[name], language)
        else:
            yield OpenField(name)


def plain_text(message: Message, language: Language = ENGLISH, *, spaced: bool = False) -> str:
    """The message as plain text; ``spaced`` times have a blank for their ``T``.

    Parameters may hold text from logs: a renderer escapes the whole for its format.

    Raises:
        KeyError: the text names a parameter that the message does not have.
    """
    found: list[str] = []
    for piece in pieces(message, language):
        if isinstance(piece, OpenField):
            raise KeyError(piece.name)
        text = (
            piece.replace("**", "") if isinstance(piece, str) else leaf_text(piece, language, spaced=spaced)
        )
        found.append(text)
    return "".join(found)


def leaf_text(leaf: Leaf, language: Language, *, spaced: bool = True) -> str:  # noqa: C901 - one arm a kind
    """A parameter as text in a language."""
    match leaf:
        case int():
            text = language.number(leaf)
        case Code(text) | Text(text):
            pass
        case Money(value):
            text = plain_text(_UNKNOWN, language) if value is None else format_signed(value)
        case Number(value):
            text = digits(value)
        case Share(value):
            text = language.percent(value)
        case Probability(value):
            text = str(value)
        case Time(at):
            text = at.spaced() if spaced else at.iso()
        case Duration(us):
            text = language.duration(us)
        case Size(count):
            text = language.size(count)
        case Place(address, line):
            text = f"{address}:{line}" if line else str(address)
        case Authored(texts):
            known = dict(texts)
            text = known.get(language.code) or known.get("en") or next(iter(known.values()), "")
        case _:
            assert_never(leaf)
    return text


def _text(message: Message, language: Language) -> str:
    if message.plural:
        return language.form(message.text, message.plural, message.count, message.context)
    return language.text(message.text, message.context)


def _filled(param: Param, language: Language) -> Iterator[str | Leaf | OpenField]:
    if isinstance(param, Message):
        yield from pieces(param, language)
    elif isinstance(param, Listed):
        for number, item in enumerate(param.items):
            if number:
                yield from pieces(_JOINERS[param.joiner], language)
            yield from _filled(item, language)
    else:
        yield param


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[tuple[str, str | None], ...]:
    """Words and the name of the field that follows them."""
    return tuple((words, name) for words, name, _, _ in Formatter().parse(text))
