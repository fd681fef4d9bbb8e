"""Lists the wordings of a log that may tell of closes, for a person to choose from where no rows match lines.

A candidate holds a symbol, and a closing word or a number with a sign. Nothing is claimed of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ingest.close_candidates import speaks_of_closing
from logaudit.learn.describe import Wording
from logaudit.learn.languages import FIELDS, UNSPACED
from logaudit.learn.messages import LogMessage
from logaudit.learn.pairs import Line
from logaudit.learn.wording import (
    Token,
    TokenKind,
    head_of,
    is_no_close,
    joined,
    regex_of,
    tail_of,
    tokens_of,
    wording_of,
)
from logaudit.learn.write import Lesson

#: Wordings that are listed, and that are counted; messages of each that are looked at.
MOST: Final = 20
_MOST_COUNTED: Final = 5_000
_EXAMPLES: Final = 20
#: Words before a number that may name it.
_NAMES: Final = 2
_SIGNS: Final = ("+", "-", "\u2212")
_RESULTS: Final = frozenset(word for word, name in FIELDS.items() if name is FieldName.PNL)
_UNSPACED_RESULTS: Final = tuple(word for word in _RESULTS if re.fullmatch(f"[{UNSPACED}]+", word))
#: The last price of a candle, which is no close of a position.
_CLOSING_PRICE: Final = lazy_pattern(
    r"\bclos(?:e|ing)\b(?:[ _]price\b|[\"']?\s?[=:]?\s?(?=\$?\d))", re.IGNORECASE
)


class Candidate(Struct, frozen=True):
    """One wording; ``fields`` are what its slots seem to tell, by position of the token."""

    text: str
    count: int
    lines: tuple[Line, ...]
    fields: dict[int, FieldName]

    @property
    def worded(self) -> bool:
        """Whether its messages hold a closing word."""
        return speaks_of_closing(self.lines[0].message.text)


def candidates(messages: Iterable[LogMessage], symbols: Collection[str] = ()) -> tuple[Candidate, ...]:
    """The wordings that may tell of closes, the likeliest first.

    Args:
        symbols: keys of symbols that are spelled unlike a pair of currencies.
    """
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    lines: dict[tuple[str, ...], list[Line]] = {}
    for message in messages:
        tokens = tokens_of(message.text, symbols)
        if not any(token.kind is TokenKind.SYMBOL for token in tokens) or is_no_close(tokens):
            continue
        wording = head_of(wording_of(tokens))
        if wording in lines or len(lines) < _MOST_COUNTED:
            counts[wording] += 1
            some = lines.setdefault(wording, [])
            if len(some) < _EXAMPLES:
                some.append(Line(message, tokens))
    found = [Candidate(joined(w), counts[w], tuple(some), _fields(some)) for w, some in lines.items()]
    likely = [c for c in found if c.worded or FieldName.PNL in c.fields.values()]
    return tuple(sorted(likely, key=_rank)[:MOST])


def market_of_close(message: str) -> str:
    """The market of a message that tells of a close in words of any bot; empty for one that does not.

    It holds a closing word, a market, and a result: a word for one, or an amount with a sign.
    """
    text = _CLOSING_PRICE.sub("", message)
    if not speaks_of_closing(text):
        return ""
    tokens = tokens_of(text, ())
    market = next((token.text for token in tokens if token.kind is TokenKind.SYMBOL), "")
    return market if market and any(map(_tells_result, tokens)) and not is_no_close(tokens) else ""


def _tells_result(token: Token) -> bool:
    if token.kind is TokenKind.NUMBER:
        return token.text.startswith(_SIGNS)
    word = token.text.lower()
    return token.kind is TokenKind.WORD and (word in _RESULTS or any(r in word for r in _UNSPACED_RESULTS))


def lesson_of_choice(chosen: Sequence[Candidate]) -> Lesson:
    """The profile that a person's choice makes."""
    wordings = tuple(
        Wording(
            text=one.text,
            regex=regex_of(
                one.lines[0].tokens,
                one.fields,
                max(one.fields),
                {tail_of(line.tokens, max(one.fields)) for line in one.lines},
            ),
            fields={name: len(one.lines) for _, name in sorted(one.fields.items())},
            rows=(),
            lines=one.lines,
            constants={},
        )
        for one in chosen
    )
    evidence = (
        "Chosen by a person from the wordings of the log. Check what each number is: no row told it.",
    )
    return Lesson(wordings, f"chosen from {len(wordings)} wordings of the log", evidence, name="chosen")


def _rank(one: Candidate) -> tuple[bool, bool, int, str]:
    return not one.worded, FieldName.PNL not in one.fields.values(), -one.count, one.text


def _fields(lines: Sequence[Line]) -> dict[int, FieldName]:
    """What the slots of a wording seem to tell: by the words before them, or as the only number with a sign."""
    tokens = lines[0].tokens
    found: dict[int, FieldName] = {}
    for i, token in enumerate(tokens):
        name = _named(lines, i) if token.kind is TokenKind.NUMBER else _KINDS.get(token.kind)
        if name is not None and name not in found.values():
            found[i] = name
    signed = [
        i for i, t in enumerate(tokens) if t.kind is TokenKind.NUMBER and i not in found and _signed(lines, i)
    ]
    if FieldName.PNL not in found.values() and len(signed) == 1:
        found[signed[0]] = FieldName.PNL
    return found


_KINDS: Final[Mapping[TokenKind, FieldName]] = {
    TokenKind.SYMBOL: FieldName.SYMBOL,
    TokenKind.SIDE: FieldName.SIDE,
}


def _named(lines: Sequence[Line], i: int) -> FieldName | None:
    """What the words straight before a number call it."""
    for token in reversed(lines[0].tokens[max(0, i - _NAMES) : i]):
        if token.kind is not TokenKind.WORD:
            return None
        if (name := FIELDS.get(token.text.lower())) is not None:
            return name
    return None


def _signed(lines: Sequence[Line], i: int) -> bool:
    return any(len(line.tokens) > i and line.tokens[i].text.startswith(_SIGNS) for line in lines)
