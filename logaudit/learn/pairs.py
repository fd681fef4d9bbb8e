"""Log messages that print the numbers of ledger rows."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from decimal import Decimal
from typing import Final, NamedTuple

from msgspec import Struct

from logaudit.core.fields import FieldName
from logaudit.core.money import agree, parse_decimal, trimmed
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.learn.messages import LogMessage
from logaudit.learn.wording import (
    Token,
    TokenKind,
    head_of,
    reason_key,
    tokens_of,
    with_sides_as_words,
    wording_of,
)

#: The values that lines are looked up by; the first that fits a slot names it.
VALUES: Final = (
    FieldName.EXIT_PRICE,
    FieldName.NET_PNL,
    FieldName.GROSS_PNL,
    FieldName.PNL,
    FieldName.ENTRY_PRICE,
    FieldName.SIZE,
    FieldName.CONTRACTS,
)
#: Significant digits of a number that few other numbers share, and of one that says something beside a symbol.
TELLING: Final = 3
_WEAK: Final = 2
#: Pairs that are kept; a log of prices holds more of no use.
MOST_PAIRS: Final = 500_000
#: Wordings whose messages are counted.
_MOST_WORDINGS: Final = 50_000


class Line(NamedTuple):
    """A message with its tokens."""

    message: LogMessage
    tokens: tuple[Token, ...]


class Pair(NamedTuple):
    """A line that prints numbers of a row.

    Attributes:
        row: index of the row.
        slots: position of a token and the field whose value it prints.
        telling: how many telling numbers are equal.
    """

    line: Line
    row: int
    slots: tuple[tuple[int, FieldName], ...]
    telling: int


class RowIndex:
    """The rows by the leading digits of their numbers."""

    def __init__(self, rows: Sequence[LedgerEntry]) -> None:
        self.rows = rows
        #: Naive µs at which each row says that it was closed.
        self.times: Sequence[int] = [row.at.us for row in rows]
        self.keys = tuple(symbol_key(row.fields.symbol) for row in rows)
        self.symbols = frozenset(self.keys)
        self.reasons = frozenset(key for row in rows if (key := reason_key(row.fields.reason)))
        self._found: dict[str, set[int]] = defaultdict(set)
        for i, row in enumerate(rows):
            for name in VALUES:
                value = value_of(row, name)
                if value:
                    self._found[_bucket(value)].add(i)

    def at_open(self) -> RowIndex | None:
        """The same rows by the time of their opens, in case the two times stand in each other's columns."""
        opened = [row.fields.opened for row in self.rows]
        if any(at is None for at in opened):
            return None
        other = copy(self)
        other.times = [at.us for at in opened if at is not None]
        return other

    def tokens(self, message: LogMessage) -> tuple[Token, ...]:
        """A message's tokens; symbols and reasons of the rows are known."""
        return tokens_of(message.text, self.symbols, self.reasons)

    def pairs(self, message: LogMessage, tokens: tuple[Token, ...]) -> list[Pair]:
        """The rows whose numbers a message prints."""
        numbers = [
            (i, n)
            for i, t in enumerate(tokens)
            if t.kind is TokenKind.NUMBER and (n := parse_decimal(t.text))
        ]
        rows = set[int]().union(*(self._found.get(_bucket(n), ()) for _, n in numbers))
        if not rows:
            return []
        line = Line(message, tokens)
        said = {symbol_key(t.text) for t in tokens if t.kind is TokenKind.SYMBOL}
        found = (self._pair(line, row, numbers, said) for row in sorted(rows))
        return [pair for pair in found if pair is not None]

    def _pair(
        self, line: Line, row: int, numbers: Sequence[tuple[int, Decimal]], said: set[str]
    ) -> Pair | None:
        if said and self.keys[row] not in said:
            return None
        slots, digits = list[tuple[int, FieldName]](), dict[FieldName, int]()
        for i, number in numbers:
            for name in VALUES:
                value = value_of(self.rows[row], name)
                if value is not None and same(name, number, value):
                    slots.append((i, name))
                    digits[name] = max(digits.get(name, 0), min(_digits(number), _digits(value)))
        telling = sum(count >= TELLING for count in digits.values())
        enough = telling >= 1 or any(count >= _WEAK for count in digits.values()) if said else telling > 1
        return Pair(line, row, tuple(slots), telling) if enough else None


class Pairs(Struct, frozen=True):
    """Every pair by the wording of its line, by that up to its last slot, and by that with its sides as words.

    A reason may follow the last slot, and a side may be all that tells closing orders from opening ones.

    Attributes:
        times: naive µs of all messages of a wording, whether a row matches them or not.
    """

    of: dict[tuple[str, ...], list[Pair]]
    times: dict[tuple[str, ...], array[int]]

    def said(self, wording: tuple[str, ...], start: int, end: int) -> int:
        """In how many seconds between two moments a wording was written: a record may be written twice."""
        return len({at // SECOND for at in self.times.get(wording, ()) if start <= at <= end})


def by_wording(index: RowIndex, messages: Iterable[LogMessage]) -> Pairs:
    """The pairs of all messages, `MOST_PAIRS` at most."""
    found: dict[tuple[str, ...], list[Pair]] = defaultdict(list)
    times: dict[tuple[str, ...], array[int]] = {}
    count = 0
    for message in messages:
        tokens = index.tokens(message)
        whole = wording_of(tokens)
        wordings = {whole, head_of(whole)}
        for wording in wordings | {wording_of(with_sides_as_words(tokens))}:
            if wording in times or len(times) < _MOST_WORDINGS:
                times.setdefault(wording, array("q")).append(message.us)
        pairs = index.pairs(message, tokens)
        for wording in wordings if pairs else ():
            found[wording] += pairs
        if pairs and (spelled := with_sides_as_words(tokens)) != tokens:
            found[wording_of(spelled)] += [p._replace(line=Line(message, spelled)) for p in pairs]
        count += len(pairs)
        if count > MOST_PAIRS:
            break
    return Pairs(found, times)


def value_of(row: LedgerEntry, name: FieldName) -> Decimal | None:
    """The number that a row shows for a field."""
    value = getattr(row.fields, name.value)
    return value if isinstance(value, Decimal) else None


def same(name: FieldName, printed: Decimal, value: Decimal) -> bool:
    """Whether a line's number is a row's within printed precision; the sign of a size says the side."""
    if name in (FieldName.SIZE, FieldName.CONTRACTS):
        return agree(printed.copy_abs(), value.copy_abs())
    return agree(printed, value)


def _digits(value: Decimal) -> int:
    return len(trimmed(value).as_tuple().digits)


def _bucket(value: Decimal) -> str:
    """The three leading digits: numbers that agree and are told apart only by rounding may miss each other."""
    return f"{abs(float(value)):.2e}"
