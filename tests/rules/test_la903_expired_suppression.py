"""LA903 expired-suppression: a suppression whose last day has passed."""

from datetime import UTC, datetime
from pathlib import Path

from world import Deal, World

from logaudit.audit.policy import Policy, apply_policy
from logaudit.config import resolve
from logaudit.core.finding import Severity


def judged(root: Path, text: str, day: str):
    """A world that lost one trade, reviewed on a day with settings."""
    world = World(root / "logs")
    world.lost(Deal("10:20:00"))
    (root / "logaudit.toml").write_text(text, encoding="utf-8")
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(UTC)
    return apply_policy(world.scan(), Policy.of(resolve({}, {}, root), now, lambda _: UTC, "UTC"))


ENDS = '[[suppressions]]\nrule = "LA101"\nreason = "by hand"\nuntil = 2026-01-31\n'


def test_an_ended_suppression_is_a_note_and_its_finding_is_back(tmp_path):
    outcome = judged(tmp_path, ENDS, "2026-02-01")
    (found,) = [f for f in outcome.findings if f.rule == "LA903"]
    assert found.severity is Severity.NOTE
    assert str(found.message) == (
        "logaudit.toml: suppressions[0] (rule LA101) ended on 2026-01-31 and suppresses nothing. Its reason "
        "was: by hand"
    )
    assert [f.rule for f in outcome.findings].count("LA101") == 1
    assert outcome.review.suppressed == ()


def test_a_suppression_on_its_last_day_is_not_mentioned(tmp_path):
    outcome = judged(tmp_path, ENDS, "2026-01-31")
    assert not [f for f in outcome.findings if f.rule in {"LA903", "LA904", "LA101"}]
    (apart,) = outcome.review.suppressed
    assert (apart.finding.rule, apart.reason) == ("LA101", "by hand")
