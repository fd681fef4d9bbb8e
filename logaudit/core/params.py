"""What stands in the fields of a message, by type, and each as text in a language."""

from decimal import Decimal
from typing import TypeAlias, assert_never

from msgspec import Struct

from logaudit.core.location import Address, Location
from logaudit.core.money import format_decimal, format_signed
from logaudit.core.timestamp import Stamp
from logaudit.locale import Language


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


#: A parameter that a renderer formats; an ``int`` is a count, grouped as the language does.
Leaf: TypeAlias = (
    "int | Code | Text | Money | Number | Share | Probability | Time | Duration | Size | Place | Authored"
)


def place(at: Location) -> Place:
    """A cited line as a parameter."""
    return Place(at.address, at.line)


def leaf_text(leaf: Leaf, language: Language, *, spaced: bool = True) -> str:  # noqa: C901 - one arm a kind
    """A parameter as text in a language."""
    match leaf:
        case int():
            text = language.number(leaf)
        case Code(text) | Text(text):
            pass
        case Money(value):
            text = language.pgettext("amount", "unknown") if value is None else format_signed(value)
        case Number(value):
            text = format_decimal(value)
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
