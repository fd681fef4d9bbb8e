"""Events → runs and positions, and closes with the side of the position they end."""

from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions.announcements import Voice, filled, shared, voice_of
from logaudit.reconcile.positions.build import build_positions
from logaudit.reconcile.positions.position import Position
from logaudit.reconcile.positions.process_runs import (
    Run,
    build_runs,
    hides_opens,
    run_at,
    run_of,
    start_order,
)
from logaudit.reconcile.positions.telling import standing_for

__all__ = [
    "Position",
    "PositionStatus",
    "Run",
    "Voice",
    "build_positions",
    "build_runs",
    "filled",
    "hides_opens",
    "run_at",
    "run_of",
    "shared",
    "standing_for",
    "start_order",
    "voice_of",
]
