"""Repeatable numbers for made-up data."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Dice:
    """Built on `random.Random.random` alone, whose stream of a seed is the same in every version."""

    def __init__(self, seed: str) -> None:
        self.roll = random.Random(seed).random  # noqa: S311 - repeatable, not secret

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.roll() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """A number from low to high."""
        return low + self.roll() * (high - low)

    def pick(self, options: Sequence[_T]) -> _T:
        """One of the options."""
        return options[int(self.roll() * len(options))]

    def chance(self, share: float) -> bool:
        """True in this share of all calls."""
        return self.roll() < share
