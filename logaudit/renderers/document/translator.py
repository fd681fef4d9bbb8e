"""Puts messages into spans of one language: grouped numbers, durations, code set apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from logaudit.core.message import (
    Authored,
    Message,
    OpenField,
    Place,
    leaf_text,
    pieces,
)
from logaudit.core.message import Code as CodeParam
from logaudit.core.money import format_decimal, format_signed, rounded, significant
from logaudit.locale import language
from logaudit.renderers.document.document import (
    Cite,
    CodeSpan,
    Inline,
    LineBreak,
    Span,
    TextSpan,
)
from logaudit.renderers.document.inline_code import identifiers

#: What may stand in a field that a message leaves open.
FieldValue: TypeAlias = "str | int | Span | Inline | Message"

_MONEY_PLACES: Final = 4


class Translator:
    """One language: messages as spans, numbers and lengths of time as its readers write them."""

    def __init__(self, lang: str) -> None:
        self.language = language(lang)
        self.lang = self.language.code

    def spans(self, message: Message, values: Mapping[str, FieldValue] | None = None) -> Inline:
        """A message in the language: code and places set apart, words between ``**`` strong.

        Args:
            values: what stands in the fields that the message leaves open.

        Raises:
            KeyError: a field that is left open has no value.
        """
        return tuple(_joined(self._spans(message, values or {})))

    def _spans(self, message: Message, values: Mapping[str, FieldValue]) -> Iterator[Span]:
        strong = False
        for piece in pieces(message, self.language):
            match piece:
                case str():
                    for number, words in enumerate(piece.split("**")):
                        strong ^= bool(number)
                        if words:
                            yield TextSpan(words, strong)
                case OpenField(name):
                    yield from self._value(values[name], strong=strong)
                case CodeParam() | Place():
                    yield CodeSpan(leaf_text(piece, self.language))
                case Authored():
                    yield from identifiers(leaf_text(piece, self.language))
                case _:
                    yield TextSpan(leaf_text(piece, self.language), strong)

    def _value(self, value: FieldValue, *, strong: bool) -> Iterator[Span]:
        match value:
            case Message():
                yield from self._spans(value, {})
            case tuple():
                yield from value
            case int():
                yield TextSpan(self.number(value), strong)
            case str():
                if value:
                    yield TextSpan(value, strong)
            case _:
                yield value

    def number(self, value: int) -> str:
        """Grouped by thousands as the language does."""
        return self.language.number(value)

    def percent(self, share: Decimal | None) -> str:
        """A fraction as percent with one decimal; a dash for none."""
        return self.language.percent(share)

    def duration(self, us: int) -> str:
        """A span of time in its two largest units."""
        return self.language.duration(us)

    def size(self, count: int) -> str:
        """Bytes, in words for people."""
        return self.language.size(count)


def money(value: Decimal | None) -> str:
    """An amount with its sign and its own digits; quotients are cut to four places."""
    if value is None:
        return "–"
    exponent = value.as_tuple().exponent
    long = isinstance(exponent, int) and exponent < -12  # noqa: PLR2004 - no bot prints so many digits
    return format_signed(rounded(value, _MONEY_PLACES) if long else value)


def probability(value: Decimal) -> str:
    """Two significant digits, so that one in a million is not shown as zero."""
    return format_decimal(value) if value >= 1 else str(significant(value, 2)).lower()


def flat(inline: Inline) -> str:
    """The words alone."""
    return "".join(
        " " if isinstance(span, LineBreak) else span.text for span in inline if not isinstance(span, Cite)
    )


def join(parts: list[Inline], separator: str) -> Inline:
    """Inlines with words between them."""
    joined: list[Span] = []
    for number, part in enumerate(parts):
        if number:
            joined.append(TextSpan(separator))
        joined += part
    return tuple(joined)


def lines(*parts: Inline) -> Inline:
    """Inlines that stand below each other in a table cell; empty ones are left out."""
    found: list[Span] = []
    for part in parts:
        if part:
            found += [LineBreak(), *part] if found else part
    return tuple(found)


def words(text: str, *, strong: bool = False) -> Inline:
    """Plain words as an inline; nothing for an empty text."""
    return (TextSpan(text, strong),) if text else ()


def code(text: str) -> Inline:
    """Code as an inline; nothing for an empty text."""
    return (CodeSpan(text),) if text else ()


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbouring words of one weight as one span."""
    held: TextSpan | None = None
    for span in spans:
        if isinstance(span, TextSpan) and held is not None and held.strong == span.strong:
            held = TextSpan(held.text + span.text, held.strong)
            continue
        if held is not None:
            yield held
        held = span if isinstance(span, TextSpan) else None
        if held is None:
            yield span
    if held is not None:
        yield held
