"""LA902 thin-coverage: the logs cover less than was asked for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from world import LOG, Deal, World, ordered

from logaudit.audit.policy import Policy, apply_policy, exit_code
from logaudit.config import resolve
from logaudit.core.finding import Severity


def judged(world: World, required: float):
    resolved = resolve({"require-coverage": required}, {}, Path.cwd(), discover=False)
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    return apply_policy(world.scan(), Policy.of(resolved, now, lambda _: UTC, "UTC"))


def thin(outcome):
    return [f for f in outcome.findings if f.rule == "LA902"]


def with_a_hole(root: Path) -> World:
    """Two hours of a line a second, half an hour of which is gone."""
    world = World(root, beat=1)
    world.kept(Deal("10:20:00"))
    world.write(LOG, [ln for ln in ordered(world.lines) if not "10:30:00" <= ln[11:19] < "11:00:00"])
    world.log = ""
    return world


def test_a_hole_of_a_quarter_makes_a_scan_inconclusive(tmp_path):
    outcome = judged(with_a_hole(tmp_path), 0.95)
    (found,) = thin(outcome)
    assert found.severity is Severity.WARNING
    assert 0.74 < float(found.data["covered"]) < 0.76
    assert exit_code(outcome, zero=False) == 3
    assert exit_code(outcome, zero=True) == 3


def test_a_hole_that_was_allowed_for_is_not_mentioned(tmp_path):
    outcome = judged(with_a_hole(tmp_path), 0.7)
    assert not thin(outcome)
    assert exit_code(outcome, zero=False) == 0


def test_whole_logs_are_not_mentioned(tmp_path):
    world = World(tmp_path, beat=1)
    world.kept(Deal("10:20:00"))
    assert not thin(judged(world, 1.0))


def test_what_was_found_comes_before_what_could_not_be(tmp_path):
    world = with_a_hole(tmp_path)
    world.rows.clear()
    outcome = judged(world, 0.95)
    assert thin(outcome)
    assert exit_code(outcome, zero=False) == 1


def test_rows_outside_the_logs_count_as_uncovered(tmp_path):
    world = World(tmp_path, beat=1)
    world.kept(Deal("10:20:00"))
    world.rows.append(world.row(Deal("15:00:00")))
    (found,) = thin(judged(world, 0.95))
    assert found.data["covered"] == "0.5000"
    assert "1 of 2 trades" in str(found.message)


@pytest.mark.parametrize("required", [0.01, 1.0])
def test_a_ledger_without_logs_is_not_covered(tmp_path, required):
    world = World(tmp_path, log="", boot=False)
    (found,) = thin(judged(world, required))
    assert found.data["covered"] == "0.0000"
