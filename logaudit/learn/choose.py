"""Chooses the wordings that are the ledger's closes: most rows, one to one, at one constant shift, and no chance.

An open prints neither exit price nor result, and an acknowledgement tells of the recorder: neither is a close. Of
wordings that explain the same rows, the one that prints more of their values is taken, then the earlier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from statistics import median_low
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.learn.messages import LogMessage
from logaudit.learn.pairs import VALUES, Line, Pair, RowIndex, by_wording
from logaudit.learn.wording import (
    Token,
    TokenKind,
    is_market,
    is_no_close,
    joined,
    reason_key,
    regex_of,
    tail_of,
    wording_of,
)
from logaudit.profiles.fragments import expand

#: µs that the lags between lines and their rows may differ by, beside the precision of the rows' times.
_WIDTH: Final = 10 * SECOND
#: Rows that a wording must explain, and how many where each has two telling numbers.
_ENOUGH: Final = 5
_FEW: Final = 3
#: Share of the rows in the logs' time that must be explained; of rows in which a slot must print a field.
_MOST: Final = 0.6
_ALWAYS: Final = 0.9
#: Chance must explain so many times fewer rows.
_BEYOND_CHANCE: Final = 3
_ROTATIONS: Final = 7
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


class Learned(Struct, frozen=True):
    """The wordings of a bot's closes, and the evidence for them.

    Attributes:
        shift: µs from a row's time to its line's.
        rows: how many rows are explained; of: how many lie in the logs' time.
        chance: the most rows that were explained with the rows' times exchanged.
        passed_over: other wordings that print values of rows, and of how many.
        neighbours: messages of such wordings.
    """

    wordings: tuple[Wording, ...]
    shift: int
    rows: int
    of: int
    chance: int
    passed_over: tuple[tuple[str, int], ...]
    neighbours: tuple[str, ...]


class _Fit(Struct, frozen=True):
    """Pairs of one wording at one shift, one to one."""

    shift: int
    pairs: tuple[Pair, ...]

    @property
    def rows(self) -> frozenset[int]:
        return frozenset(p.row for p in self.pairs)

    @property
    def enough(self) -> bool:
        telling = Counter(min(p.telling, 2) for p in self.pairs)
        return telling[2] >= _FEW or telling[1] + telling[2] >= _ENOUGH


def learn(
    rows: Sequence[LedgerEntry], messages: Iterable[LogMessage], span: tuple[int, int]
) -> Learned | None:
    """The wordings of the closes that rows record; None where chance may explain what matches.

    Args:
        rows: closed trades.
        messages: of the logs, what a pattern recognised left out.
        span: naive µs of the first and the last log record.
    """
    index = RowIndex(rows)
    pairs = by_wording(index, messages)
    width = _WIDTH + min(MINUTE, max((row.at.precision for row in rows), default=0))
    times = [row.at.us for row in rows]
    fits = {w: fit for w in sorted(pairs) if (fit := _fit(pairs[w], times.__getitem__, width)) is not None}
    wordings, first = _chosen(index, pairs, fits, width)
    if first is None:
        return None
    explained = {row for wording in wordings for row in wording.rows}
    inside = sum(span[0] <= at + first.shift <= span[1] for at in times)
    taken = [p for w in pairs if _is_of(pairs[w], wordings) for p in pairs[w]]
    chance = max(_by_chance(taken, times, width, turn) for turn in range(1, _ROTATIONS + 1))
    if len(explained) < _MOST * inside or _BEYOND_CHANCE * chance > len(explained):
        return None
    others = sorted(
        ((w, f) for w, f in fits.items() if not _is_of(pairs[w], wordings)),
        key=lambda o: (-len(o[1].pairs), o[0]),
    )[:5]
    return Learned(
        wordings=wordings,
        shift=first.shift,
        rows=len(explained),
        of=inside,
        chance=chance,
        passed_over=tuple((joined(w), len(f.pairs)) for w, f in others),
        neighbours=tuple(f.pairs[0].line.message.text for _, f in others),
    )


def _chosen(
    index: RowIndex,
    pairs: Mapping[tuple[str, ...], Sequence[Pair]],
    fits: Mapping[tuple[str, ...], _Fit],
    width: int,
) -> tuple[tuple[Wording, ...], _Fit | None]:
    """The best wording, and others at its shift that tell of further rows and of hardly any that it tells of."""
    found: list[Wording] = []
    first: _Fit | None = None
    explained: set[int] = set()
    for fit in _in_order(fits):
        if first is not None and (
            abs(fit.shift - first.shift) > width or len(fit.rows & explained) > (1 - _ALWAYS) * len(fit.rows)
        ):
            continue
        wording = _wording(index, fit, pairs, width)
        if wording is None or set(wording.rows) <= explained:
            continue
        found.append(wording)
        explained |= set(wording.rows)
        first = first or fit
    return tuple(found), first


def _in_order(fits: Mapping[tuple[str, ...], _Fit]) -> list[_Fit]:
    """The wordings that may be closes, the best first."""
    able = [
        (w, f) for w, f in fits.items() if f.enough and not any(is_no_close(p.line.tokens) for p in f.pairs)
    ]
    most = max((len(f.pairs) for _, f in able), default=0)

    def order(item: tuple[tuple[str, ...], _Fit]) -> tuple[bool, int, int, int, tuple[str, ...]]:
        wording, fit = item
        values = max(len({name for _, name in p.slots}) for p in fit.pairs)
        return len(fit.pairs) < _ALWAYS * most, -values, -len(fit.pairs), fit.shift, wording

    return [fit for _, fit in sorted(able, key=order)]


def _fit(pairs: Sequence[Pair], time: Callable[[int], int], width: int) -> _Fit | None:
    """The shift at which the most rows have a line of their own; ``time`` of a row by its index."""
    lags = sorted((p.line.message.us - time(p.row), i) for i, p in enumerate(pairs))
    best: tuple[int, int, int] | None = None
    low, held = 0, Counter[int]()
    for high, (lag, i) in enumerate(lags):
        held[pairs[i].row] += 1
        while lag - lags[low][0] > width:
            row = pairs[lags[low][1]].row
            held[row] -= 1
            if not held[row]:
                del held[row]
            low += 1
        if best is None or len(held) > best[0]:
            best = len(held), low, high
    if best is None:
        return None
    within = lags[best[1] : best[2] + 1]
    shift = median_low([lag for lag, _ in within])
    taken: dict[int, Pair] = {}
    used: set[object] = set()
    for _, i in sorted(within, key=lambda one: (-pairs[one[1]].telling, abs(one[0] - shift), one[1])):
        pair = pairs[i]
        if pair.row not in taken and pair.line.message.place not in used:
            taken[pair.row] = pair
            used.add(pair.line.message.place)
    return _Fit(shift, tuple(taken[row] for row in sorted(taken)))


def _wording(
    index: RowIndex, fit: _Fit, pairs: Mapping[tuple[str, ...], Sequence[Pair]], width: int
) -> Wording | None:
    """A wording with its fields; None where it prints no symbol or nothing that only a close prints."""
    slots = Counter(slot for p in fit.pairs for slot in set(p.slots))
    fields: dict[int, FieldName] = {}
    for (i, name), count in sorted(slots.items(), key=lambda s: (-s[1], VALUES.index(s[0][1]), s[0][0])):
        if count >= _ALWAYS * len(fit.pairs) and i not in fields and name not in fields.values():
            fields[i] = name
    if not _CLOSING & set(fields.values()):
        return None
    lines = [(p.line, index.rows[p.row]) for p in fit.pairs]
    fields |= _words(lines)
    constants: dict[FieldName, str] = {}
    if FieldName.SYMBOL not in fields.values():
        if len(index.symbols) > 1:
            return None
        constants[FieldName.SYMBOL] = index.rows[0].fields.symbol
    tokens = min((p.line.tokens for p in fit.pairs), key=_spells_markets)
    whole = _recounted(regex_of(tokens, fields), pairs, index, fit.shift, width)
    regex = regex_of(tokens, fields, (tail_of(p.line.tokens, max(fields)) for p in whole.pairs))
    return Wording(
        text=joined(wording_of(tokens)[: max(fields) + 1]),
        regex=regex,
        fields={name: slots.get((i, name), len(fit.pairs)) for i, name in sorted(fields.items())},
        rows=tuple(p.row for p in whole.pairs),
        lines=tuple(p.line for p in whole.pairs),
        constants=constants,
    )


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
        agreeing = sum(_side(line.tokens[i].text) is row.fields.side for line, row in lines)
        if agreeing >= _ALWAYS * len(lines):
            found[i] = FieldName.SIDE
    if TokenKind.REASON in kinds:
        i = kinds.index(TokenKind.REASON)
        agreeing = sum(line.tokens[i].text.lower() == reason_key(row.fields.reason) for line, row in lines)
        if agreeing >= _ALWAYS * len(lines):
            found[i] = FieldName.REASON
    return found


def _side(word: str) -> PositionSide:
    return PositionSide.LONG if word.lower() in ("long", "buy") else PositionSide.SHORT


def _recounted(
    regex: str, pairs: Mapping[tuple[str, ...], Sequence[Pair]], index: RowIndex, shift: int, width: int
) -> _Fit:
    """The pairs of all wordings that a regular expression matches, at one shift."""
    search = re.compile(expand(regex, {})).search
    every = [
        p
        for w in sorted(pairs)
        for p in pairs[w]
        if search(p.line.message.text) and abs(p.line.message.us - index.rows[p.row].at.us - shift) <= width
    ]
    return _fit(every, lambda row: index.rows[row].at.us, 2 * width) or _Fit(shift, ())


def _is_of(pairs: Sequence[Pair], chosen: Collection[Wording]) -> bool:
    """Whether the lines of some pairs begin like a chosen wording."""
    return any(re.search(expand(c.regex, {}), pairs[0].line.message.text) for c in chosen)


def _by_chance(pairs: Sequence[Pair], times: Sequence[int], width: int, turn: int) -> int:
    """How many rows the same lines explain when each row has the time of another."""
    order = sorted(range(len(times)), key=lambda i: (times[i], i))
    given = {row: times[order[(k + turn) % len(order)]] for k, row in enumerate(order)}
    fit = _fit(pairs, given.__getitem__, width)
    return 0 if fit is None or turn % len(order) == 0 else len(fit.pairs)
