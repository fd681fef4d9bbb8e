"""Everything that can be amiss with a session, or merely unusual about it."""

from __future__ import annotations

from typing import Final

from simulator.faults import (
    clocks,
    conventions,
    damage,
    days,
    extras,
    files,
    losses,
    nothing,
    numbers,
    order,
    repeats,
    rows,
)
from simulator.faults.fault import Fault

__all__ = ["FAULTS", "Fault"]

_PARTS: Final = (
    repeats,
    conventions,
    clocks,
    damage,
    numbers,
    extras,
    nothing,
    files,
    rows,
    order,
    losses,
    days,
)
FAULTS: Final[tuple[Fault, ...]] = tuple(fault for part in _PARTS for fault in part.FAULTS)
