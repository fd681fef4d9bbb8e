"""The arithmetic of the tables: medians, ratios, growth."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing, in their unit."""

    median: float
    low: float
    high: float
    count: int


def spread(values: Sequence[float]) -> Spread | None:
    """The middle and the ends of measurements; nothing of none."""
    return Spread(statistics.median(values), min(values), max(values), len(values)) if values else None


def ratio(part: Spread | None, whole: Spread | None) -> float | None:
    """One median over another, where both are known."""
    return part.median / whole.median if part and whole and whole.median else None


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The ``k`` of ``y = c * x ** k`` that fits points best: least squares on the logarithms of both.

    Nothing for fewer than two sizes.
    """
    if len({x for x, _ in points}) < 2:
        return None
    logs = [(math.log(x), math.log(y)) for x, y in points]
    return statistics.linear_regression([x for x, _ in logs], [y for _, y in logs]).slope
