"""Medians; the standard library's module takes longer to load than a scan takes for all of its medians."""

from __future__ import annotations

from collections.abc import Iterable


def median(values: Iterable[float]) -> float:
    """The middle value, or the mean of the two middle ones; raises IndexError without any."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def median_low(values: Iterable[int]) -> int:
    """The middle value, or the lower of the two middle ones; raises IndexError without any."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]
