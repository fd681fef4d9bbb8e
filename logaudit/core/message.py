"""Messages: English sentences with named, typed parameters, said in the reader's language by a renderer.

The English sentence is the message id of GNU gettext and stands where it is made. Four constructors make every
message; Babel finds them by name, so their texts are literals:

    msg("The recorder failed at {at}.", at=Time(event.at))
    plural("{n} row repeats another.", "{n} rows repeat others.", count)
    label("column", "Close")                                  # words that need a context to be translated
    plural_in("of", "{n} close", "{n} closes", count)         # a count that needs one: "7 of 12 closes"

A sentence with several counts holds messages as parameters. Words between ``**`` are strong where the output
knows strong words. How translations are written and checked: docs/messages.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct

from logaudit.core.params import (
    Authored,
    Code,
    Duration,
    Leaf,
    Money,
    Number,
    Place,
    Probability,
    Share,
    Size,
    Text,
    Time,
    leaf_text,
    place,
)
from logaudit.locale import ENGLISH, Language

__all__ = [
    "Authored",
    "Code",
    "Duration",
    "Joiner",
    "Leaf",
    "Listed",
    "Message",
    "Money",
    "Number",
    "OpenField",
    "Param",
    "Place",
    "Probability",
    "Share",
    "Size",
    "Text",
    "Time",
    "codes",
    "label",
    "leaf_text",
    "msg",
    "pieces",
    "place",
    "plain_text",
    "plural",
    "plural_in",
    "sentences",
]


class Joiner(StrEnum):
    """What stands between the items of a list."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    AND = "and"
    OR = "or"
    SENTENCE = "sentence"


class Listed(Struct, frozen=True, array_like=True, tag="listed"):
    """Parameters in a row."""

    items: tuple[Param, ...]
    joiner: Joiner = Joiner.COMMA


class Message(Struct, frozen=True, array_like=True, tag="message"):
    """One message.

    Attributes:
        text: the English sentence, the singular one where there is a plural; fields in braces name parameters.
        params: parameters by name.
        plural: the English sentence for every count but 1; empty for a message without forms.
        count: chooses the form.
        context: sets equal English words apart (gettext's msgctxt); empty for none.
    """

    text: str
    params: tuple[tuple[str, Param], ...] = ()
    plural: str = ""
    count: int = 0
    context: str = ""

    def __str__(self) -> str:
        """The English sentence as plain text, times in ISO 8601: what machine formats and sort keys hold."""
        return plain_text(self)


Param: TypeAlias = (
    "int | Code | Text | Money | Number | Share | Probability | Time | Duration | Size | Place | Authored"
    " | Listed | Message"
)


def msg(text: str, /, **params: Param) -> Message:
    """A message without a plural form."""
    return Message(text, tuple(params.items()))


def plural(one: str, many: str, n: int, /, **params: Param) -> Message:
    """A message whose form depends on ``n``, which is also its parameter ``{n}``."""
    return Message(one, (("n", n), *params.items()), many, n)


def label(context: str, text: str, /, **params: Param) -> Message:
    """As `msg`, in a context: a column's title, the word for a state."""
    return Message(text, tuple(params.items()), context=context)


def plural_in(context: str, one: str, many: str, n: int, /, **params: Param) -> Message:
    """As `plural`, in a context: a count after "of" has other forms in some languages."""
    return Message(one, (("n", n), *params.items()), many, n, context)


def sentences(*parts: Message | None) -> Message:
    """Messages that follow one another in one paragraph; None is left out."""
    found = tuple(part for part in parts if part is not None)
    if len(found) == 1:
        return found[0]
    return Message("{parts}", (("parts", Listed(found, Joiner.SENTENCE)),))


def codes(names: tuple[str, ...] | list[str]) -> Listed:
    """Names as code, separated by commas."""
    return Listed(tuple(map(Code, names)))


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
    """Words and the name of the field that follows them; fields have no formats, and braces no other meaning."""
    first, *rest = text.split("{")
    found: list[tuple[str, str | None]] = []
    words = first
    for piece in rest:
        name, _, behind = piece.partition("}")
        found.append((words, name))
        words = behind
    return (*found, (words, None))
