"""Events → runs, closes, opens and positions."""

from logaudit.positions.build import build_positions
from logaudit.positions.closes import Open, close_of, open_of, side_of
from logaudit.positions.runs import Run, build_runs, run_at
from logaudit.positions.types import Position, PositionStatus

__all__ = [
    "Open",
    "Position",
    "PositionStatus",
    "Run",
    "build_positions",
    "build_runs",
    "close_of",
    "open_of",
    "run_at",
    "side_of",
]
