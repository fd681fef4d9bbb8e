"""Counts and their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Final

from msgspec import Struct

#: Of the normal distribution, for intervals that hold the truth in 95 of 100 samples.
_Z: Final = 1.959964


class Rate(Struct, frozen=True):
    """How many of how many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 1 where there was nothing to miss."""
        return self.hits / self.of if self.of else 1.0

    def interval(self) -> tuple[float, float]:
        """Wilson's score interval, 95 %."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.share
        middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def text(self) -> str:
        """``98.9 % (97.1 – 99.6), 178 of 180``."""
        if not self.of:
            return "–"
        low, high = self.interval()
        return f"{100 * self.share:.1f} % ({100 * low:.1f} – {100 * high:.1f}), {self.hits:,} of {self.of:,}"


def rate(found: Iterable[bool]) -> Rate:
    """The share of true ones."""
    values = list(found)
    return Rate(sum(values), len(values))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
