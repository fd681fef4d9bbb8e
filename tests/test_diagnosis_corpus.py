"""The real sessions: one code path loses everything, and the diagnosis says so; skipped where they are absent."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from diagnosed import states

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.diagnosis import Diagnosis, Likelihood
from logaudit.core.message import plain_text

CORPUS = os.environ.get("LOGAUDIT_CORPUS", "")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions"),
]
#: Session → closes, missing, from the corpus's own table; those with at least five closes.
LOSING = {
    "logs_2025-11-17_23-24-13": (54, 20),
    "logs_2025-11-23_12-54-01": (35, 12),
    "logs_2025-11-23_15-07-21": (6, 5),
    "logs_2025-11-23_18-26-46": (12, 7),
}
SINGLE = "logs_2025-11-26_20-32-01"


@cache
def whole() -> Diagnosis:
    """All sessions in one scan."""
    return build_report(read_case([CORPUS], ScanOptions())).diagnosis


@cache
def alone(name: str) -> Diagnosis:
    """One session by itself."""
    return build_report(read_case([Path(CORPUS) / name], ScanOptions())).diagnosis


@pytest.mark.parametrize("name", LOSING)
@pytest.mark.parametrize("together", [False, True])
def test_the_code_path_is_named_with_full_recall_and_precision(name, together):
    found = whole() if together else alone(name)
    (session,) = [b for b in found.blind_paths if b.session == (name if together else ".")]
    (path,) = session.paths
    (only,) = path.conditions
    closes, missing = LOSING[name]
    assert only.attribute == "path"
    assert only.value.endswith(":_close_position_by_reason")
    assert (path.missing, path.recorded, path.total_missing) == (missing, 0, missing)
    assert (path.recall, path.precision) == (1, 1)
    (impact,) = [i for i in found.impacts if i.session == session.session]
    assert (impact.closes, impact.missing) == (closes, missing)


@pytest.mark.parametrize("name", [*LOSING, SINGLE])
def test_the_failure_point_is_the_call(name):
    points = alone(name).failure_points
    assert {p.stage for p in points} == {"C"}
    assert all((states(p)["A"], states(p)["B"]) == ("observed", "observed") for p in points)


@pytest.mark.parametrize("name", LOSING)
def test_the_path_leads_and_not_initialised_is_refuted_by_its_line(name):
    causes = {h.id: h for h in alone(name).hypotheses}
    assert causes["path-never-calls-recorder"].rank == 1
    never = causes["recorder-never-initialised"]
    assert never.likelihood is Likelihood.REFUTED
    assert "initialized" in never.predictions[0].locations[0].text


def test_one_close_is_too_few_for_a_path():
    (session,) = alone(SINGLE).blind_paths
    assert session.paths == ()
    assert (
        plain_text(session.abstained, spaced=True)
        == "One trade is too few to name a code path; at least 5 are needed."
    )


def test_sessions_without_losses_get_no_diagnosis():
    assert {i.session for i in whole().impacts} == {*LOSING, SINGLE}
