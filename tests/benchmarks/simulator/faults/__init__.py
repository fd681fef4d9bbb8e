"""Everything that can be amiss with a session, or merely unusual about it."""

from __future__ import annotations

from typing import Final

from simulator.faults import clocks, conventions, losses, repeats
from simulator.faults.fault import Fault

__all__ = ["FAULTS", "Fault"]

FAULTS: Final[tuple[Fault, ...]] = (*repeats.FAULTS, *conventions.FAULTS, *clocks.FAULTS, *losses.FAULTS)
