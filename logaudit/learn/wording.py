"""Splits a log message into words and slots, and writes a wording as a regular expression.

Punctuation, emojis and spacing are no part of a wording: bots vary them with the sign of a result.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice, takewhile
from typing import Final, NamedTuple

from logaudit.core.fields import FieldName
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.trades import symbol_key
from logaudit.learn.languages import SIDES, UNSPACED, tells_of_no_close
from logaudit.profiles.fragments import expand

#: Characters and tokens of a message that are looked at.
LOOKED_AT: Final = 1000
MOST_TOKENS: Final = 64

_QUOTE: Final = (
    "USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|TRY|BRL|CHF|AUD|CAD|NZD|RUB|KRW|INR|BTC|XBT|ETH|BNB"
)
#: Currencies that amounts are in: a result in another one is told in the same words.
_UNITS: Final = "USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|TRY|BRL|CHF|AUD|CAD|NZD|RUB|KRW|INR"
#: A letter or digit of a script with spaces between words.
_LETTER: Final = rf"[^\W_{UNSPACED}]"
#: None before, or after.
_START: Final = rf"(?<!{_LETTER})"
_END: Final = rf"(?!{_LETTER})"
_MARKET: Final = (
    rf"{_START}(?!\d+(?:{_QUOTE}))(?:[A-Z0-9]{{1,15}}[\-/_](?:{_QUOTE})|[A-Z0-9]{{1,15}}?(?:{_QUOTE}))"
    rf"(?:[.:\-_](?:P|PERP|SWAP|USDT|USDC|USD|BTC|ETH))*{_END}"
)
#: How a symbol is spelled that is no pair of currencies: US30, AAPL.
_NAME: Final = rf"{_START}[A-Za-z0-9]+{_END}"
#: One that is spelled in several parts: ES-2606, kx_rain_ny.
_LONG_NAME: Final = rf"{_START}[A-Za-z0-9]+(?:[\-_/.:][A-Za-z0-9]+)*{_END}"
_JOINTS: Final = frozenset("-_/.:")
#: Parts of such a name.
_MOST_PARTS: Final = 6
_SIDE: Final = rf"{_START}(?i:{'|'.join(SIDES)}){_END}"
_UNSPACED_SIDE: Final = "|".join(word for word in SIDES if re.fullmatch(f"[{UNSPACED}]+", word))
#: A number with a decimal comma: points group thousands before it, or what follows is no group of three digits.
_COMMA: Final = (
    r"(?<!\d,)[+\-\u2212]?\$?[+\-\u2212]?"
    r"(?>[1-9]\d{0,2}(?:\.\d{3})+,\d+|\d+,(?:\d{4,}|\d{1,2}))(?![\d.,]\d|\d)"
)
#: A number is followed by no letter, unless it is a currency's.
_NUMBER: Final = rf"{_START}(?<!\.)(?:{_COMMA}|%{{MONEY}})(?:{_END}|(?=[A-Z]{{3,5}}{_END}))"
_PERCENT: Final = rf"{_NUMBER}(?=\s*%)"
_NO_PERCENT: Final = r"(?!\s*%)"
_TOKEN: Final = lazy_pattern(
    expand(
        rf"(?P<symbol>{_MARKET})|(?P<side>{_SIDE})|(?P<percent>{_PERCENT})|(?P<number>{_NUMBER})|(?P<word>(?:(?!{_UNSPACED_SIDE})[{UNSPACED}])+|{_LETTER}+)",
        {},
    )
)
#: Words of a reason.
_LONGEST_REASON: Final = 3
_REASON: Final = rf"[^\W_]+(?:[ _\-][^\W_]+){{0,{_LONGEST_REASON - 1}}}?"
_BETWEEN: Final = r"[\W_]*?"
#: No word follows.
_NOTHING: Final = r"[\W_]*(?:$|(?=\d))"
#: Words after the last field that tell a wording from others.
_LONGEST_TAIL: Final = 3


class TokenKind(StrEnum):
    """``reason`` is what some row gives as its reason; ``other`` a word with digits in it: an id, a duration."""

    WORD = "word"
    NUMBER = "number"
    PERCENT = "percent"
    SYMBOL = "symbol"
    SIDE = "side"
    REASON = "reason"
    OTHER = "other"


class Token(NamedTuple):
    """One word or slot of a message, as written."""

    kind: TokenKind
    text: str


def tokens_of(message: str, symbols: Collection[str], reasons: Collection[str] = ()) -> tuple[Token, ...]:
    """The tokens of a message.

    Args:
        message: its first `LOOKED_AT` characters are read.
        symbols: keys of the ledger's symbols.
        reasons: the ledger's reasons, by `reason_key`.
    """
    found: list[Token] = []
    for match in _with_long_names(message, symbols):
        if isinstance(match, Token):
            found.append(match)
            continue
        kind, text = TokenKind(match.lastgroup or "word"), match[0]
        if kind is TokenKind.WORD and text.upper() == text and symbol_key(text) in symbols:
            kind = TokenKind.SYMBOL
        elif kind is TokenKind.WORD and any(c.isdigit() for c in text):
            kind = TokenKind.OTHER
        found.append(Token(kind, text))
        if len(found) == MOST_TOKENS:
            break
    return tuple(_with_reasons(found, reasons) if reasons else found)


def _with_long_names(message: str, symbols: Collection[str]) -> Iterator[re.Match[str] | Token]:
    """The words and slots of a message, and as one token what is spelled like a symbol of several parts."""
    left = [*islice(_TOKEN.finditer(message, 0, LOOKED_AT), 2 * MOST_TOKENS)]
    i = 0
    while i < len(left):
        end, longest = i, 0
        while end - i < _MOST_PARTS and end < len(left):
            joint = message[left[end - 1].end() : left[end].start()] if end > i else ""
            if end > i and (joint not in _JOINTS or not joint):
                break
            end += 1
            if end - i > 1 and symbol_key(message[left[i].start() : left[end - 1].end()]) in symbols:
                longest = end - i
        if longest:
            yield Token(TokenKind.SYMBOL, message[left[i].start() : left[i + longest - 1].end()])
            i += longest
        else:
            yield left[i]
            i += 1


def reason_key(text: str) -> str:
    """One key for the spellings of one reason: ``STOP_LOSS``, ``stop loss``."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _with_reasons(tokens: Sequence[Token], reasons: Collection[str]) -> Iterator[Token]:
    """The tokens, those that spell a reason as one."""
    glued = [reason for reason in reasons if re.fullmatch(f"[{UNSPACED}]+", reason)]
    if glued:
        tokens = [part for token in tokens for part in _parted(token, glued)]
    i = 0
    while i < len(tokens):
        for length in range(_LONGEST_REASON, 0, -1):
            some = tokens[i : i + length]
            if len(some) == length and all(t.kind is TokenKind.WORD for t in some):
                text = " ".join(t.text for t in some)
                if text.lower() in reasons:
                    yield Token(TokenKind.REASON, text)
                    i += length
                    break
        else:
            yield tokens[i]
            i += 1


def _parted(token: Token, reasons: Collection[str]) -> list[Token]:
    """A word of a script without spaces, parted where a reason stands in it."""
    if token.kind is not TokenKind.WORD:
        return [token]
    parts = re.split(f"({'|'.join(sorted(map(re.escape, reasons), key=len, reverse=True))})", token.text)
    return [Token(TokenKind.WORD, part) for part in parts if part]


def with_sides_as_words(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens, sides among them no slots."""
    return tuple(t._replace(kind=TokenKind.WORD) if t.kind is TokenKind.SIDE else t for t in tokens)


def wording_of(tokens: Sequence[Token]) -> tuple[str, ...]:
    """What two messages of one wording have in common: words as written, slots by kind."""
    return tuple(t.text if t.kind is TokenKind.WORD else f"<{t.kind}>" for t in tokens)


def joined(wording: Sequence[str]) -> str:
    """A wording for people."""
    return " ".join(wording)


def is_no_close(tokens: Sequence[Token], *, with_fee: bool = False) -> bool:
    """Whether a message tells of something other than a close that happened, as `tells_of_no_close`."""
    return tells_of_no_close(" ".join(token.text for token in tokens), with_fee=with_fee)


def market_pattern() -> str:
    """A regular expression for pairs of currencies in plain text."""
    pairs = rf"(?:[A-Z0-9]{{1,15}}[\-/_](?:{_QUOTE})|[A-Z0-9]{{1,15}}?(?:{_QUOTE}))"
    return rf"(?<![A-Za-z0-9])(?!\d+(?:{_QUOTE}))(?!(?:{_QUOTE})(?![A-Za-z0-9])){pairs}(?![A-Za-z0-9])"


def is_market(text: str) -> bool:
    """Whether a symbol is spelled as a pair of currencies."""
    return re.fullmatch(_MARKET, text) is not None


def head_of(wording: Sequence[str]) -> tuple[str, ...]:
    """A wording up to its last slot: what follows may be a reason."""
    slots = [i for i, part in enumerate(wording) if part.startswith("<")]
    return tuple(wording[: slots[-1] + 1]) if slots else tuple(wording)


def tail_of(tokens: Sequence[Token], last: int) -> tuple[Token, ...]:
    """The words that follow the token ``last``, up to the next slot."""
    rest = takewhile(lambda t: t.kind in (TokenKind.WORD, TokenKind.REASON), tokens[last + 1 :])
    return tuple(islice(rest, _LONGEST_TAIL))


def regex_of(
    tokens: Sequence[Token],
    fields: Mapping[int, FieldName],
    last: int,
    tails: Iterable[Sequence[Token]] = (),
) -> str:
    """A regular expression for messages of a wording, as a profile writes it.

    Args:
        tokens: of one message.
        fields: position of a token → the field it is captured as.
        last: position of the token that it ends with.
        tails: the words that may follow; any may where none is given.
    """
    parts = _parts(tokens[: last + 1], fields)
    ends = sorted(
        {_BETWEEN + _BETWEEN.join(_parts(tail, {}, tokens[last])) if tail else _NOTHING for tail in tails}
    )
    return rf"^{_BETWEEN}" + _BETWEEN.join(parts) + (f"(?:{'|'.join(ends)})" if ends else "")


def _parts(
    tokens: Sequence[Token], fields: Mapping[int, FieldName], before: Token | None = None
) -> list[str]:
    """Each token as a regular expression; the currency behind an amount may be another one."""
    found = []
    for i, token in enumerate(tokens):
        is_unit = token.kind is TokenKind.WORD and re.fullmatch(_UNITS, token.text) is not None
        counted = is_unit and before is not None and before.kind is TokenKind.NUMBER
        found.append(f"(?:{_UNITS}){_END}" if counted else _part(token, fields.get(i)))
        before = token
    return found


def _part(token: Token, field: FieldName | None) -> str:
    if token.kind is TokenKind.WORD:
        return re.escape(token.text)
    if token.kind is TokenKind.OTHER:
        return r"[^\W_]+"
    if token.kind is TokenKind.REASON:
        text = _REASON
    elif token.kind is TokenKind.SYMBOL:
        name = _NAME if token.text.isalnum() else _LONG_NAME
        text = _MARKET if is_market(token.text) else f"(?:{_MARKET}|{name})"
    elif token.kind is TokenKind.SIDE:
        text = _SIDE
    elif token.kind is TokenKind.NUMBER:
        text = _NUMBER + _NO_PERCENT
    else:
        text = _PERCENT
    return f"(?P<{field}>{text})" if field else text
