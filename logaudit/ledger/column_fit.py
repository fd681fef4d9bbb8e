"""How well the columns of a table fit the cells of rows of another width: by kind, size and variety of the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from math import log10
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.medians import median
from logaudit.core.money import parse_decimal
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import Header
from logaudit.ledger.convention import NUMBER_COLUMNS
from logaudit.ledger.stamps import date_numbers, parse_any_year

#: Rows that are looked at.
SAMPLE: Final = 60
#: What cells that are all alike lose as a column of numbers that vary.
_CONSTANT: Final = 2.0
#: Of so many rows that fit, no two with the same number show a column in which no number comes twice.
_MANY: Final = 5
#: By so many orders of magnitude a number may lie beyond those of its column.
_SLACK: Final = 0.3
#: A torn line is a short one too: so many rows that end alike are no accident.
ALIKE: Final = 3
_SYMBOL: Final = lazy_pattern(r"[A-Za-z0-9]{2,15}(?:[-_/:.][A-Za-z0-9]{1,10}){0,3}")
_SIDES: Final = frozenset({"long", "short", "buy", "sell", "b", "s", "bid", "ask"})
_FLAGS: Final = frozenset({"true", "false", "yes", "no"})


class ColumnFit(Struct, frozen=True):
    """How well each column fits each position.

    Attributes:
        scores: from -4 to 3, by all that cells show.
        kinds: the same without the size of numbers.
        within: whether the numbers there are as large as some that the column holds elsewhere.
    """

    scores: list[list[float]]
    kinds: list[list[float]]
    within: list[list[bool]]


def fit_of(header: Header, sample: Sequence[Sequence[str]], fitting: Sequence[Sequence[str]]) -> ColumnFit:
    """How well each column fits each position of the sample, as the rows that fit their header show it."""
    wanted = {c: _wanted(name) for name, c in header.columns.items()}
    wanted |= dict.fromkeys(header.dates.values(), "date")
    width = len(sample[0])
    found = [[_kinds(row[at]) for row in sample] for at in range(width)]
    orders = [_orders(row[at] for row in sample) for at in range(width)]
    equal = [len(sample) > 1 and len({row[at] for row in sample}) == 1 for at in range(width)]
    fit = ColumnFit([], [], [])
    for c in range(len(header.cells)):
        known = [row[c].strip() for row in islice(fitting, SAMPLE)]
        kind = wanted.get(c) or _usual(known)
        own = _orders(known) if kind == "number" else []
        loss = _CONSTANT if kind == "number" and _tells_constant(known, len(sample)) else 0.0
        fits = [_kind_score(kind, found[at]) for at in range(width)]
        sizes = [_size_score(own, orders[at]) if fits[at] >= 0 else 0.0 for at in range(width)]
        fit.kinds.append([fits[at] - (loss if equal[at] else 0.0) for at in range(width)])
        fit.scores.append([one + other for one, other in zip(fit.kinds[c], sizes, strict=True)])
        fit.within.append([_is_within(own, orders[at]) for at in range(width)])
    return fit


def _tells_constant(known: Sequence[str], count: int) -> bool:
    """Whether so many equal cells are hardly of a column: it varies, or no two rows of many are equal in it."""
    different = len(set(known))
    if count >= ALIKE:
        return different > 1
    return len(known) >= _MANY and different == len(known)


def _kind_score(kind: str, cells: Sequence[frozenset[str]]) -> float:
    if not kind:
        return 0.0
    return sum(2.0 if kind in kinds else 0.5 if "blank" in kinds else -4.0 for kinds in cells) / len(cells)


def _size_score(own: Sequence[float], other: Sequence[float]) -> float:
    if not own or not other:
        return 0.0
    away = abs(median(own) - median(other))
    return max(-1.0, 1.0 - away)


def _is_within(own: Sequence[float], other: Sequence[float]) -> bool:
    return not own or all(min(own) - _SLACK <= order <= max(own) + _SLACK for order in other)


def _wanted(canonical: str) -> str:
    if canonical in ("closed", "opened"):
        return "time"
    if canonical in NUMBER_COLUMNS:
        return "number"
    return canonical if canonical in ("symbol", "side") else "word"


def _kinds(cell: str) -> frozenset[str]:
    """All that a cell may be."""
    if is_blank(cell):
        return frozenset({"blank"})
    low = cell.lower()
    if parse_any_year(cell) is not None or date_numbers(cell) is not None:
        number = {"number"} if parse_decimal(cell) is not None else set[str]()
        return frozenset({"time", "date", *number})
    if parse_decimal(cell) is not None:
        return frozenset({"number", "flag"}) if low in ("0", "1") else frozenset({"number"})
    if low in _FLAGS:
        return frozenset({"flag"})
    if low in _SIDES:
        return frozenset({"side"})
    return frozenset({"symbol", "word"}) if _SYMBOL.fullmatch(cell) else frozenset({"word"})


def _usual(cells: Sequence[str]) -> str:
    """What a column without a known meaning holds in the rows that fit; empty where they do not tell."""
    counts = Counter(kind for cell in cells for kind in _kinds(cell) if kind != "blank")
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] * 4 >= len(cells) * 3 else ""


def _orders(cells: Iterable[str]) -> list[float]:
    """The orders of magnitude of the numbers of a column."""
    numbers = (n for cell in cells if (n := parse_decimal(cell)) is not None and n)
    return [log10(abs(float(n))) for n in numbers]
