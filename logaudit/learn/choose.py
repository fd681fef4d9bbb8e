"""Chooses the wordings that are the ledger's closes: most rows, one to one, at one constant shift, and no chance.

An open prints neither exit price nor result, and an acknowledgement tells of the recorder: neither is a close. Of
wordings that explain the same rows, one that prints the result is taken before one that prints a price, then the one
that prints more of their values, that is written at the most even distance from the rows' times, and that is earlier.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from logaudit.core.fields import FieldName
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.learn.describe import ALWAYS, Wording, describe, prints_closing, spelled_side
from logaudit.learn.fit import Fit, best_fit, by_chance, elsewhere
from logaudit.learn.languages import FIELDS
from logaudit.learn.messages import LogMessage
from logaudit.learn.pairs import VALUES, Pair, Pairs, RowIndex, by_wording
from logaudit.learn.wording import is_no_close, joined
from logaudit.profiles.fragments import expand

#: µs that the lags between lines and their rows may differ by, beside the precision of the rows' times.
_WIDTH: Final = 10 * SECOND
#: Share of the rows in the logs' time that must be explained.
_MOST: Final = 0.6
#: Chance must explain so many times fewer rows.
_BEYOND_CHANCE: Final = 3
_ROTATIONS: Final = 7
#: Messages of a wording, for each row that it explains, between its first and its last row.
MOST_SAID: Final = 2
_HARDLY_MORE: Final = 1.05
#: Share of the rows of the strongest wording below which wordings of the same slots come later, whatever they print.
_SMALL: Final = 0.5
#: Words in which a rare wording may differ from a chosen one, as a share of all.
_ALIKE: Final = 0.5
#: Numbers that link a line and a row whatever their times are.
_LINKING: Final = 3
#: Values that stand before the fee in a line that is about more than the fee.
_BEFORE_FEE: Final = 2
_RESULTS: Final = frozenset({FieldName.NET_PNL, FieldName.GROSS_PNL, FieldName.PNL})


class Way(Enum):
    """What tells a wording from others; the later are for bots that tell of opens in the words of closes.

    ``VALUES`` its words up to the last value of a row; ``WHOLE`` those up to the last number; ``SIDES`` the side of the
    closing order, too.
    """

    VALUES = auto()
    WHOLE = auto()
    SIDES = auto()


class Learned(Struct, frozen=True):
    """The wordings of a bot's closes, and the evidence for them.

    Attributes:
        shift: µs from a row's time to its line's.
        rows: how many rows are explained; of: how many lie in the logs' time.
        chance: the most rows that are explained with the rows' times exchanged or at another shift, whichever is fewer.
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

    @property
    def span(self) -> tuple[int, int]:
        """Naive µs of the first and the last line that has a row."""
        times = [line.message.us for wording in self.wordings for line in wording.lines]
        return min(times), max(times)


class _Candidate(Struct, frozen=True):
    """A wording with its lines at its best shift."""

    wording: tuple[str, ...]
    fit: Fit

    @property
    def values(self) -> frozenset[FieldName]:
        """The values that its lines print, each in nearly all of them."""
        counts = Counter(name for pair in self.fit.pairs for name in {name for _, name in pair.slots})
        return frozenset(name for name, count in counts.items() if count >= ALWAYS * len(self.fit.pairs))

    @property
    def most_said(self) -> float:
        """Its messages for each row: of lines that print no value of a close hardly any may have none."""
        return MOST_SAID if prints_closing(self.values) else _HARDLY_MORE


def learn(
    rows: Sequence[LedgerEntry],
    messages: Iterable[LogMessage],
    span: tuple[int, int],
    *,
    way: Way = Way.VALUES,
) -> Learned | None:
    """The wordings of the closes that rows record; None where chance may explain what matches.

    Args:
        rows: closed trades.
        messages: of the logs, what a pattern recognised left out.
        span: naive µs of the first and the last log record.
        way: what tells a wording from others.
    """
    index = RowIndex(rows)
    pairs = by_wording(index, messages)
    width = _WIDTH + min(MINUTE, max((row.at.precision for row in rows), default=0))
    learned = _learned(index, pairs, span, width, way=way)
    if learned is not None or (opened := index.at_open()) is None:
        return learned
    # The time by which such rows are linked to closes is that of their opens: their numbers must link them.
    learned = _learned(opened, pairs, span, width, way=way)
    told = [len(wording.fields.keys() & VALUES) for wording in learned.wordings] if learned else []
    return learned if told and min(told) >= _LINKING else None


def _learned(index: RowIndex, pairs: Pairs, span: tuple[int, int], width: int, *, way: Way) -> Learned | None:
    """What rows teach by one of their times."""
    times = index.times
    found = [
        _Candidate(w, fit)
        for w in sorted(pairs.of)
        if (fit := best_fit(pairs.of[w], times.__getitem__, width)) is not None
    ]
    wordings, first = _chosen(index, pairs, found, width, way=way)
    if first is None:
        return None
    explained = {row for wording in wordings for row in wording.rows}
    inside = sum(span[0] <= at + first.shift <= span[1] for at in times)
    taken = [p for some in pairs.of.values() if _is_of(some, wordings) for p in some]
    # Trades at even distances, or many at one moment, are explained with each other's times as well as with their
    # own: there it is the one shift that tells the lines of rows from others.
    rotated = max(by_chance(taken, times, width, turn) for turn in range(1, _ROTATIONS + 1))
    chance = min(rotated, elsewhere(taken, times, width, first.shift))
    if len(explained) < _MOST * inside or _BEYOND_CHANCE * chance > len(explained):
        return None
    others = sorted(
        (c for c in found if not _is_of(pairs.of[c.wording], wordings)),
        key=lambda c: (-len(c.fit.pairs), c.wording),
    )[:5]
    return Learned(
        wordings=wordings,
        shift=first.shift,
        rows=len(explained),
        of=inside,
        chance=chance,
        passed_over=tuple((joined(c.wording), len(c.fit.pairs)) for c in others),
        neighbours=tuple(c.fit.pairs[0].line.message.text for c in others),
    )


def _chosen(
    index: RowIndex, pairs: Pairs, found: Sequence[_Candidate], width: int, *, way: Way
) -> tuple[tuple[Wording, ...], Fit | None]:
    """The best wording, and others at its shift that tell of further rows and of hardly any that it tells of."""
    chosen: list[Wording] = []
    first: Fit | None = None
    explained: set[int] = set()
    for one in _in_order(found, pairs):
        if way is Way.SIDES and spelled_side(one.fit.pairs[0].line.tokens) is None:
            continue
        fit = one.fit
        if first is None:
            believed = fit.enough
        else:
            new = len(fit.rows & explained) <= (1 - ALWAYS) * len(fit.rows)
            alike = any(_is_like(one, c) for c in chosen)
            believed = new and (alike or (fit.enough and abs(fit.shift - first.shift) <= width))
        if not believed:
            continue
        wording = describe(index, fit, pairs.of, width, whole=way is Way.WHOLE)
        if wording is None or set(wording.rows) <= explained:
            continue
        chosen.append(wording)
        explained |= set(wording.rows)
        first = first or fit
    return tuple(chosen), first


def _in_order(found: Sequence[_Candidate], pairs: Pairs) -> list[_Candidate]:
    """The wordings that may be closes, the best first."""
    able = [
        c
        for c in found
        if not any(is_no_close(p.line.tokens, with_fee=_ends_with_fee(p)) for p in c.fit.pairs)
        and pairs.said(c.wording, *c.fit.span) <= c.most_said * len(c.fit.pairs) + 1
    ]
    most = max((len(c.fit.pairs) for c in able if c.fit.enough), default=0)
    # A word that changes, such as a reason, parts one wording into several.
    kin: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for one in able:
        kin[_slots(one.wording)] |= one.fit.rows

    def order(one: _Candidate) -> tuple[bool, bool, bool, bool, int, int, int, int, tuple[str, ...]]:
        fit, values = one.fit, one.values
        small = len(kin[_slots(one.wording)]) < _SMALL * most
        return (
            not fit.enough,
            small,
            spelled_side(fit.pairs[0].line.tokens) is not None,
            not values & _RESULTS,
            -len(values),
            fit.spread // SECOND,
            -len(fit.pairs),
            fit.shift,
            one.wording,
        )

    return sorted(able, key=order)


def _ends_with_fee(pair: Pair) -> bool:
    """Whether a line names a result, and no fee before two of its values: a fee after them is that of the close."""
    values = sorted({i for i, _ in pair.slots})[:_BEFORE_FEE]
    tokens = pair.line.tokens
    named = any(FIELDS.get(token.text.lower()) is FieldName.PNL for token in tokens)
    return named and len(values) == _BEFORE_FEE and not is_no_close(tokens[: values[-1] + 1])


def _is_like(one: _Candidate, chosen: Wording) -> bool:
    """Whether a wording differs from a chosen one in few words, and has the same slots in the same order.

    A chosen one ends with its last field; what follows there is no matter.
    """
    its = tuple(chosen.text.split(" "))
    places = [i for i, part in enumerate(one.wording) if part.startswith("<")]
    count = len(_slots(its))
    mine = one.wording[: places[count - 1] + 1] if 0 < count <= len(places) else one.wording
    if _slots(mine) != _slots(its):
        return False
    words = {part for part in mine if not part.startswith("<")}
    return not words or len(words & set(its)) >= _ALIKE * len(words)


def _slots(wording: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for part in wording if part.startswith("<"))


def _is_of(pairs: Sequence[Pair], chosen: Collection[Wording]) -> bool:
    """Whether the lines of some pairs begin like a chosen wording."""
    return any(re.search(expand(c.regex, {}), pairs[0].line.message.text) for c in chosen)
