"""What meets a value that it cannot judge costs its session: the others are judged, and the scan is no clean one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program import run
from world import Deal, World

from logaudit import diagnosis
from logaudit.audit import sessions
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
