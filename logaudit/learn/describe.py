"""Describes a wording by the lines that match rows: what each of its slots tells, and the regular expression for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.trades import LedgerEntry
from logaudit.learn.fit import Fit, best_fit
from logaudit.learn.languages import SIDES
from logaudit.learn.pairs import VALUES, Line, Pair, RowIndex
from logaudit.learn.wording import (
    Token,
    TokenKind,
    head_of,
    is_market,
    joined,
    reason_key,
    regex_of,
    tail_of,
    wording_of,
)
from logaudit.ledger.number_style import Decimals, sign_shown
from logaudit.profiles.fragments import expand

#: Share of rows in which a slot must print a field.
ALWAYS: Final = 0.9
#: Values that only a close prints.
_CLOSING: Final = frozenset({FieldName.EXIT_PRICE, FieldName.NET_PNL, FieldName.GROSS_PNL, FieldName.PNL})


class Wording(Struct, frozen=True):
    """One wording that tells of closes.

    Attributes:
        text: the wording, for people.
        regex: as a profile writes it.
        fields: what is captured → in how many of the rows' lines it agrees.
        rows: indices of the rows it explains; lines: one for each of them.
        constants: values that hold for every line.
    """

    text: str
    regex: str
    fields: dict[FieldName, int]
    rows: tuple[int, ...]
    lines: tuple[Line, ...]
    constants: dict[FieldName, str]


def describe(
    index: RowIndex,
    fit: Fit,
    pairs: Mapping[tuple[str, ...], Sequence[Pair]],
    width: int,
    *,
    whole: bool = False,
) -> Wording | None:
    """A wording with its fields; None where it prints no symbol or nothing that only a close prints.

    Args:
        index: the rows; fit: their lines; pairs: those of all wordings; width: how far lags may differ.
        whole: whether what follows the last field, up to the last slot, is part of the wording.
    """
    slots = Counter(slot for p in fit.pairs for slot in set(p.slots))
    fields: dict[int, FieldName] = {}
    for (i, name), count in sorted(slots.items(), key=lambda s: (-s[1], VALUES.index(s[0][1]), s[0][0])):
        free = i not in fields and name not in fields.values()
        if count >= ALWAYS * len(fit.pairs) and free and not _is_doubtful(fit, i):
            fields[i] = name
    lines = [(p.line, index.rows[p.row]) for p in fit.pairs]
    if not prints_closing(fields.values()) and not _are_closing_orders(lines, fields.values()):
        return None
    fields |= _words(lines)
    constants: dict[FieldName, str] = {}
    if FieldName.SYMBOL not in fields.values():
        if len(index.symbols) > 1:
            return None
        constants[FieldName.SYMBOL] = index.rows[0].fields.symbol
    tokens = min((p.line.tokens for p in fit.pairs), key=_spells_markets)
    last = max(len(head_of(wording_of(tokens))) - 1, *fields) if whole else max(fields)
    every = _recounted(regex_of(tokens, fields, last), pairs, index, fit.shift, width)
    regex = regex_of(tokens, fields, last, (tail_of(p.line.tokens, last) for p in every.pairs))
    return Wording(
        text=joined(wording_of(tokens)[: last + 1]),
        regex=regex,
        fields={name: slots.get((i, name), len(fit.pairs)) for i, name in sorted(fields.items())},
        rows=tuple(p.row for p in every.pairs),
        lines=tuple(p.line for p in every.pairs),
        constants=constants,
    )


def _is_doubtful(fit: Fit, i: int) -> bool:
    """Whether a slot holds decimal commas, and numbers that may as well be thousands: these would be misread."""
    texts = [p.line.tokens[i].text for p in fit.pairs if i < len(p.line.tokens)]
    if not any(sign_shown(text) is Decimals.COMMA for text in texts):
        return False
    return any(sign_shown(text) is None and ({",", "."} & set(text)) for text in texts)


def prints_closing(values: Iterable[FieldName]) -> bool:
    """Whether there is a value among them that only a close prints."""
    return not _CLOSING.isdisjoint(values)


def _are_closing_orders(lines: Sequence[tuple[Line, LedgerEntry]], values: Collection[FieldName]) -> bool:
    """Whether lines that print nothing but the size name the side of the order that closes each row's position."""
    said = [(spelled_side(line.tokens), row.fields.side) for line, row in lines]
    return (
        FieldName.SIZE in values
        and FieldName.ENTRY_PRICE not in values
        and all(order is not None and side is not None and order is not side for order, side in said)
    )


def spelled_side(tokens: Sequence[Token]) -> PositionSide | None:
    """The side that a message names by a word that is no slot."""
    sides = (SIDES.get(t.text.lower()) for t in tokens if t.kind is TokenKind.WORD)
    return next(filter(None, sides), None)


def _spells_markets(tokens: Sequence[Token]) -> bool:
    return all(is_market(token.text) for token in tokens if token.kind is TokenKind.SYMBOL)


def _words(lines: Sequence[tuple[Line, LedgerEntry]]) -> dict[int, FieldName]:
    """The slots of the symbol and of the side, the latter where its words mean what the rows' do."""
    kinds = [token.kind for token in lines[0][0].tokens]
    found: dict[int, FieldName] = {}
    if TokenKind.SYMBOL in kinds:
        found[kinds.index(TokenKind.SYMBOL)] = FieldName.SYMBOL
    if TokenKind.SIDE in kinds:
        i = kinds.index(TokenKind.SIDE)
        agreeing = sum(SIDES[line.tokens[i].text.lower()] is row.fields.side for line, row in lines)
        if agreeing >= ALWAYS * len(lines):
            found[i] = FieldName.SIDE
    if TokenKind.REASON in kinds:
        i = kinds.index(TokenKind.REASON)
        agreeing = sum(line.tokens[i].text.lower() == reason_key(row.fields.reason) for line, row in lines)
        if agreeing >= ALWAYS * len(lines):
            found[i] = FieldName.REASON
    return found


def _recounted(
    regex: str, pairs: Mapping[tuple[str, ...], Sequence[Pair]], index: RowIndex, shift: int, width: int
) -> Fit:
    """The pairs of all wordings that a regular expression matches, at one shift."""
    search = re.compile(expand(regex, {})).search
    every = [
        p
        for w in sorted(pairs)
        for p in pairs[w]
        if search(p.line.message.text) and abs(p.line.message.us - index.times[p.row] - shift) <= width
    ]
    return best_fit(every, index.times.__getitem__, 2 * width) or Fit(shift, ())
