"""A scan of many sessions holds one at a time: of a session only its part of the report is left when the next comes."""

from __future__ import annotations

import gc
from pathlib import Path
from shutil import copytree
from typing import Any

from logaudit.audit import session_task
from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case, report_on
from logaudit.audit.sessions import ReconciledSession, SessionInput
from logaudit.core.gc_policy import disabled
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions.lots import Lot

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SESSIONS = ("two-causes", "random-losses", "ledger-not-rolled", "same-call-two-sinks")


def held() -> int:
    """How many sessions, and how many positions while they are put together, are in memory."""
    return sum(isinstance(thing, SessionEvidence | Lot) for thing in gc.get_objects())


def test_one_session_is_held_at_a_time_though_no_garbage_is_looked_for(tmp_path, monkeypatch):
    for name in SESSIONS:
        copytree(FIXTURES / name, tmp_path / name)
    read, counts = session_task.read_session, list[int]()

    def counted(given: SessionInput, *rest: Any) -> ReconciledSession:
        counts.append(held())
        return read(given, *rest)

    monkeypatch.setattr(session_task, "read_session", counted)
    gc.collect()
    with disabled():
        report_on((tmp_path,), ScanOptions(jobs=1))
    assert len(counts) == len(SESSIONS)
    assert max(counts) - counts[0] <= 1, counts


def test_the_report_is_that_of_all_sessions_together():
    whole = build_report(read_case((FIXTURES,), ScanOptions(jobs=1)))
    assert report_on((FIXTURES,), ScanOptions(jobs=1)) == whole
    assert len(whole.profiles) > len(SESSIONS)
