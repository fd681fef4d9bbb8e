"""What meets a value that it cannot judge costs its session: the others are judged, and the scan is no clean one."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from program import run
from world import Deal, World

from logaudit import diagnosis
from logaudit.audit import engine, session_task, sessions
from logaudit.audit.pipeline import ScanOptions, report_on
from logaudit.audit.session_task import SessionTask
from logaudit.core.finding import Severity
from logaudit.ingest.executor import Cause, Lost, WorkerPool, dispatcher, worker_pool
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.normalize import SessionEvidence


def two_bots(folder: Path, *, lossy: bool) -> None:
    for name, symbol in (("a", "BTC-USDT"), ("b", "ETH-USDT")):
        world = World(folder / "logs" / name, end="13:00:00")
        world.kept(Deal("11:00:00", symbol), Deal("11:20:00", symbol))
        if lossy:
            world.lost(Deal("12:00:00", symbol))
        world.save()


@pytest.mark.parametrize("what", ["build_session", "merge"])
@pytest.mark.parametrize("select", [(), ("--select", "LA101")])
def test_a_session_that_cannot_be_reconciled_costs_itself(tmp_path, monkeypatch, what, select):
    two_bots(tmp_path, lossy=False)
    words = ("scan", "logs", "-q", "--no-cache", "--output-format", "json", *select)
    assert run(tmp_path, *words).returncode == 0
    real = getattr(sessions, what)
    taken = []

    def once(first, *rest, **more):
        root = first.root if isinstance(first, SessionEvidence) else first
        if root.endswith("a") and not taken:
            taken.append(root)
            raise OverflowError("a value of the evidence")
        return real(first, *rest, **more)

    monkeypatch.setattr(sessions, what, once)
    done = run(tmp_path, *words)
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert {t["symbol"] for t in report["trades"]} == {"ETH-USDT"}
    assert report["verdict"] == "not-judged"
    if not select:
        (told,) = (f for f in report["findings"] if f["rule"] == "LA905")
        assert "reconciliation stopped at a value that it cannot judge (OverflowError in" in told["message"]
        assert told["data"]["stopped"] == "reconciliation"


def test_the_losses_of_other_sessions_are_still_found(tmp_path, monkeypatch):
    two_bots(tmp_path, lossy=True)
    real = sessions.build_session

    def fail(evidence, *rest):
        if evidence.root.endswith("a"):
            raise ValueError("a value of the evidence")
        return real(evidence, *rest)

    monkeypatch.setattr(sessions, "build_session", fail)
    done = run(tmp_path, "scan", "logs", "-q", "--no-cache", "--output-format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert [t["symbol"] for t in report["trades"] if t["missing"]] == ["ETH-USDT"]
    for form in ("text", "sarif", "html", "csv"):
        assert run(tmp_path, "scan", "logs", "-q", "--no-cache", "--output-format", form).returncode == 1


@pytest.mark.parametrize("what", ["headline", "shown_by_code", "failure_points"])
def test_a_diagnosis_that_fails_costs_the_diagnosis(tmp_path, monkeypatch, what):
    two_bots(tmp_path, lossy=True)

    def fail(*_, **__):
        raise ValueError("a value of the evidence")

    monkeypatch.setattr(diagnosis, what, fail)
    done = run(tmp_path, "scan", "logs", "-q", "--no-cache", "--output-format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert sum(t["missing"] for t in report["trades"]) == 2
    assert any(f["rule"] == "LA905" for f in report["findings"])


class Losing(WorkerPool[ReadContext]):
    """Loses the first of several sessions, as if it had killed its workers."""

    def __init__(self, cause, *rest):
        super().__init__(*rest)
        self.cause = cause

    def run(self, tasks, *rest, **more):
        found = super().run(tasks, *rest, **more)
        lost = [isinstance(task, SessionTask) and task.name.endswith("a") for task in tasks]
        return [Lost(self.cause) if dead else one for dead, one in zip(lost, found, strict=True)]


def judged(folder, *, jobs=1, executor=None):
    return report_on((folder,), ScanOptions(jobs=jobs), executor=executor)


def test_a_session_whose_process_dies_each_time_costs_itself(tmp_path, monkeypatch):
    two_bots(tmp_path, lossy=True)
    folder = str(tmp_path / "logs")
    whole = judged(folder, jobs=1)

    for cause, said in ((Cause.DIED, "ended with its process"), (Cause.MEMORY, "ran out of memory")):
        monkeypatch.setattr(engine, "WorkerPool", partial(Losing, cause))
        report = judged(folder, jobs=1)
        assert [t for t in report.trades if t.missing] == [
            t for t in whole.trades if t.missing and t.symbol == "ETH-USDT"
        ]
        (told,) = (f for f in report.findings if f.rule == "LA905")
        assert said in str(told.message)
        assert told.session.endswith("a")
        assert report.not_judged is not None or any(f.severity is Severity.ERROR for f in report.findings)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.skipif(
    sys.platform != "linux", reason="worker processes are forked on Linux only, and know the test then"
)
def test_workers_that_die_over_a_session_leave_the_others_theirs(tmp_path, monkeypatch):
    two_bots(tmp_path, lossy=True)
    folder, parent = str(tmp_path / "logs"), os.getpid()
    whole = judged(folder, jobs=1)
    judge = session_task.read_session

    def deadly(given, *rest):
        if given.root.endswith("a"):
            assert os.getpid() != parent
            os._exit(3)
        return judge(given, *rest)

    monkeypatch.setattr(session_task, "read_session", deadly)
    monkeypatch.setattr(worker_pool, "PARALLEL_FROM", 0)
    monkeypatch.setattr(dispatcher, "may_fork", lambda: True)
    report = judged(folder, jobs=2)
    assert list(report.trades) == [t for t in whole.trades if t.symbol == "ETH-USDT"]
    assert [f.rule for f in report.findings if f.session.endswith("a")] == ["LA905"]


def test_what_travels_with_a_session_is_its_own(tmp_path):
    two_bots(tmp_path, lossy=False)
    (tmp_path / "logs" / "a" / "broken.log.gz").write_bytes(b"\x1f\x8b\x08\0broken")
    seen = []

    class Watched(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):
            seen.extend(task for task in args[0] if isinstance(task, SessionTask))
            return super().submit(fn, *args, **kwargs)

    with Watched(1) as executor:
        report = judged(str(tmp_path / "logs"), executor=executor)
    assert report == judged(str(tmp_path / "logs"), jobs=1)
    one, other = sorted(seen, key=lambda task: task.name)
    assert [len(task.whole.problems) for task in (one, other)] == [1, 0]
    for task in (one, other):
        assert task.whole.homes == (task.name,)
        assert not task.whole.files
        assert all(path.startswith(f"{task.name}/") for path in task.sha256)
