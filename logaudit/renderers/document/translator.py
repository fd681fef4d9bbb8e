"""Fills the report's texts in one language: plurals, grouped numbers, durations, code set apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Final, TypeAlias

from logaudit.core.message import Authored, Message, Place
from logaudit.core.message import Code as CodeParam
from logaudit.core.money import format_decimal, format_signed, rounded, significant
from logaudit.core.sentence import leaf_text, pieces
from logaudit.locale import language
from logaudit.renderers.document.document import (
    Badge,
    Cite,
    CodeSpan,
    Inline,
    InternalLink,
    LineBreak,
    Span,
    TextSpan,
)
from logaudit.renderers.document.inline_code import identifiers
from logaudit.renderers.document.texts import TEXTS

#: What a template's field may hold.
FieldValue: TypeAlias = "str | int | Span | Inline"

_MONEY_PLACES: Final = 4


class Translator:
    """One language.

    Templates hold named fields: ``{name}``; ``{name!c}`` for code; ``{n:close|closes}`` for a count with its
    noun in the language's plural forms, ``{n!n:was|were}`` for the noun alone; ``**`` turns strong words on
    and off.
    """

    def __init__(self, lang: str) -> None:
        self.language = language(lang)
        self.lang = self.language.code
        self._texts = TEXTS[self.lang]

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts

    def translate(self, key: str, **values: FieldValue) -> Inline:
        """The text of ``key`` with its fields filled.

        Raises:
            KeyError: there is no such text, or a field has no value.
        """
        return self.fill(self._texts[key], **values)

    def spans(self, message: Message) -> Inline:
        """A message in the language: code and places set apart, words between ``**`` strong."""
        return tuple(_joined(self._spans(message)))

    def _spans(self, message: Message) -> Iterator[Span]:
        strong = False
        for piece in pieces(message, self.language):
            match piece:
                case str():
                    for number, words in enumerate(piece.split("**")):
                        strong ^= bool(number)
                        if words:
                            yield TextSpan(words, strong)
                case CodeParam() | Place():
                    yield CodeSpan(leaf_text(piece, self.language))
                case Authored():
                    yield from identifiers(leaf_text(piece, self.language))
                case _:
                    yield TextSpan(leaf_text(piece, self.language), strong)

    def text(self, key: str, **values: FieldValue) -> str:
        """As `say`, as one plain string: for titles and captions."""
        return flat(self.translate(key, **values))

    def word(self, key: str, fallback: str) -> str:
        """A word of the catalogue, or ``fallback`` for one that it does not know."""
        return self._texts.get(key, fallback)

    def fill(self, template: str, **values: FieldValue) -> Inline:
        """A template that is no text of the catalogue."""
        return tuple(_joined(self._pieces(template, values)))

    def _pieces(self, template: str, values: dict[str, FieldValue]) -> Iterator[Span]:
        strong = False
        for literal, name, spec, conversion in _parsed(template):
            for number, piece in enumerate(literal.split("**")):
                strong ^= bool(number)
                if piece:
                    yield TextSpan(piece, strong)
            if name is not None:
                yield from self._field(values[name], spec or "", conversion, strong=strong)

    def _field(self, value: FieldValue, spec: str, conversion: str | None, *, strong: bool) -> Iterator[Span]:
        if isinstance(value, tuple):
            yield from value
        elif isinstance(value, TextSpan | CodeSpan | Cite | Badge | InternalLink | LineBreak):
            yield value
        elif conversion == "c":
            yield CodeSpan(str(value))
        elif isinstance(value, int):
            noun = spec.split("|")[self.form(value)] if spec else ""
            shown = noun if conversion == "n" else f"{self.number(value)} {noun}".rstrip()
            yield TextSpan(shown, strong)
        elif value:
            yield TextSpan(value, strong)

    def form(self, count: int) -> int:
        """Which plural form goes with a count: 0 or 1 in English, 0, 1 or 2 in Russian."""
        count = abs(count)
        if self.lang != "ru":
            return 0 if count == 1 else 1
        tens, ones = count % 100, count % 10
        if 11 <= tens <= 14 or ones == 0 or ones >= 5:  # noqa: PLR2004 - the grammar's own numbers
            return 2
        return 0 if ones == 1 else 1

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


@lru_cache(maxsize=1024)
def _parsed(template: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    return tuple(Formatter().parse(template))
