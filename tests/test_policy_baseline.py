"""Baselines: what is known, what is new, what is gone, and files that are no baselines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.audit.policy import create, load_baseline
from logaudit.audit.policy.baseline import split
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding, Severity
from logaudit.core.message import Message
from logaudit.core.policy_result import KnownFinding


def finding(print_: str, severity: Severity = Severity.ERROR, parts: tuple[str, ...] = ()) -> Finding:
    return Finding("LA101", "missing-row", severity, Message(f"about {print_}"), (), print_, parts=parts)


def after(known: list[Finding], now: list[Finding]) -> tuple[list[str], list[str], list[str]]:
    """Fingerprints that are new, known and vanished."""
    new, old, gone = split(now, [KnownFinding.of(f) for f in known])
    return [f.fingerprint for f in new], [f.fingerprint for f in old], [k.fingerprint for k in gone]


def test_known_findings_are_told_from_new_and_vanished_ones() -> None:
    assert after([finding("a"), finding("b")], [finding("b"), finding("c")]) == (["c"], ["b"], ["a"])


def test_of_equal_findings_as_many_are_known_as_the_baseline_holds() -> None:
    assert after([finding("a")] * 2, [finding("a")] * 3) == (["a"], ["a", "a"], [])
    assert after([finding("a")] * 3, [finding("a")]) == ([], ["a"], ["a", "a"])


def test_what_got_worse_is_new_and_what_got_milder_is_known() -> None:
    warning, error = finding("a", Severity.WARNING), finding("a", Severity.ERROR)
    assert after([warning], [error]) == (["a"], [], [])
    assert after([error], [warning]) == ([], ["a"], [])


def test_what_sums_others_up_is_known_while_a_part_of_it_is() -> None:
    """A run's start fell out of the logs at hand: its silence has another name, and is the same silence."""
    lost, more = finding("lost"), finding("more")
    before = [lost, finding("silence from 10:00", parts=("lost",))]
    now = [lost, more, finding("silence from ?", parts=("lost", "more"))]
    assert after(before, now) == (["more"], ["lost", "silence from ?"], [])
    other = finding("another silence", parts=("more",))
    assert after(before, [other]) == (["another silence"], [], ["lost", "silence from 10:00"])


prints = st.lists(st.sampled_from("abcde"), max_size=8)


@given(prints, prints)
def test_every_finding_is_new_or_known_and_every_entry_is_known_or_gone(
    known: list[str], now: list[str]
) -> None:
    new, old, gone = after([finding(p) for p in known], [finding(p) for p in now])
    assert sorted(new + old) == sorted(now)
    assert sorted(old + gone) == sorted(known)


@given(prints)
def test_a_baseline_of_a_scan_knows_all_of_it(now: list[str]) -> None:
    findings = [finding(p) for p in now]
    assert after(findings, findings)[0] == []


def test_a_written_baseline_is_read_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(create([finding("b", parts=("x",)), finding("a")], "1.2.3"), encoding="utf-8")
    loaded = load_baseline(path)
    assert (loaded.name, loaded.tool_version) == ("b.json", "1.2.3")
    assert loaded.findings == (KnownFinding.of(finding("a")), KnownFinding.of(finding("b", parts=("x",))))


def test_a_baseline_is_the_same_for_findings_in_any_order_and_knows_nothing_about_settings() -> None:
    stale = Finding("LA901", "stale-logs", Severity.ERROR, Message("old"), (), "s")
    assert create([finding("a"), finding("b"), stale], "1") == create([finding("b"), finding("a")], "1")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "is no baseline"),
        ("{}", "is no baseline"),
        ('{"schema_version": 1}', "is a scan, not a baseline"),
        ('{"logaudit_baseline": 2, "findings": []}', "is of version 2; this logaudit reads 1"),
        ('{"logaudit_baseline": 1, "findings": [{}]}', "missing required field"),
        ('{"logaudit_baseline": 1, "findings": 3}', "Expected `array`"),
    ],
)
def test_what_is_no_baseline_of_this_version_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=said) as caught:
        load_baseline(path)
    assert "b.json" in caught.value.problem
    assert "baseline create" in caught.value.remedy


def test_the_file_is_ascii_whatever_the_logs_say() -> None:
    text = create([finding("\ud800 позиция \x1b")], "1")
    assert text.isascii()
    assert json.loads(text)["findings"][0]["message"].endswith("позиция \x1b")
