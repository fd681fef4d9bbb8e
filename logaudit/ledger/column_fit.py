"""How well the columns of a table fit the cells of rows of another width: by kind, size and variety of the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from math import log10
from typing import Final

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
#: A torn line is a short one too: so many rows that end alike are no accident.
ALIKE: Final = 3
_SYMBOL: Final = lazy_pattern(r"[A-Za-z0-9]{2,15}(?:[-_/:.][A-Za-z0-9]{1,10}){0,3}")
_SIDES: Final = frozenset({"long", "short", "buy", "sell", "b", "s", "bid", "ask"})
_FLAGS: Final = frozenset({"true", "false", "yes", "no"})


def fit_scores(
    header: Header, sample: Sequence[Sequence[str]], fitting: Sequence[Sequence[str]]
) -> list[list[float]]:
    """How well each column fits each position, from -4 to 3."""
    wanted = {c: _wanted(name) for name, c in header.columns.items()}
    wanted |= dict.fromkeys(header.dates.values(), "date")
    width = len(sample[0])
    found = [[_kinds(row[at]) for row in sample] for at in range(width)]
    sizes = [_size(row[at] for row in sample) for at in range(width)]
    constant = [len(sample) >= ALIKE and len({row[at] for row in sample}) == 1 for at in range(width)]
    table: list[list[float]] = []
    for c in range(len(header.cells)):
        known = [row[c].strip() for row in islice(fitting, SAMPLE)]
        kind = wanted.get(c) or _usual(known)
        size = _size(known) if kind == "number" else None
        varied = kind == "number" and len(set(known)) > 1
        table.append(
            [
                _score(kind, found[at], size, sizes[at]) - (_CONSTANT if varied and constant[at] else 0.0)
                for at in range(width)
            ]
        )
    return table


def _score(kind: str, cells: Sequence[frozenset[str]], size: float | None, other: float | None) -> float:
    if not kind:
        return 0.0
    fits = sum(2.0 if kind in kinds else 0.5 if "blank" in kinds else -4.0 for kinds in cells) / len(cells)
    if size is None or other is None or fits < 0:
        return fits
    away = abs(size - other)
    return fits + max(-1.0, 1.0 - away)


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


def _size(cells: Iterable[str]) -> float | None:
    """The order of magnitude of a column's numbers."""
    numbers = [n for cell in cells if (n := parse_decimal(cell)) is not None and n]
    return median(log10(abs(float(n))) for n in numbers) if numbers else None
