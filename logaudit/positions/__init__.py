"""Events → runs and positions, and closes with the side of the position they end."""

from logaudit.positions.build import build_positions
from logaudit.positions.runs import Run, build_runs, run_at
from logaudit.positions.types import Position, PositionStatus

__all__ = [
    "Position",
    "PositionStatus",
    "Run",
    "build_positions",
    "build_runs",
    "run_at",
]
