"""The extracts of one session, joined: the only place where sources meet."""

from logaudit.reconcile.normalize.clock_turns import ClockTurn
from logaudit.reconcile.normalize.duplicate_files import at_home, is_set_aside
from logaudit.reconcile.normalize.merge import merge
from logaudit.reconcile.normalize.session_evidence import CoverageGap, SessionEvidence, Stream
from logaudit.reconcile.normalize.undated import place_undated

__all__ = [
    "ClockTurn",
    "CoverageGap",
    "SessionEvidence",
    "Stream",
    "at_home",
    "is_set_aside",
    "merge",
    "place_undated",
]
