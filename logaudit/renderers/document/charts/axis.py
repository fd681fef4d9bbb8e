"""Ticks that people read easily, for times and for amounts."""

from __future__ import annotations

import math
from typing import Final

from msgspec import Struct

from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND, iso

_STEPS: Final = tuple(
    [count * SECOND for count in (1, 2, 5, 10, 15, 30)]
    + [count * MINUTE for count in (1, 2, 5, 10, 15, 30)]
    + [count * HOUR for count in (1, 2, 3, 4, 6, 12)]
    + [count * DAY for count in (1, 2, 5, 10, 30, 90, 365)]
)


class Scale(Struct, frozen=True):
    """Maps values to pixels, the ends of its domain to the ends of its range."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1) * (self.end - self.start)


def time_ticks(low: int, high: int, about: int) -> list[tuple[int, str]]:
    """At most about so many round times between two, naive µs, each with its label."""
    longest = _STEPS[-1]
    # Over centuries, as times of a clock that was never set span, several of the longest steps are one.
    step = next(
        (s for s in _STEPS if (high - low) / s <= about), longest * -(-(high - low) // (longest * about))
    )
    first = -(-low // step) * step
    return [(at, _label(at, step)) for at in range(first, high + 1, step)]


def number_ticks(low: float, high: float, about: int) -> list[tuple[float, str]]:
    """At most about so many round amounts between two."""
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= about)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, f"{k * step:+,.{digits}f}" if k else "0") for k in range(first, last + 1)]


def _label(at: int, step: int) -> str:
    written = iso(at, SECOND)
    if step >= DAY or at % DAY == 0:
        return written[5:10] if step < DAY else written[:10]
    return written[11:19] if step < MINUTE else written[11:16]
