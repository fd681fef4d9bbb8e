"""LA905: a rule or an explanation that fails costs itself alone, and the scan says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from everything import shown
from msgspec.structs import replace
from world import Deal, World

from logaudit import diagnosis, rules
from logaudit.audit.policy import Policy, apply_policy, create, exit_code
from logaudit.cli.report import write
from logaudit.config import resolve
from logaudit.core.finding import Finding, Severity
from logaudit.core.report import Report
from logaudit.diagnosis.hypotheses import CATALOGUE, SessionFacts
from logaudit.reconcile.reconciled import Case

LOST = Deal("10:20:00.250", held=60)


def reviewed(outcome: Report, **settings: object) -> Report:
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    resolved = resolve(settings, {}, Path.cwd(), discover=False)
    return apply_policy(outcome, Policy.of(resolved, now, lambda _: UTC, "UTC"))


def break_rule(monkeypatch: pytest.MonkeyPatch, code: str, *, after: bool = False) -> None:
    """Lets a rule's check end in an error, at once or after all that it finds."""
    (broken,) = [r for r in rules.REGISTRY if r.rule.code == code]

    def check(case: Case) -> Iterator[Finding]:
        if after:
            yield from broken.check(case)
        raise OverflowError("2026 \x1b[31m is too large")

    monkeypatch.setattr(
        rules,
        "REGISTRY",
        tuple(replace(r, check=check, check_diagnosed=None) if r is broken else r for r in rules.REGISTRY),
    )


def world(root: Path) -> World:
    made = World(root, end="11:00:00")
    made.kept(Deal("10:40:00.250"))
    made.lost(LOST)
    return made


def test_a_rule_that_fails_is_named_with_its_place_and_the_others_go_on(tmp_path, monkeypatch):
    whole = world(tmp_path / "whole").codes()
    break_rule(monkeypatch, "LA101")
    made = world(tmp_path / "broken")
    finding = made.one("LA905")
    assert made.codes() == whole - {"LA101"} | {"LA905"}
    assert finding.severity is Severity.WARNING
    assert finding.data["stopped"] == "LA101"
    assert finding.data["error"] == "OverflowError"
    assert str(finding.data["place"]).startswith("logaudit.rules:")
    assert str(finding.message).startswith(
        "LA101 stopped at a value that it cannot judge (OverflowError in logaudit.rules:"
    )
    assert "too large" not in str(finding.message)
    assert made.scan().summary.missing == 1


def test_what_a_rule_found_before_it_failed_is_kept(tmp_path, monkeypatch):
    break_rule(monkeypatch, "LA101", after=True)
    assert {"LA101", "LA905"} <= world(tmp_path).codes()


def test_a_scan_with_a_rule_that_failed_is_inconclusive(tmp_path, monkeypatch):
    break_rule(monkeypatch, "LA204")
    clean = World(tmp_path, end="11:00:00")
    clean.kept(Deal("10:40:00.250"))
    outcome = reviewed(clean.scan())
    assert outcome.review.inconclusive
    assert exit_code(outcome, zero=False) == 3
    assert all(shown(outcome).values())


def test_a_report_with_a_rule_that_failed_is_inconclusive_too(tmp_path, monkeypatch):
    clean = World(tmp_path, end="11:00:00")
    clean.kept(Deal("10:40:00.250"))
    clean.save()
    flags = {"paths": (str(tmp_path),), "profile": clean.profile, "no-cache": True, "jobs": 1, "quiet": True}
    assert write(flags, "", ("md", "en"), "")[1] == 0
    break_rule(monkeypatch, "LA204")
    page, code = write(flags, "", ("md", "en"), "")
    assert code == 3
    assert "LA905" in page


def test_findings_come_before_what_is_inconclusive(tmp_path, monkeypatch):
    break_rule(monkeypatch, "LA204")
    assert exit_code(reviewed(world(tmp_path).scan()), zero=False) == 1


def test_a_rule_that_is_not_chosen_may_fail(tmp_path, monkeypatch):
    break_rule(monkeypatch, "LA204")
    outcome = world(tmp_path).scan()
    assert {f.rule for f in reviewed(outcome, select=["LA101"]).findings} == {"LA101"}
    assert "LA905" in {f.rule for f in reviewed(outcome, select=["LA204"]).findings}


def test_no_baseline_knows_a_rule_that_failed(tmp_path, monkeypatch):
    break_rule(monkeypatch, "LA204")
    outcome = reviewed(world(tmp_path).scan())
    assert "LA905" in {f.rule for f in outcome.findings}
    assert "LA905" not in create(outcome.findings, "1")


def test_an_explanation_that_fails_is_left_out_and_the_others_are_tested(tmp_path, monkeypatch):
    whole = world(tmp_path / "whole").scan().diagnosis.hypotheses

    def judge(_facts: SessionFacts) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(CATALOGUE, "apparent-only", judge)
    made = world(tmp_path / "broken")
    finding = made.one("LA905")
    assert (finding.data["stopped"], finding.data["error"]) == ("apparent-only", "ZeroDivisionError")
    assert {h.id for h in made.scan().diagnosis.hypotheses} == {h.id for h in whole} - {"apparent-only"}
    assert all(shown(reviewed(made.scan())).values())


def test_a_diagnosis_that_fails_costs_the_diagnosis_alone(tmp_path, monkeypatch):
    def impact_of(_session: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(diagnosis, "impact_of", impact_of)
    made = world(tmp_path)
    assert made.one("LA905").data["stopped"] == "diagnosis"
    assert made.one("LA101")
    assert made.scan().diagnosis.hypotheses == ()
    assert all(shown(reviewed(made.scan())).values())


def test_a_scan_in_which_nothing_fails_is_silent(tmp_path):
    made = world(tmp_path)
    assert "LA905" not in made.codes()
    assert not reviewed(made.scan()).review.inconclusive
