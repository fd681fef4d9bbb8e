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

from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from logaudit.core.location import Address, Location
from logaudit.core.timestamp import Stamp


class Code(Struct, frozen=True, array_like=True, tag="code"):
    """Text from logs, a name, a path, a command: shown as it was written."""

    text: str


class Text(Struct, frozen=True, array_like=True, tag="text"):
    """What is neither code nor translated: figures in the form in which they were printed."""

    text: str


class Money(Struct, frozen=True, array_like=True, tag="money"):
    """An amount, signed, with its own digits; None where it is not known."""

    value: Decimal | None


class Number(Struct, frozen=True, array_like=True, tag="number"):
    """A number with its own digits, neither signed nor grouped."""

    value: Decimal


class Share(Struct, frozen=True, array_like=True, tag="share"):
    """A fraction, shown as percent; None where nothing can be divided."""

    value: Decimal | None


class Probability(Struct, frozen=True, array_like=True, tag="p"):
    """A probability, small ones in scientific notation."""

    value: Decimal


class Time(Struct, frozen=True, array_like=True, tag="time"):
    """A time as it was written, with the digits that were printed."""

    at: Stamp


class Duration(Struct, frozen=True, array_like=True, tag="duration"):
    """A length of time in microseconds, shown in its two largest units."""

    us: int


class Size(Struct, frozen=True, array_like=True, tag="size"):
    """A number of bytes."""

    bytes: int


class Place(Struct, frozen=True, array_like=True, tag="place"):
    """A place in the evidence; ``line`` is 0 where the whole source is meant."""

    address: Address
    line: int = 0


class Authored(Struct, frozen=True, array_like=True, tag="authored"):
    """Words that a profile's author wrote in one or more languages: (language code, text)."""

    texts: tuple[tuple[str, str], ...]


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
        from logaudit.core.sentence import plain_text  # noqa: PLC0415 - it is made of the types above

        return plain_text(self)


#: A parameter that a renderer formats; an ``int`` is a count, grouped as the language does.
Leaf: TypeAlias = (
    "int | Code | Text | Money | Number | Share | Probability | Time | Duration | Size | Place | Authored"
)
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


def place(at: Location) -> Place:
    """A cited line as a parameter."""
    return Place(at.address, at.line)
