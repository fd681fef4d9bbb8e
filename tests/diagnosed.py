"""Diagnoses of fixtures, each scanned once, and ways to pick parts of a diagnosis."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.diagnosis import Diagnosis, FailurePoint, Hypothesis
from logaudit.core.report import Report

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


@cache
def fixture(name: str) -> Report:
    """The outcome of one fixture."""
    folder = FIXTURES / name
    own = folder / "profile.toml"
    options = ScanOptions(profile=str(own) if own.exists() else "", jobs=1)
    return build_report(read_case([folder / "logs"], options))


def expected(name: str) -> dict[str, Any]:
    """What really happened in it."""
    told: dict[str, Any] = json.loads((FIXTURES / name / "expected.json").read_text(encoding="utf-8"))
    return told


def cause(diagnosis: Diagnosis, name: str) -> Hypothesis:
    """A session's only hypothesis of this id."""
    (found,) = [h for h in diagnosis.hypotheses if h.id == name]
    return found


def states(point: FailurePoint) -> dict[str, str]:
    """Stage id → state."""
    return {stage.id: stage.state.value for stage in point.stages}


def run_point(diagnosis: Diagnosis) -> FailurePoint:
    """The only run's failure point."""
    (found,) = [p for p in diagnosis.failure_points if p.kind == "run"]
    return found
