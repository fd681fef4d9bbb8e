"""LA904 unused-suppression: a suppression that covers nothing."""

from datetime import UTC, datetime
from pathlib import Path

from world import Deal, World

from logaudit.audit.policy import Policy, apply_policy
from logaudit.config import resolve
from logaudit.core.finding import Severity


def judged(root: Path, text: str):
    """A world that lost one trade, reviewed with settings."""
    world = World(root / "logs")
    world.lost(Deal("10:20:00"))
    (root / "logaudit.toml").write_text(text, encoding="utf-8")
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    return apply_policy(world.scan(), Policy.of(resolve({}, {}, root), now, lambda _: UTC, "UTC"))


def test_a_suppression_of_what_is_not_there_is_a_note(tmp_path):
    outcome = judged(tmp_path, '[[suppressions]]\npath = "nowhere/**"\nreason = "old host"\n')
    (found,) = [f for f in outcome.findings if f.rule == "LA904"]
    assert found.severity is Severity.NOTE
    assert str(found.message) == (
        "logaudit.toml: suppressions[0] (path nowhere/**) covers no finding of this scan. Its reason: old host"
    )
    assert outcome.summary.notes == sum(f.severity is Severity.NOTE for f in outcome.findings)


def test_one_that_covers_something_is_not_mentioned(tmp_path):
    outcome = judged(tmp_path, '[[suppressions]]\nrule = "LA101"\nreason = "by hand"\n')
    assert not [f for f in outcome.findings if f.rule == "LA904"]


def test_the_note_itself_can_be_left_out(tmp_path):
    text = 'ignore = ["LA904"]\n[[suppressions]]\nrule = "LA503"\nreason = "x"\n'
    assert not [f for f in judged(tmp_path, text).findings if f.rule == "LA904"]
