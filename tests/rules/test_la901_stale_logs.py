"""LA901 stale-logs: the newest log line is too old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from world import LOG, World

from logaudit.audit.policy import Policy, apply_policy, exit_code
from logaudit.config import resolve
from logaudit.core.finding import Severity


def judged(world: World, now: str, age: str = "26h", **flags: object):
    """The world's outcome as reviewed at a moment; its last line is of 2026-01-10 12:00:00 UTC."""
    resolved = resolve({"max-age": age, **flags}, {}, Path.cwd(), discover=False)
    moment = datetime.fromisoformat(now)
    return apply_policy(world.scan(), Policy.of(resolved, moment, lambda _: UTC, "UTC"))


def stale(outcome):
    return [f for f in outcome.findings if f.rule == "LA901"]


def test_logs_older_than_allowed_are_an_error_that_names_the_newest_line(tmp_path):
    outcome = judged(World(tmp_path), "2026-01-11T14:00:01+00:00")
    (found,) = stale(outcome)
    assert found.severity is Severity.ERROR
    assert found.locations[0].path == LOG
    assert "2026-01-10T12:00:00" in str(found.message)
    assert "UTC+00:00" in str(found.message)
    assert outcome.summary.errors == 1
    assert exit_code(outcome, zero=False) == 1


def test_logs_that_are_young_enough_are_not_mentioned(tmp_path):
    assert not stale(judged(World(tmp_path), "2026-01-11T14:00:00+00:00"))
    assert not stale(judged(World(tmp_path / "b"), "2026-01-10T12:30:00+00:00", "1h"))


def test_the_job_fails_even_where_no_finding_may_fail_it(tmp_path):
    outcome = judged(World(tmp_path), "2026-02-01T00:00:00+00:00", **{"fail-on": "never"})
    assert exit_code(outcome, zero=False) == 1
    assert exit_code(outcome, zero=True) == 0


def test_a_ledger_alone_is_no_young_log(tmp_path):
    world = World(tmp_path, log="", boot=False)
    (found,) = stale(judged(world, "2026-01-10T12:00:00+00:00"))
    assert "No log line has a time" in str(found.message)
    assert found.locations == ()


def test_the_fingerprint_is_the_same_every_night(tmp_path):
    (first,) = stale(judged(World(tmp_path / "a"), "2026-01-20T00:00:00+00:00"))
    (second,) = stale(judged(World(tmp_path / "b"), "2026-01-21T00:00:00+00:00", "1h"))
    assert first.fingerprint == second.fingerprint
    assert timedelta(hours=26).total_seconds() == first.data["limit_seconds"]


def test_a_log_of_the_future_does_not_prove_that_the_bot_runs(tmp_path):
    """Its last line is of 2026-01-10 12:00:00; a naive time may be a day ahead of the machine's clock, not more."""
    assert not stale(judged(World(tmp_path / "a"), "2026-01-09T11:00:00+00:00"))
    (found,) = stale(judged(World(tmp_path / "b"), "2026-01-09T09:00:00+00:00"))
    assert str(found.message).startswith("The newest log line lies in the future (2026-01-10T12:00:00")
    assert exit_code(judged(World(tmp_path / "c"), "2025-06-01T00:00:00+00:00"), zero=False) == 1


def test_where_the_zone_is_known_an_hour_ahead_is_the_future(tmp_path):
    """Else a record of tomorrow would keep the gate of a dead bot open for a day."""
    early, late = "2026-01-10T10:59:00+00:00", "2026-01-10T11:01:00+00:00"
    assert stale(judged(World(tmp_path / "a"), early, tz="UTC"))
    assert not stale(judged(World(tmp_path / "b"), late, tz="UTC"))
    assert not stale(judged(World(tmp_path / "c"), early))
