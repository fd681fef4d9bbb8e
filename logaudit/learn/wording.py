"""Splits a log message into words and slots, and writes a wording as a regular expression.

Punctuation, emojis and spacing are no part of a wording: bots vary them with the sign of a result.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from logaudit.core.fields import FieldName
from logaudit.core.trades import symbol_key
from logaudit.profiles.fragments import expand

#: Characters and tokens of a message that are looked at.
LOOKED_AT: Final = 1000
MOST_TOKENS: Final = 64

_QUOTE: Final = (
    "USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|TRY|BRL|CHF|AUD|CAD|NZD|RUB|KRW|INR|BTC|XBT|ETH|BNB"
)
#: Neither a letter nor a digit before, or after.
_START: Final = r"(?<![^\W_])"
_END: Final = r"(?![^\W_])"
_MARKET: Final = (
    rf"{_START}(?:[A-Z0-9]{{1,15}}[\-/_](?:{_QUOTE})|[A-Z0-9]{{2,15}}?(?:{_QUOTE}))"
    rf"(?:[.:\-_](?:P|PERP|SWAP|USDT|USDC|USD|BTC|ETH))*{_END}"
)
#: How a symbol is spelled that is no pair of currencies: US30, AAPL.
_NAME: Final = rf"{_START}[A-Za-z0-9]+{_END}"
_SIDE: Final = rf"{_START}(?i:long|short|buy|sell){_END}"
#: A number is followed by no letter, unless it is a currency's.
_NUMBER: Final = rf"{_START}(?<!\.)%{{MONEY}}(?:{_END}|(?=[A-Z]{{3,5}}{_END}))"
_PERCENT: Final = rf"{_NUMBER}(?=\s*%)"
_NO_PERCENT: Final = r"(?!\s*%)"
_TOKEN: Final = re.compile(
    expand(
        rf"(?P<symbol>{_MARKET})|(?P<side>{_SIDE})|(?P<percent>{_PERCENT})|(?P<number>{_NUMBER})|(?P<word>[^\W_]+)",
        {},
    )
)
_BETWEEN: Final = r"[\W_]*?"


class TokenKind(StrEnum):
    """``other`` is a word with digits in it, such as an id or a duration."""

    WORD = "word"
    NUMBER = "number"
    PERCENT = "percent"
    SYMBOL = "symbol"
    SIDE = "side"
    OTHER = "other"


class Token(NamedTuple):
    """One word or slot of a message, as written."""

    kind: TokenKind
    text: str


def tokens_of(message: str, symbols: Collection[str]) -> tuple[Token, ...]:
    """The tokens of a message; ``symbols`` are the keys of the ledger's symbols."""
    found: list[Token] = []
    for match in _TOKEN.finditer(message, 0, LOOKED_AT):
        kind, text = TokenKind(match.lastgroup or "word"), match[0]
        if kind is TokenKind.WORD and text.upper() == text and symbol_key(text) in symbols:
            kind = TokenKind.SYMBOL
        elif kind is TokenKind.WORD and any(c.isdigit() for c in text):
            kind = TokenKind.OTHER
        found.append(Token(kind, text))
        if len(found) == MOST_TOKENS:
            break
    return tuple(found)


def wording_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What two messages of one wording have in common: words as written, slots by kind."""
    return tuple(t.text if t.kind is TokenKind.WORD else f"<{t.kind}>" for t in tokens)


def shown(wording: Sequence[str]) -> str:
    """A wording for people."""
    return " ".join(wording)


def regex_of(tokens: Sequence[Token], fields: Mapping[int, FieldName]) -> str:
    """A regular expression for messages of a wording, up to its last field, as a profile writes it.

    Args:
        tokens: of one message.
        fields: position of a token → the field it is captured as.
    """
    parts = [_part(token, fields.get(i)) for i, token in enumerate(tokens[: max(fields) + 1])]
    return rf"^{_BETWEEN}" + _BETWEEN.join(parts)


def _part(token: Token, field: FieldName | None) -> str:
    if token.kind is TokenKind.WORD:
        return re.escape(token.text)
    if token.kind is TokenKind.OTHER:
        return r"[^\W_]+"
    if token.kind is TokenKind.SYMBOL:
        text = _MARKET if re.fullmatch(_MARKET, token.text) else _NAME
    elif token.kind is TokenKind.SIDE:
        text = _SIDE
    elif token.kind is TokenKind.NUMBER:
        text = _NUMBER + _NO_PERCENT
    else:
        text = _PERCENT
    return f"(?P<{field}>{text})" if field else text
